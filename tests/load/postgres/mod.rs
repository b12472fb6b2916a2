//! What is held against the product where it stands on PostgreSQL: the database alone, and the bare server.

pub mod floor;
mod orders;
pub mod stack;
