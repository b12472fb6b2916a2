//! Apps.

pub mod create;
pub mod delete;
pub mod import;
pub mod list;
pub mod next_steps;
pub mod order_replace;
pub mod purge;
pub mod read;
pub mod restore;
pub mod tree_read;
pub mod tree_replace;
pub mod update;
