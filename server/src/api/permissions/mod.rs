//! Permission groups of a form.

pub mod create;
pub mod delete;
pub mod list;
pub mod replace;
