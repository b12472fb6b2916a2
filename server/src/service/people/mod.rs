//! People: who they are, how they sign in, and what they are to each other.

pub mod caller;
mod change;
pub mod delegations;
pub mod departments;
pub mod directory;
pub mod members;
pub mod password;
pub mod roles;
pub mod secret;
pub mod see_as;
pub mod set_up;
pub mod sign_in;
pub mod throttle;
pub mod tokens;

pub use caller::{Caller, Credential};
pub use directory::Directory;
