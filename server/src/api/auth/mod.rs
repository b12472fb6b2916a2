//! Signing in and out.

pub mod change_me;
pub mod cookie;
pub mod login;
pub mod logout;
pub mod me;
