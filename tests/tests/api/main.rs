//! Stories told through the HTTP API, on both databases. One file for a subject.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod import;
mod packages;
mod process;
