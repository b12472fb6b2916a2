//! `/jobs`

pub mod cancel;
pub mod events;
pub mod list;
pub mod read;
pub mod undo;
