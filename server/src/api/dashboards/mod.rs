//! Dashboards.

pub mod create;
pub mod data;
pub mod delete;
pub mod dependents;
pub mod list;
pub mod options;
pub mod read;
pub mod records;
