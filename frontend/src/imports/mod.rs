//! Tables from files: a new form made of one, and rows taken into a form that is there already; and files of records.
//!
//! What is decided about a file (which columns go where, which kinds the fields get) is plain data in `mapping.rs` and
//! `proposal.rs`; the views around it show it and change it.

mod dialog;
mod encoding_note;
mod export_dialog;
mod from_sheet;
mod mapping;
mod outcome;
mod proposal;
mod run;
mod sheet_choice;
mod sheet_input;

pub use dialog::ImportDialog;
pub use encoding_note::EncodingNote;
pub use export_dialog::{ExportDialog, Shown};
pub use from_sheet::{FromSheet, SheetBody, SheetFoot};
pub use run::{Run, RunProgress};
pub use sheet_input::SheetInput;
