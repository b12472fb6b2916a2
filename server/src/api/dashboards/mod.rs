//! Dashboards.

pub mod create;
pub mod data;
pub mod list;
pub mod read;
pub mod records;
