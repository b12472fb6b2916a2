//! The form designer: a palette of kinds, the live form, the properties of what is selected.
//!
//! Everything that is done is a command of the engine ([`engine::form::edit::Edit`]): undo and redo are its inverses,
//! and the same commands are sent to the draft on the server.

mod added;
mod asking_options;
mod canvas;
mod choice_lines;
mod choices;
mod clipboard;
mod column_heads;
mod copied_names;
mod delete_form;
mod drag;
mod edge;
mod entry_buttons;
mod form_rules;
mod form_versions;
mod formula_editor;
mod formula_field;
mod formula_fields;
mod formula_functions;
mod formula_marks;
mod formula_sample;
mod formula_trial;
mod further_options;
mod headings;
mod keys;
mod kind_options;
mod layout_parts;
mod link_fill;
#[cfg(test)]
mod option_tests;
mod other_forms;
mod page;
mod palette;
mod part_options;
mod people_options;
mod properties;
mod publish_dialog;
mod publish_preview;
mod removal;
mod removed_fields;
mod rule_badge;
mod sections;
mod serial_parts;
mod several;
mod standing;
mod state;
mod title_input;
mod together;
mod translations;
mod tree;
mod try_out;
mod uses;
mod value_options;
mod where_used;
mod who_sees;

pub use choices::ColourChoice;
pub use entry_buttons::EntryButtons;
pub use form_versions::differences;
pub use formula_editor::Written;
pub use formula_field::FormulaField;
pub use formula_marks::FormulaMarks;
pub use page::DesignPage;
pub use palette::kind_icon;
pub use properties::{text_in, with_text};
pub use state::Designer;
pub use title_input::{TitleInput, named_in_titles};
