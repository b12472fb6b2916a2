//! The flow editor: the tree of steps, the settings of what is chosen, what stands in the way of publishing.
//!
//! Everything that is done is a command of the engine ([`engine::flow::document::Edit`]): undo and redo are its
//! inverses. The draft on the server is replaced as a whole, if nobody else has changed it.

mod action_panel;
mod actions;
mod advice;
mod arm_panel;
mod canvas;
mod cards;
mod checks;
mod commands;
mod coverage;
mod deadlines;
mod delete_draft;
mod directory;
mod field_rights;
mod half_written;
mod keys;
mod kinds;
mod mini_map;
mod moments;
mod moving;
mod outline;
mod page;
mod people;
mod problems;
mod publishing;
mod ready_made;
mod sending_panel;
mod settings;
mod side;
mod span;
mod state;
mod step_panel;
mod trial;
mod trial_stop;
mod trial_values;
mod try_out;
mod versions;
mod waits_panel;
mod wires;
mod words;

pub use page::FlowPage;
