//! The words on the wire: what requests and answers of the API look like, for the server and the browser.
//!
//! Requests refuse unknown members. Nothing here decides anything: rules are `engine`'s. It compiles to
//! WebAssembly and knows nothing of the server.

mod problem;

pub use problem::{Problem, ProblemError};
