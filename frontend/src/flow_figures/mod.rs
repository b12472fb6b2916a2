//! Figures of a flow: where its requests wait and for how long, each number with the requests behind it.

mod charts;
mod page;
mod requests;
mod scope;
mod tables;
mod totals;
mod words;

pub use page::FlowFiguresPage;
