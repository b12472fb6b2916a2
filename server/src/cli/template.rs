//! `formwork template list` and `formwork template install`

use engine::text::Language;

use super::{Outcome, operator};
use crate::service::operator::Operation;
use crate::settings::Options;

#[derive(Debug, clap::Args)]
pub struct ListArguments {
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, clap::Args)]
pub struct InstallArguments {
    /// The template, as `template list` prints it
    key: String,
    /// The language of role names and demo records: zh-CN, zh-TW or en
    #[arg(long, value_parser = language)]
    locale: Option<Language>,
    /// Load the demo records
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    options: Options,
}

/// A language by its tag.
pub fn language(tag: &str) -> Result<Language, String> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag() == tag)
        .ok_or_else(|| "it is zh-CN, zh-TW or en".to_string())
}

pub fn list(arguments: ListArguments) -> Outcome {
    operator::execute(arguments.options, Operation::ListTemplates)
}

pub fn install(arguments: InstallArguments) -> Outcome {
    let InstallArguments { key, locale, demo, options } = arguments;
    operator::execute(options, Operation::InstallTemplate { key, locale, demo })
}
