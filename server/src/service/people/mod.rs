//! People: who they are, how they sign in, and what they are to each other.

pub mod caller;
mod change;
pub mod confirm;
pub mod delegations;
pub mod departments;
pub mod directory;
pub mod hand_over;
pub mod invitations;
pub mod members;
pub mod password;
pub mod policy;
pub mod provider;
pub mod reset;
pub mod role_groups;
mod role_readers;
pub mod role_uses;
pub mod roles;
pub mod second_factor;
pub mod secret;
pub mod see_as;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
#[cfg(test)]
mod sign_in_cost;
pub mod throttle;
pub mod tokens;
pub mod workspace;

pub use caller::{Caller, Credential};
pub use change::in_one_line;
pub use directory::Directory;
