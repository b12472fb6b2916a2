//! Formulas.

mod scope;
mod types;

pub use scope::*;
pub use types::Type;
