//! `formwork doctor` and `formwork audit verify`

use super::{Outcome, operator};
use crate::service::operator::Operation;
use crate::settings::Options;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
}

pub fn everything(arguments: Arguments) -> Outcome {
    operator::execute(arguments.options, Operation::Doctor)
}

pub fn audit(arguments: Arguments) -> Outcome {
    operator::execute(arguments.options, Operation::VerifyAudit)
}
