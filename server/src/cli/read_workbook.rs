//! The rows of a workbook, on standard output: the program calls itself so, with limits, for files that somebody sent.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::service::imports;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The workbook
    book: PathBuf,
    /// One of its sheets; the first with something in it when absent
    #[arg(allow_hyphen_values = true)]
    sheet: Option<String>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    imports::read_workbook(&arguments.book, arguments.sheet.as_deref())
}
