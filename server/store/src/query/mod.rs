//! Asking for many records: conditions, sorts, pages, counts, groups.
//!
//! The access is part of every question: its rows are added to the condition, and fields that are closed on some
//! records read as empty there.

mod beginning;
mod computed;
mod condition;
mod count;
mod cursor;
mod first;
mod group;
mod held;
mod locate;
mod measure;
mod page;
mod sort;
mod terms;

#[cfg(test)]
mod tests;

use engine::value::Id;

pub use beginning::{Beginning, By, Newest, beginning, is_indexed, newest, newest_ids};
pub(crate) use condition::Conditions;
pub use count::{Count, Counted, HowMany, count};
pub use cursor::Cursor;
pub use first::{First, first};
pub use group::{Function, GroupBy, Grouped, Groups, Measure, groups};
pub use held::held;
pub use page::{From, Page, Query, page};
pub use sort::Sort;

/// Which of a form's records are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// Those that count: submitted, and not in the bin.
    #[default]
    Live,
    /// The drafts that this member made.
    Drafts(Id),
    /// Those in the recycle bin; of drafts, which are nobody else's business there either, those that this member made.
    Bin(Id),
}
