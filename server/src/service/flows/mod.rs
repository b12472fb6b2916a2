//! Approval flows: designing them, and carrying out what people decide.

mod attached;
mod children;
mod course;
pub mod design;
mod drawing;
pub mod figures;
mod follow;
mod found;
pub mod inbox;
pub mod instances;
pub mod migrate;
pub mod notices;
pub mod pass_on;
mod people;
mod perform;
pub mod phrases;
pub mod place;
mod reach;
pub mod ready_made;
pub mod reassign;
pub mod reread;
pub mod rereading;
pub mod scheduler;
pub mod simulate;
pub mod tasks;
mod timeline;
mod title;
mod unmoved;
pub mod versions;
mod visits;
mod waits;
mod words;

pub use course::{Moved, decide, link_reads, refused, store_moved, version};
pub use follow::follow;
pub use people::directory;
pub use words::{check_mentions, check_said};
