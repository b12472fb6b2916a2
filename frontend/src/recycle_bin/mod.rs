//! The recycle bin of apps and forms: what lies in it, the way back, and the way out for good.

mod dialog;
mod list;
mod page;

pub use dialog::AppBinDialog;
pub use page::BinPage;
