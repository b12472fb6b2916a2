//! Copying everything that one database holds into an empty one of the other kind, and the proof that both hold the same.
//!
//! What is copied is rows, table by table: those that migrations make, and those of forms with all their columns, the ones
//! that were put aside among them. A value is read as this database holds it, and written as the other one does: a decimal
//! that is a whole number here is a NUMERIC there (see `cell`). The groups of aggregate tables go by [`crate::groups`], whose
//! columns only a compiled table knows.
//!
//! Until it is proved a copy has a mark that no program serves (see `mark`). A copy that broke off is begun anew: nobody
//! knows what became of the source in between.

mod column;
mod digest;
mod groups;
pub(crate) mod mark;
mod plan;
mod slice;
mod target;
#[cfg(test)]
mod tests;

pub use digest::Digest;
pub use groups::CopiedGroups;
pub use plan::{CopiedTable, tables};
pub use target::Target;

/// Rows that are read at once, and written in one transaction.
pub(crate) const SLICE: usize = 5_000;
