//! Roles.

pub mod create;
pub mod delete;
pub mod dry_run;
pub mod list;
pub mod update;
pub mod uses;
