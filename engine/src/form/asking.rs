//! What a form asks of others: the lists that it shows, and the defaults that they give.

use crate::condition::{Checked, Reach};
use crate::field::{FieldKind, Take};
use crate::value::Id;

/// Of what a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asked {
    /// The records of this form.
    Records(Id),
    /// The groups of this aggregate table.
    Groups(Id),
}

/// A question to a form or a table. Its filter may read the record that asks: it is [bound](Checked::bound) before
/// anybody answers it.
#[derive(Clone, Debug)]
pub struct Question {
    pub of: Asked,
    pub filter: Checked,
    pub sort: Vec<CheckedSort>,
}

/// A field that answers are sorted by.
#[derive(Clone, Debug)]
pub struct CheckedSort {
    pub reach: Reach,
    pub kind: FieldKind,
    pub descending: bool,
}

/// A list that is shown and never stored.
#[derive(Clone, Debug)]
pub struct CheckedQuery {
    pub question: Question,
    /// The fields that are shown; without any what a record is called.
    pub columns: Vec<String>,
    pub limit: u32,
}

/// A default that others give.
#[derive(Clone, Debug)]
pub struct CheckedLinkage {
    pub question: Question,
    pub take: Take,
    /// What is copied: one field, or for a sub-form one for each of its columns that is filled.
    pub copies: Vec<Copied>,
}

/// A field that is copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// The field of the other form, or a column of its rows: `tier`, `lines.qty`.
    pub from: String,
    pub kind: FieldKind,
    /// The column that is filled, for a sub-form.
    pub to: Option<String>,
}

impl CheckedLinkage {
    /// The sub-form of the other form whose rows are copied, where rows are.
    pub fn rows_of(&self) -> Option<&str> {
        self.copies.iter().find_map(|copied| copied.from.split_once('.').map(|(rows, _)| rows))
    }
}
