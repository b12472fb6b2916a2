//! Phrases of one's own, for opinions.

pub mod create;
pub mod delete;
pub mod list;
