//! Which cells of a table are selected: one that the keys act on, and a block of cells from it to another.

use std::ops::Range;

/// A cell by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub row: usize,
    pub column: usize,
}

/// How large the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub rows: usize,
    pub columns: usize,
}

impl Spot {
    pub fn new(row: usize, column: usize) -> Spot {
        Spot { row, column }
    }

    /// So many cells further down and to the right, at the table's edge at most.
    pub fn stepped(self, down: isize, right: isize, size: Size) -> Spot {
        let within = |at: usize, step: isize, count: usize| {
            at.saturating_add_signed(step).min(count.saturating_sub(1))
        };
        Spot::new(within(self.row, down, size.rows), within(self.column, right, size.columns))
    }

    /// The next cell as one reads, or the one before; nothing behind the last and before the first.
    pub fn beside(self, back: bool, size: Size) -> Option<Spot> {
        let last = size.columns.checked_sub(1)?;
        match back {
            false if self.column < last => Some(Spot::new(self.row, self.column + 1)),
            false => (self.row + 1 < size.rows).then(|| Spot::new(self.row + 1, 0)),
            true if self.column > 0 => Some(Spot::new(self.row, self.column - 1)),
            true => Some(Spot::new(self.row.checked_sub(1)?, last)),
        }
    }
}

/// A block of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The cell that is typed into, a corner of the block.
    pub active: Spot,
    /// The corner over against it.
    pub end: Spot,
}

impl Selection {
    pub fn at(spot: Spot) -> Selection {
        Selection { active: spot, end: spot }
    }

    /// From the same cell to another.
    pub fn to(self, end: Spot) -> Selection {
        Selection { end, ..self }
    }

    pub fn rows(self) -> Range<usize> {
        self.active.row.min(self.end.row)..self.active.row.max(self.end.row) + 1
    }

    pub fn columns(self) -> Range<usize> {
        self.active.column.min(self.end.column)..self.active.column.max(self.end.column) + 1
    }

    pub fn has(self, spot: Spot) -> bool {
        self.rows().contains(&spot.row) && self.columns().contains(&spot.column)
    }

    pub fn is_single(self) -> bool {
        self.active == self.end
    }

    /// How many cells these are.
    pub fn count(self) -> usize {
        self.rows().len().saturating_mul(self.columns().len())
    }

    /// The cell at the lower right, from which one fills down.
    pub fn corner(self) -> Spot {
        Spot::new(self.rows().end.saturating_sub(1), self.columns().end.saturating_sub(1))
    }

    /// The same cells after rows came or went above them.
    pub fn shifted(self, rows: isize) -> Selection {
        let shift = |spot: Spot| Spot::new(spot.row.saturating_add_signed(rows), spot.column);
        Selection { active: shift(self.active), end: shift(self.end) }
    }

    /// The same block in a table that has become smaller.
    pub fn within(self, size: Size) -> Selection {
        Selection { active: self.active.stepped(0, 0, size), end: self.end.stepped(0, 0, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { rows: 10, columns: 3 };

    #[test]
    fn steps_end_at_the_edges() {
        let at = Spot::new(4, 1);
        assert_eq!(at.stepped(1, 0, SIZE), Spot::new(5, 1));
        assert_eq!(at.stepped(-9, -9, SIZE), Spot::new(0, 0));
        assert_eq!(at.stepped(isize::MAX, isize::MAX, SIZE), Spot::new(9, 2));
        assert_eq!(at.stepped(1, 1, Size { rows: 0, columns: 0 }), Spot::default());
    }

    #[test]
    fn tab_reads_line_by_line_and_leaves_at_the_ends() {
        assert_eq!(Spot::new(0, 2).beside(false, SIZE), Some(Spot::new(1, 0)));
        assert_eq!(Spot::new(1, 0).beside(true, SIZE), Some(Spot::new(0, 2)));
        assert_eq!(Spot::new(9, 2).beside(false, SIZE), None);
        assert_eq!(Spot::new(0, 0).beside(true, SIZE), None);
    }

    #[test]
    fn a_block_is_the_same_from_whatever_corner_it_was_drawn() {
        let drawn = Selection::at(Spot::new(5, 2)).to(Spot::new(3, 1));
        assert_eq!((drawn.rows(), drawn.columns(), drawn.count()), (3..6, 1..3, 6));
        assert!(drawn.has(Spot::new(4, 1)) && !drawn.has(Spot::new(4, 0)));
        assert_eq!(drawn.corner(), Spot::new(5, 2));
        assert_eq!(drawn.shifted(2).rows(), 5..8);
        assert_eq!(drawn.within(Size { rows: 4, columns: 2 }).rows(), 3..4);
    }
}
