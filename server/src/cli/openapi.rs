//! `formwork openapi`

use std::io::Write;

use super::Outcome;
use crate::api::doc::document;

pub fn run() -> Outcome {
    let text = serde_json::to_string_pretty(&document())?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
