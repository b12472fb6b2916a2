//! Dashboards: filters on top, figures, charts and tables on a grid of 24 columns.

mod arrange;
mod filter;
mod page;
mod tile;
mod under_figure;

pub use page::DashboardPage;
