//! Permission groups of a form.

pub mod create;
pub mod delete;
pub mod dry_run;
pub mod explain;
pub mod list;
pub mod predefined;
pub mod preview;
pub mod replace;
