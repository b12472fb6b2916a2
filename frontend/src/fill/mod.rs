//! Filling: the picture of each field kind, and the live form made of them.
//!
//! A picture takes a typed value and says what was entered; it knows nothing of HTTP. Rules, formulas, defaults and
//! faults are the engine's: [`FormState`] holds a [`Draft`] and each keystroke goes into it.
//!
//! # One more field kind
//! Write its picture (a file here, or an input of [`crate::ui`]) and add one arm to the list in `input.rs`.

mod address;
mod asking;
mod changes;
mod checks;
mod due_checks;
mod faults;
mod file_list;
mod file_preview;
mod files;
mod form_pages;
mod head_frame;
mod input;
mod kept;
mod known_files;
mod layout;
mod link;
mod linking;
mod live_form;
mod loaders;
mod location;
mod made;
mod making;
mod mending;
mod offered;
mod pasting;
mod paths;
mod picks;
mod query;
mod reading;
mod recent_choices;
mod references;
mod rich_text;
mod row_menu;
mod rows;
mod sheet_columns;
mod sheet_keys;
mod signature;
mod state;
mod subform;
mod taken;
mod untitled;
mod waiting;

pub use changes::same;
pub use checks::sentence;
pub use faults::{FaultList, Purpose, anchor};
pub use form_pages::{FormPage, PageFields, pages_of};
pub use head_frame::HeadFrame;
pub use input::{FieldInput, Shown, cell_reading, field_reading};
pub use kept::entered;
pub use live_form::{LiveForm, computed};
pub use loaders::{Judged, LinkedValues, Listed, ListedRecord, Loaders, Sought};
pub use making::Making;
pub use pasting::named;
pub use paths::column_path;
pub use query::ListedTable;
pub use reading::{
    Titles, ValueText, choices, fewest_decimals, kind_text, number_text, offered as choices_offered, text_in,
    value_text,
};
pub use rich_text::{RichTextInput, RichTextView};
pub use sheet_columns::has_total;
pub use signature::{SignaturePicture, Signed};
pub use state::FormState;
pub use untitled::{Named, Titled, linked_in};
