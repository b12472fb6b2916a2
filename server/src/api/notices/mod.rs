//! What members are told of, and how they want to be told.

pub mod count;
pub mod list;
pub mod read;
pub mod settings_read;
pub mod settings_replace;
