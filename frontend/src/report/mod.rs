//! Reports: figures with their definition and inputs, charts, tables, the records behind each number.

mod behind;
mod chart;
mod figure;
mod page;
mod table;

pub use page::ReportPage;
