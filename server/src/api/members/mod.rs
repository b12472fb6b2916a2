//! People.

pub mod create;
pub mod disable;
pub mod hand_over;
pub mod list;
pub mod update;
