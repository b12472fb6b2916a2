//! The data grid: any number of records, only the visible rows on the page.

mod bin;
mod chips;
mod choosing;
mod chosen;
mod column;
mod drawer;
mod many;
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
