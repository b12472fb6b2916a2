//! `formwork workspace create`

use engine::text::Language;

use super::{Outcome, operator, template};
use crate::service::operator::Operation;
use crate::settings::Options;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    /// What it is called
    #[arg(long)]
    name: String,
    /// What people get who chose no language: zh-CN, zh-TW or en
    #[arg(long, value_parser = template::language)]
    language: Option<Language>,
    /// The zone in which its dates are counted, such as Asia/Taipei
    #[arg(long)]
    zone: Option<String>,
    /// The ISO 4217 code of its base currency
    #[arg(long)]
    currency: Option<String>,
}

pub fn run(arguments: Arguments) -> Outcome {
    let Arguments { options, name, language, zone, currency } = arguments;
    operator::execute(options, Operation::CreateWorkspace { name, language, zone, currency })
}
