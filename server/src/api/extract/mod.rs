//! What handlers read from a request. Each refuses with a [`super::Problem`], so no answer is left to the
//! framework's own words.

mod body;
mod depth;
mod path;
mod query;

pub use body::{Body, Design};
pub use path::Path;
pub use query::Query;
