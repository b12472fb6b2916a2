//! Transaction scripts of an app.

pub mod create;
pub mod delete;
pub mod list;
pub mod replace;
