//! What one wants at hand.

pub mod create;
pub mod delete;
pub mod list;
