//! The form designer: a palette of kinds, the live form, the properties of what is selected.
//!
//! Everything that is done is a command of the engine ([`engine::form::edit::Edit`]): undo and redo are its inverses,
//! and the same commands are sent to the draft on the server.

mod asking_options;
mod canvas;
mod changes;
mod delete_form;
mod drag;
mod formula_editor;
mod headings;
mod kind_options;
mod layout_parts;
mod page;
mod palette;
mod part_options;
mod people_options;
mod properties;
mod publish_dialog;
mod publish_preview;
mod removal;
mod removed_fields;
mod sections;
mod state;
mod tree;
mod uses;
mod value_options;

pub use page::DesignPage;
pub use palette::kind_icon;
pub use properties::{text_in, with_text};
