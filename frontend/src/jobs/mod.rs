//! Long work of the reader's: what is under way, what came of it, and taking it back.

mod page;
mod words;

pub use page::JobsPage;
pub use words::{tell_ended, words_of};
