//! What the reader is told of.

mod page;
mod words;

pub use page::NoticesPage;
