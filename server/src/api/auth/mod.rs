//! Signing in and out.

pub mod accept_invitation;
pub mod change_me;
pub mod cookie;
pub mod invitation;
pub mod login;
pub mod logout;
pub mod me;
