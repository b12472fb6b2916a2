//! The data grid: any number of records, only the visible rows on the page.

mod page;
mod rows;
mod state;
mod table;

pub use page::GridPage;
