//! `formwork admin create`

use std::io::Read;

use super::{Outcome, operator};
use crate::service::operator::Operation;
use crate::settings::Options;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The address to sign in with
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// The id of the workspace, as `workspace create` prints it; the oldest without this
    #[arg(long)]
    workspace: Option<String>,
}

pub fn run(arguments: Arguments) -> Outcome {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_string();
    let Arguments { options, email, name, workspace, .. } = arguments;
    operator::execute(options, Operation::CreateAdministrator { email, name, password, workspace })
}
