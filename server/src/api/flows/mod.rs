//! Designing approval flows.

pub mod draft_read;
pub mod draft_replace;
pub mod migrate;
pub mod publish;
pub mod simulate;
