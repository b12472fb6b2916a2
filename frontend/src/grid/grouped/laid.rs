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
    len: usize,
}

impl Laid {
    /// Groups of so many rows each; none of those that are closed.
    pub fn new(rows: impl IntoIterator<Item = usize>) -> Laid {
        let mut laid = Laid::default();
        for rows in rows {
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
    fn a_million_rows_are_no_harder_than_ten() {
        let laid = Laid::new((0..1_000).map(|_| 1_000));
        assert_eq!(laid.len(), 1_001_000);
        assert_eq!(laid.at(1_000_999), Some(Item::Row { group: 999, place: 999 }));
    }
}
