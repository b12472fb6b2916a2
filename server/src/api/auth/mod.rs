//! Signing in and out, and how one does.

pub mod accept_invitation;
pub mod change_me;
pub mod confirm;
pub mod cookie;
pub mod invitation;
pub mod login;
pub mod logout;
pub mod me;
pub mod policy_read;
pub mod policy_replace;
pub mod provider_callback;
pub mod provider_start;
pub mod recovery_codes;
pub mod reset;
pub mod reset_redeem;
pub mod second_factor;
pub mod second_factor_enable;
pub mod second_factor_offer;
pub mod second_factor_remove;
pub mod session_end;
pub mod sessions;
pub mod sessions_end;
pub mod ways;
