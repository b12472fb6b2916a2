//! Which rows are seen: the arithmetic of a list too long to lie on the page.

use engine::view::RowHeight;

/// The height of a row, as in the tokens.
pub const ROW: f64 = 40.0;

/// The heights of rows, as in the style sheet.
pub fn row_height(height: RowHeight) -> f64 {
    match height {
        RowHeight::Compact => 32.0,
        RowHeight::Comfortable => ROW,
        RowHeight::Tall => 64.0,
    }
}

/// Rows kept above and below what is seen, so that scrolling shows no gap.
const MARGIN: usize = 12;

/// Rows asked for ahead of those that are drawn, in the direction in which one goes.
const AHEAD: usize = 200;

/// Who goes on by at most so many rows at a time will see them all; a scroll bar that is dragged passes most.
const STEP: usize = 100;

/// The tallest thing that every browser scrolls. A longer list is scrolled in larger strides.
const TALLEST: f64 = 15_000_000.0;

/// A list of `total` rows, scrolled to `top` in a frame that shows `view` pixels of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub total: usize,
    pub top: f64,
    pub view: f64,
    /// The height of one row.
    pub row: f64,
}

impl Window {
    /// The height that all rows have.
    fn full(self) -> f64 {
        self.total as f64 * self.row
    }

    /// The height that the page gives them.
    fn height(self) -> f64 {
        self.full().min(TALLEST)
    }

    /// How many pixels of rows one pixel of scrolling stands for.
    fn stride(self) -> f64 {
        let (full, height) = (self.full() - self.view, self.height() - self.view);
        if full <= height || height <= 0.0 { 1.0 } else { full / height }
    }

    /// Where the frame's upper edge lies in the full list.
    fn offset(self) -> f64 {
        self.top * self.stride()
    }

    /// The rows to draw: from, and up to but without.
    pub fn rows(self) -> (usize, usize) {
        let first = ((self.offset() / self.row) as usize).saturating_sub(MARGIN).min(self.total);
        let drawn = (self.view / self.row).ceil() as usize + 2 * MARGIN;
        (first, (first + drawn).min(self.total))
    }

    /// The empty heights above and below the drawn rows.
    pub fn gaps(self) -> (f64, f64) {
        let (first, last) = self.rows();
        let above = (self.top - (self.offset() - first as f64 * self.row)).max(0.0);
        let below = self.height() - above - (last - first) as f64 * self.row;
        (above, below.max(0.0))
    }

    /// Where to scroll so that the same rows are seen after so many came above them, or went.
    pub fn after(self, rows: isize) -> f64 {
        (self.top + rows as f64 * self.row / self.stride()).max(0.0)
    }

    /// Where to scroll so that a row is seen whole; `None` where it is already. `covered` pixels at the frame's lower
    /// edge show something else.
    pub fn to_see(self, row: usize, covered: f64) -> Option<f64> {
        let (from, to) = (row as f64 * self.row, (row + 1) as f64 * self.row);
        let seen = self.view - covered;
        if from < self.offset() {
            Some(from / self.stride())
        } else if to > self.offset() + seen {
            Some((to - seen) / self.stride())
        } else {
            None
        }
    }
}

/// The rows to ask for at once where what is drawn went from one span of rows to another one, with those that come next;
/// nothing where it jumped.
pub fn ahead(before: (usize, usize), now: (usize, usize)) -> Option<(usize, usize)> {
    let (first, last) = now;
    match first.abs_diff(before.0) {
        0 => Some(now),
        moved if moved > STEP => None,
        _ if first > before.0 => Some((first, last + AHEAD)),
        _ => Some((first.saturating_sub(AHEAD), last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(total: usize, top: f64) -> Window {
        Window { total, top, view: 800.0, row: ROW }
    }

    #[test]
    fn the_gaps_and_the_rows_are_as_tall_as_the_list() {
        for (total, top) in [(0, 0.0), (5, 0.0), (10_000, 0.0), (10_000, 123_456.0), (10_000, 399_200.0)] {
            let window = of(total, top);
            let (first, last) = window.rows();
            let (above, below) = window.gaps();
            assert_eq!(above + below + (last - first) as f64 * ROW, total as f64 * ROW, "{window:?}");
            assert_eq!(above, first as f64 * ROW, "{window:?}");
        }
    }

    #[test]
    fn a_million_rows_can_be_scrolled_to_the_last() {
        let total = 1_000_000;
        assert_eq!(of(total, 0.0).rows().0, 0);
        let end = of(total, TALLEST - 800.0);
        assert_eq!(end.rows().1, total);
        // The last row ends at the frame's lower edge.
        let (first, last) = end.rows();
        let (above, below) = end.gaps();
        assert!(
            (above + (last - first) as f64 * ROW - TALLEST).abs() < 1.0 && below < 1.0,
            "{above} {below}"
        );
    }

    #[test]
    fn rows_that_come_above_push_nothing_away() {
        let window = of(1_000, 4_000.0);
        assert_eq!(window.after(2), 4_080.0);
        let after = Window { total: 1_002, top: window.after(2), ..window };
        assert_eq!(after.rows().0, window.rows().0 + 2);
        assert_eq!(of(1_000, 40.0).after(-3), 0.0);
    }

    #[test]
    fn who_goes_on_row_by_row_has_the_next_ones_asked_for_ahead() {
        assert_eq!(ahead((0, 0), (0, 46)), Some((0, 46)));
        assert_eq!(ahead((100, 146), (107, 153)), Some((107, 153 + AHEAD)));
        assert_eq!(ahead((300, 346), (293, 339)), Some((293 - AHEAD, 339)));
        assert_eq!(ahead((50, 96), (43, 89)), Some((0, 89)));
        assert_eq!(ahead((0, 46), (500_000, 500_046)), None);
    }

    #[test]
    fn a_row_is_brought_into_view_from_above_and_below() {
        let window = of(1_000, 4_000.0);
        assert_eq!(window.to_see(105, 36.0), None);
        assert_eq!(window.to_see(10, 36.0), Some(400.0));
        assert_eq!(window.to_see(200, 36.0), Some(201.0 * ROW - 764.0));
        let long = of(1_000_000, 0.0);
        let there = Window { top: long.to_see(999_999, 0.0).unwrap(), ..long };
        assert_eq!(there.rows().1, 1_000_000);
    }
}
