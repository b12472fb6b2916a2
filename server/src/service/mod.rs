//! What the product does: one folder or file for a capability. A service is given who asks and what is
//! wanted, and answers with a value or a [`Refusal`]; it knows nothing of HTTP.

mod installation;
mod refusal;

pub use installation::Installation;
pub use refusal::{Cause, Refusal};
