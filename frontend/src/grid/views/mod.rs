//! The saved views of a form: switching between them, saving, sharing, deleting.

mod bar;
mod dialog;
mod options;
mod store;

pub use bar::{Unsaved, ViewBar, ViewTrouble};
pub use store::Views;
