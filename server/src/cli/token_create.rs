//! `formwork token create`

use super::{Outcome, operator};
use crate::service::operator::Operation;
use crate::settings::Options;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The address of the member that the token acts for
    #[arg(long)]
    email: String,
    /// What it is for
    #[arg(long)]
    name: String,
    /// read, write, design, administer; all without this
    #[arg(long, value_delimiter = ',', value_parser = scope)]
    scopes: Vec<wire::Scope>,
}

fn scope(text: &str) -> Result<wire::Scope, String> {
    serde_json::from_value(text.into()).map_err(|_| "one of read, write, design, administer".to_string())
}

pub fn run(arguments: Arguments) -> Outcome {
    let Arguments { options, email, name, scopes } = arguments;
    operator::execute(options, Operation::CreateToken { email, name, scopes })
}
