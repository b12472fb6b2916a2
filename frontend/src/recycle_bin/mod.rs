//! The recycle bin of what people design: the question before something goes into it, what lies in it, the way back, and the
//! way out for good.

mod dialog;
mod filter;
mod list;
mod page;
mod pages;
mod question;

pub use dialog::AppBinDialog;
pub use page::BinPage;
pub use question::{DeleteQuestion, Doomed};
