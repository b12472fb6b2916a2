//! Print templates, and records on paper.

pub mod create;
pub mod delete;
pub mod list;
pub mod print;
pub mod replace;
