//! The data grid: any number of records, only the visible rows on the page.

mod bin;
mod chips;
mod column;
mod drawer;
mod page;
mod phone;
mod rows;
mod sorting;
mod state;
mod table;
mod tools;
mod totals;
mod window;

pub use page::GridPage;
