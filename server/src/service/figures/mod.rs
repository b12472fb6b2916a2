//! Figures of rollups that are kept beside the records that show them: making them anew where a design changes. The save
//! keeps them.

mod follow;
mod rebuild;

pub use follow::follow_form;
pub use rebuild::rebuild;
