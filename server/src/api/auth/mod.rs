//! Signing in and out.

pub mod cookie;
pub mod login;
pub mod logout;
pub mod me;
