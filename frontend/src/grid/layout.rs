//! How wide columns are, and which of them stay where the others are scrolled.

use engine::field::Shape;
use engine::form::Form;

use super::column::GridColumn;
use super::state::{head_width, text_width, width_of};

/// The width of the column with the row numbers.
pub const NUMBER_COLUMN: u32 = 44;
/// No column is drawn narrower or wider: as a view can say.
pub const NARROWEST: u32 = 40;
pub const WIDEST: u32 = 1_000;

/// A column in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub width: u32,
    /// How far from the left it stays; nothing for one that is scrolled.
    pub left: Option<u32>,
    /// Whether it is the last of those that stay.
    pub is_last: bool,
}

impl Placed {
    /// The classes of its cells.
    pub fn class(self, is_number: bool) -> &'static str {
        match (self.left.is_some(), self.is_last, is_number) {
            (true, true, false) => "lock lock-end",
            (true, true, true) => "lock lock-end num",
            (true, false, false) => "lock",
            (true, false, true) => "lock num",
            (false, _, true) => "num",
            (false, _, false) => "",
        }
    }

    pub fn left_edge(self) -> Option<String> {
        self.left.map(|left| format!("{left}px"))
    }
}

/// Columns of these widths, the first of which stay.
pub fn placed(widths: &[u32], frozen: usize) -> Vec<Placed> {
    let mut left = NUMBER_COLUMN;
    let column = |(place, width): (usize, &u32)| {
        let here = left;
        left = left.saturating_add(*width);
        Placed { width: *width, left: (place < frozen).then_some(here), is_last: place + 1 == frozen }
    };
    widths.iter().enumerate().map(column).collect()
}

/// The width of a column unless another was drawn: by what is in it and by its head.
pub fn usual_width(form: &Form, key: &str, is_first: bool) -> u32 {
    match GridColumn::of(form, key) {
        Some(column) => width_of(column.kind.shape(), is_first).max(head_width(&column.label)),
        None => width_of(Shape::Text, is_first),
    }
}

/// The width in which a head and the texts below it are read whole.
pub fn fitting_width(label: &str, texts: impl IntoIterator<Item = String>) -> u32 {
    // The padding, and what lies around a chip.
    const AROUND: u32 = 36;
    let widest = texts.into_iter().map(|text| text_width(&text) + AROUND).max().unwrap_or_default();
    widest.max(head_width(label)).clamp(NARROWEST, WIDEST)
}

/// A column in the place before or after another one.
pub fn moved(columns: &[String], key: &str, to: usize) -> Vec<String> {
    let mut left: Vec<String> = columns.iter().filter(|column| *column != key).cloned().collect();
    if left.len() < columns.len() {
        left.insert(to.min(left.len()), key.to_string());
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_stay_lie_beside_each_other() {
        let lefts =
            |frozen| placed(&[100, 50, 70], frozen).into_iter().map(|column| column.left).collect::<Vec<_>>();
        assert_eq!(lefts(0), [None, None, None]);
        assert_eq!(lefts(2), [Some(44), Some(144), None]);
        let classes: Vec<&str> =
            placed(&[100, 50, 70], 2).into_iter().map(|column| column.class(true)).collect();
        assert_eq!(classes, ["lock num", "lock lock-end num", "num"]);
    }

    #[test]
    fn a_column_is_as_wide_as_what_is_read_in_it() {
        let fitting = |texts: &[&str]| fitting_width("Name", texts.iter().map(|text| (*text).to_string()));
        assert_eq!(fitting(&[]), head_width("Name"));
        assert_eq!(fitting(&["short", &"long".repeat(20)]), 80 * 7 + 36);
        assert_eq!(fitting(&[&"long".repeat(100)]), WIDEST);
    }

    #[test]
    fn a_column_is_put_into_another_place() {
        let columns = ["a", "b", "c"].map(str::to_string);
        assert_eq!(moved(&columns, "a", 2), ["b", "c", "a"]);
        assert_eq!(moved(&columns, "c", 0), ["c", "a", "b"]);
        assert_eq!(moved(&columns, "b", 9), ["a", "c", "b"]);
        assert_eq!(moved(&columns, "x", 0), ["a", "b", "c"]);
    }
}
