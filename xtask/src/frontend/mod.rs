//! The steps from the crate `frontend` to the files that the server embeds.

pub mod bundle;
pub mod index;
pub mod inputs;
pub mod scripts;
pub mod sections;
pub mod split;
pub mod tables;
pub mod wasm;
