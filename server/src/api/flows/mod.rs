//! Designing approval flows.

pub mod ahead;
pub mod coverage;
pub mod draft_delete;
pub mod draft_read;
pub mod draft_replace;
pub mod figure_requests;
pub mod figures;
pub mod migrate;
pub mod publish;
pub mod ready_made_list;
pub mod ready_made_take;
pub mod simulate;
pub mod try_condition;
pub mod version_delete;
pub mod version_dependents;
pub mod version_read;
pub mod versions;
