//! Records.

pub mod aggregate;
pub mod bulk;
pub mod bulk_edit;
pub mod comment;
pub mod comments;
pub mod create;
pub mod delete;
pub mod field;
pub mod history;
pub mod list;
pub mod options;
pub mod purge;
pub mod query;
pub mod read;
pub mod restore;
pub mod restore_many;
pub mod submit;
pub mod update;
pub mod void;
