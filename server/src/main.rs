//! `formwork`: the product as one program. It carries: rules live in `engine`, SQL in `store`, the words on the
//! wire in `wire`; here are the services that join them ([`service`]), HTTP ([`api`]) and the command line
//! ([`cli`]).
//!
//! The direction is `service <- api <- cli`; a service knows nothing of HTTP.
// The save and the live events are ready for flows, jobs and imports, whose endpoints follow.
#![allow(dead_code)]

mod api;
mod cli;
mod data_folder;
mod service;
mod settings;
mod texts;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
