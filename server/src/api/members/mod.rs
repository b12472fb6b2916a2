//! People.

pub mod create;
pub mod disable;
pub mod dry_run;
pub mod hand_over;
pub mod holdings;
pub mod import;
pub mod import_preview;
pub mod invite;
pub mod invite_by_letter;
pub mod list;
pub mod password_link;
pub mod second_factor_remove;
pub mod sessions_end;
pub mod uninvite;
pub mod update;
