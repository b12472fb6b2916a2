//! Reports: figures with their definition and inputs, charts, tables, the records behind each number.

pub mod address;
pub mod behind;
mod exporting;
pub mod figure;
mod page;
pub mod period;
pub mod record_filter;
pub mod table;
mod tables;

pub use page::ReportPage;
