//! `cargo xtask run`: builds the product, starts it, and fills it with people and templates at the first start.

mod demo;
pub mod server;
mod sign_ins;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::frontend::wasm::Profile;
use crate::{build_frontend, progress};

use server::Server;

#[derive(Args)]
pub struct Options {
    /// Build quickly instead of fast and small
    #[arg(long)]
    dev: bool,
    /// Folder for the database and the files
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Language of the demo data and of the first administrator: zh-CN, zh-TW or en
    #[arg(long, default_value = "zh-CN", value_parser = ["zh-CN", "zh-TW", "en"])]
    language: String,
}

pub fn run(options: &Options) -> Result<()> {
    build_frontend::build(Profile::of(options.dev))?;
    let binary = server::build(options.dev)?;
    // Given from where the person stands, as every path on a command line.
    let data = std::env::current_dir()?.join(&options.data);
    progress::headline("Starting Formwork");
    let mut server = Server::start(&binary, &data, options.listen, &[])?;
    let filled = demo::fill(&server, &data, &options.language)
        .with_context(|| format!("the demo is incomplete; the next `cargo xtask run` goes on with it, and an empty start needs only `rm -r {}`", data.display()));
    match filled {
        Ok(told) => {
            print!("\n{told}");
            server.wait()
        }
        Err(error) => {
            server.stop()?;
            Err(error)
        }
    }
}
