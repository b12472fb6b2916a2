//! Saved views: how the records of a form are shown, as a document (documents.md, "View").
//!
//! A view asks nothing that its reader could not ask without it. What it names and its reader may not see, or what is gone
//! from the form, is left out of it for them ([`ViewDocument::fitted`]); where that would show them other records than the
//! view means, or nothing that it could be arranged by, it has faults in its place and can't be opened.

mod check;
mod document;
#[cfg(test)]
mod tests;

pub use check::{Fitted, Sees};
pub use document::{
    RowHeight, ViewColumn, ViewDocument, ViewKind, ViewOptions, ViewScale, ViewScope, ViewSum,
};
