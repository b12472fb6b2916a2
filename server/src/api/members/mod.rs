//! People.

pub mod create;
pub mod disable;
pub mod list;
pub mod second_factor_remove;
pub mod sessions_end;
pub mod update;
