//! Forms: designing, publishing, showing.

pub mod create;
pub mod draft_edit;
pub mod draft_read;
pub mod draft_replace;
pub mod evaluate;
pub mod list;
pub mod publish;
pub mod read;
pub mod schema;
pub mod versions;
