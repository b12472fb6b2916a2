//! Records on paper by the templates of their form: choosing one, and designing them.

mod blank;
mod blocks;
mod choice;
mod editor;
mod gather;
mod list;
mod page;
mod paper;
mod preview;
mod properties;
mod settings;
mod words;

pub use choice::PrintDialog;
pub use list::PrintsPage;
pub use page::PrintDesignPage;
