//! `formwork`: the product as one program. It carries: rules live in `engine`, SQL in `store`, the words on the
//! wire in `wire`; here are the services that join them ([`service`]), HTTP ([`api`]) and the command line
//! ([`cli`]).
//!
//! The direction is `service <- api <- cli`, held by `tests/tests/house/direction.rs`; a service knows nothing of HTTP.

mod api;
mod cli;
mod data_folder;
mod service;
mod settings;
mod texts;

use std::process::ExitCode;

/// A save makes many small things and drops them again, some in another thread: a quarter of its time went to the
/// allocator of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
