//! Forms: designing, publishing, showing.

pub mod admins_read;
pub mod admins_replace;
pub mod create;
pub mod delete;
pub mod dependents;
pub mod draft_edit;
pub mod draft_read;
pub mod draft_replace;
pub mod evaluate;
pub mod field_purge;
pub mod field_restore;
pub mod linking;
pub mod list;
pub mod publish;
pub mod publish_preview;
pub mod purge;
pub mod read;
pub mod removed;
pub mod restore;
pub mod schema;
pub mod version_read;
pub mod versions;
