//! Where groups and their rows lie in one long list.

/// What lies at a place of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The head of a group.
    Head(usize),
    /// A row of a group, counted in it.
    Row { group: usize, place: usize },
}

/// The list: a head for each group, and below it the rows of those that are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// Where the heads lie.
    heads: Vec<usize>,
    /// How many rows stand above each head.
    above: Vec<usize>,
    len: usize,
}

impl Laid {
    /// Groups of so many rows each; none of those that are closed.
    pub fn new(rows: impl IntoIterator<Item = usize>) -> Laid {
        let mut laid = Laid::default();
        for rows in rows {
            let above = laid.rows_len();
            laid.above.push(above);
            laid.heads.push(laid.len);
            laid.len += 1 + rows;
        }
        laid
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn at(&self, place: usize) -> Option<Item> {
        if place >= self.len {
            return None;
        }
        let group = self.heads.partition_point(|head| *head <= place).checked_sub(1)?;
        let inside = place - self.heads.get(group)?;
        Some(match inside.checked_sub(1) {
            None => Item::Head(group),
            Some(place) => Item::Row { group, place },
        })
    }

    /// How many rows there are, without the heads.
    pub fn rows_len(&self) -> usize {
        self.len - self.heads.len()
    }

    /// The group that a row belongs to, and its place in it.
    pub fn row(&self, row: usize) -> Option<(usize, usize)> {
        if row >= self.rows_len() {
            return None;
        }
        let group = self.above.partition_point(|above| *above <= row).checked_sub(1)?;
        Some((group, row - self.above.get(group)?))
    }

    /// The row at a place in a group; nothing where the group is closed or has no such place.
    pub fn row_of(&self, group: usize, inside: usize) -> Option<usize> {
        let row = self.above.get(group)? + inside;
        let end = self.above.get(group + 1).copied().unwrap_or_else(|| self.rows_len());
        (row < end).then_some(row)
    }

    /// Where a row lies among the heads.
    pub fn place_of(&self, row: usize) -> Option<usize> {
        let (group, inside) = self.row(row)?;
        Some(self.heads.get(group)? + 1 + inside)
    }

    /// How many rows lie above a place.
    pub fn rows_above(&self, place: usize) -> usize {
        place - self.heads.partition_point(|head| *head < place)
    }

    /// The rows `from..to`: of each group from, and up to but without.
    pub fn spans(&self, from: usize, to: usize) -> Vec<(usize, usize, usize)> {
        match (self.place_of(from), to.checked_sub(1).and_then(|last| self.place_of(last))) {
            (Some(first), Some(last)) => self.rows(first, last + 1),
            _ => Vec::new(),
        }
    }

    /// The rows that lie between two places: of each group from, and up to but without.
    pub fn rows(&self, from: usize, to: usize) -> Vec<(usize, usize, usize)> {
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for place in from..to {
            let Some(Item::Row { group, place }) = self.at(place) else { continue };
            match found.last_mut().filter(|(last, ..)| *last == group) {
                Some((_, _, end)) => *end = place + 1,
                None => found.push((group, place, place + 1)),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_lies_below_the_head_of_its_group() {
        // The second is closed, the third is empty.
        let laid = Laid::new([2, 0, 0, 3]);
        let row = |group, place| Some(Item::Row { group, place });
        let wanted = [
            Some(Item::Head(0)),
            row(0, 0),
            row(0, 1),
            Some(Item::Head(1)),
            Some(Item::Head(2)),
            Some(Item::Head(3)),
            row(3, 0),
            row(3, 1),
            row(3, 2),
            None,
        ];
        assert_eq!(laid.len(), 9);
        assert_eq!((0..10).map(|place| laid.at(place)).collect::<Vec<_>>(), wanted);
        assert_eq!(laid.rows(2, 8), [(0, 1, 2), (3, 0, 2)]);
        assert_eq!(Laid::new([]).at(0), None);
    }

    #[test]
    fn rows_are_counted_without_the_heads() {
        let laid = Laid::new([2, 0, 0, 3]);
        assert_eq!(laid.rows_len(), 5);
        let found: Vec<_> = (0..6).map(|row| laid.row(row)).collect();
        assert_eq!(found, [Some((0, 0)), Some((0, 1)), Some((3, 0)), Some((3, 1)), Some((3, 2)), None]);
        let places: Vec<_> = (0..6).map(|row| laid.place_of(row)).collect();
        assert_eq!(places, [Some(1), Some(2), Some(6), Some(7), Some(8), None]);
        assert_eq!((laid.row_of(3, 1), laid.row_of(1, 0), laid.row_of(0, 2)), (Some(3), None, None));
        let above: Vec<_> = (0..=9).map(|place| laid.rows_above(place)).collect();
        assert_eq!(above, [0, 0, 1, 2, 2, 2, 2, 3, 4, 5]);
        assert_eq!(laid.spans(1, 4), [(0, 1, 2), (3, 0, 2)]);
        assert_eq!(laid.spans(2, 2), []);
    }

    #[test]
    fn a_million_rows_are_no_harder_than_ten() {
        let laid = Laid::new((0..1_000).map(|_| 1_000));
        assert_eq!(laid.len(), 1_001_000);
        assert_eq!(laid.at(1_000_999), Some(Item::Row { group: 999, place: 999 }));
    }
}
