//! `/templates`

pub mod demo;
pub mod demo_clear;
pub mod install;
pub mod list;
pub mod picture;
pub mod read;
