//! The data grid: any number of records, only the visible rows on the page.

mod address;
mod arranged;
mod bin;
mod by_pages;
mod chips;
mod choosing;
mod chosen;
mod column;
mod decimals;
mod drafts;
mod drawer;
mod first_columns;
mod following;
mod grouped;
mod heads;
mod layout;
mod lines;
mod live;
mod many;
mod page;
mod phone;
mod rows;
mod sheet;
mod sorting;
mod state;
mod table;
mod tools;
mod totals;
mod views;
mod window;

pub use column::{GridColumn, asked_for, value_in};
pub use page::GridPage;
pub use rows::Rows;
pub use state::GridState;
pub use window::Window;
