//! Tasks of approval flows.

pub mod act;
pub mod counts;
pub mod decide;
pub mod list;
pub mod read;
pub mod startable;
