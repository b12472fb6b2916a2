//! The flow editor: the tree of steps, the settings of what is chosen, what stands in the way of publishing.
//!
//! Everything that is done is a command of the engine ([`engine::flow::document::Edit`]): undo and redo are its
//! inverses. The draft on the server is replaced as a whole, if nobody else has changed it.

mod actions;
mod arm_panel;
mod canvas;
mod commands;
mod directory;
mod field_rights;
mod kinds;
mod mini_map;
mod page;
mod people;
mod problems;
mod publishing;
mod ready_made;
mod settings;
mod side;
mod state;
mod step_panel;
mod trial;
mod words;

pub use page::FlowPage;
