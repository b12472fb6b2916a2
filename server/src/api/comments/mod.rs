//! What one has said about a record.

pub mod delete;
pub mod update;
