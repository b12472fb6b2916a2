//! Editing a draft: what the form designer and the flow editor share.
//!
//! A document of the engine is changed by its commands, which can be taken back (`history`). What was done is sent to
//! the server a moment later, by itself ([`DraftEditor`]). Above the page stands the bar with where one is, whether it
//! is saved, undo, redo and publishing ([`DraftBar`]); below it the panes ([`Panes`]) and what stands in the way of
//! publishing ([`Problems`]). Who may use what is published is said by [`MayUse`]. What was published is compared, and taken up again, by [`VersionPicker`].

mod bar;
mod editor;
mod history;
mod may_use;
mod panes;
mod problems;
mod tabs;
mod versions;

pub use bar::DraftBar;
pub use editor::{DraftEditor, Editing, Saved};
pub use may_use::{InForce, MayUse, is_nobody, permissions_of, users_of};
pub use panes::{CANVAS, KINDS, Panes, SETTINGS, TRIAL};
pub use problems::{ProblemLine, Problems, Warnings};
pub use tabs::{DesignTabs, DesignTools, Part};
pub use versions::{Version, VersionPicker, Versioned};
