//! Records as a file: what the caller may see of those that they may export, page by page, by a job.

mod alike;
mod columns;
mod run;
mod values;
mod write;

pub use run::{EXPORT, go_on, may_still_have, start};
pub(super) use write::{Portion, write};
