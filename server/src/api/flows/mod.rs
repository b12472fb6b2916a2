//! Designing approval flows.

pub mod coverage;
pub mod draft_read;
pub mod draft_replace;
pub mod publish;
pub mod simulate;
pub mod try_condition;
pub mod version_read;
pub mod versions;
