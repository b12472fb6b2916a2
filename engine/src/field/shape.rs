//! How the values of a kind are stored.

use super::{parts, rich_text};
use crate::value::fold;

/// How a kind's values are stored. The store maps shapes to columns and SQL; it knows no kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Nothing is stored: the value is read live, or there is none.
    Nothing,
    /// Text of at most some hundred characters; searched, sorted, unique.
    Text,
    /// Text of any length; searched, not sorted.
    LongText,
    /// Rich text of any length; searched by what people read of it, not sorted.
    Markup,
    /// Text of parts with `/` between them; searched and sorted without the strokes, unique.
    Parts,
    Bool,
    /// A decimal with this scale.
    Decimal(u32),
    /// A date, as days.
    Day,
    /// An instant, as microseconds.
    Instant,
    /// A time of day, as seconds.
    TimeOfDay,
    /// One key of a choice.
    Key,
    /// Several keys, in a side table.
    Keys,
    /// The id of one record, member or file.
    Ref,
    /// Several ids, in a side table.
    Refs,
    /// Rows of a sub-form, in a table of their own.
    Rows,
}

impl Shape {
    /// Whether values lie in a column of the record's own table.
    pub fn is_column(self) -> bool {
        !matches!(self, Shape::Nothing | Shape::Keys | Shape::Refs | Shape::Rows)
    }

    /// Whether values are texts that can be searched.
    pub fn is_text(self) -> bool {
        matches!(self, Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts)
    }

    /// A text of this shape in the form that searching and sorting use.
    pub fn folded(self, text: &str) -> String {
        match self {
            Shape::Markup => fold(&rich_text::markup::plain_text(text)),
            Shape::Parts => fold(&parts::joined(text)),
            _ => fold(text),
        }
    }
}
