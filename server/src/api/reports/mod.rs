//! Reports.

pub mod list;
pub mod records;
pub mod run;
