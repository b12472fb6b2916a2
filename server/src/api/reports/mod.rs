//! Reports.

pub mod delete;
pub mod dependents;
pub mod export;
pub mod list;
pub mod records;
pub mod run;
