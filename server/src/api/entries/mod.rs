//! What one has entered and not saved.

pub mod forget;
pub mod keep;
pub mod read;
