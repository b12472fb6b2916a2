//! Transaction scripts of an app.

pub mod create;
pub mod delete;
pub mod list;
pub mod replace;
pub mod test;
pub mod try_out;
