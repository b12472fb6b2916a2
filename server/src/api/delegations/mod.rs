//! Members who decide in the place of others.

pub mod create;
pub mod delete;
pub mod list;
