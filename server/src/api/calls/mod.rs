//! Calls of flows to other systems.

pub mod list;
pub mod retry;
