//! `formwork migrate-to`: everything goes to another database. The server has to stand still for it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};

use engine::text::Language;

use super::{Outcome, operator};
use crate::data_folder::DataFolder;
use crate::service::moving::{self, Moved, Progress, Proof};
use crate::settings::{CopyOptions, Settings};
use crate::texts::texts;

/// Digits of a checksum that are printed: a quarter of them, with which two tables are told apart by eye.
const SHOWN: usize = 16;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: CopyOptions,
}

pub fn run(arguments: Arguments) -> Outcome {
    let (options, url) = arguments.options.parts();
    let settings = Settings::read(options)?;
    let _folder = DataFolder::lock(&settings.data)?;
    let language = operator::language();
    let runtime = super::runtime()?;
    let tell = |progress: Progress<'_>| println!("{}", told(progress, language));
    let moved = runtime.block_on(moving::run(settings, &url, &tell));
    let moved = moved.map_err(|refusal| operator::words(refusal, language))?;
    print(&moved, language)?;
    match moved.is_proved() {
        true => Ok(()),
        false => Err(text("move-differs", &[], language).into()),
    }
}

/// One line about how far it is.
fn told(progress: Progress<'_>, language: Language) -> String {
    match progress {
        Progress::Examining => text("move-examining", &[], language),
        Progress::Copied { table, rows, done, of } => {
            let (rows, done, of) = (rows.to_string(), done.to_string(), of.to_string());
            let args =
                [("table", table), ("rows", rows.as_str()), ("done", done.as_str()), ("of", of.as_str())];
            text("move-copied", &args, language)
        }
        Progress::Proving => text("move-proving", &[], language),
    }
}

/// What came of each table, and what to do next.
fn print(moved: &Moved, language: Language) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out)?;
    for proof in &moved.proofs {
        writeln!(out, "{}", line(proof, language))?;
    }
    writeln!(out)?;
    for found in &moved.new {
        writeln!(out, "{}", found.told(language))?;
    }
    if !moved.is_proved() {
        return Ok(());
    }
    if !moved.before.is_empty() {
        writeln!(out, "{}", text("move-found-before", &[], language))?;
        for found in &moved.before {
            writeln!(out, "  {}", found.told(language))?;
        }
    }
    let (tables, rows) = (moved.proofs.len().to_string(), moved.rows().to_string());
    writeln!(
        out,
        "{}",
        text("move-proved", &[("tables", tables.as_str()), ("rows", rows.as_str())], language)
    )?;
    writeln!(out, "{}", text("move-next", &[], language))
}

/// A table: its rows, its checksum, and whether both are equal.
fn line(proof: &Proof, language: Language) -> String {
    let (there, here) = (&proof.there, &proof.here);
    if proof.is_equal() {
        let equal = text("move-equal", &[], language);
        return format!("{:<24} {:>12}  {}  {equal}", proof.table, here.rows, shown(here));
    }
    let different = text("move-different", &[], language);
    format!(
        "{:<24} {:>12}  {}  {different}: {} {}",
        proof.table,
        here.rows,
        shown(here),
        there.rows,
        shown(there)
    )
}

fn shown(checksum: impl Display) -> String {
    checksum.to_string().chars().take(SHOWN).collect()
}

fn text(key: &str, args: &[(&str, &str)], language: Language) -> String {
    let args: BTreeMap<String, String> =
        args.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
    texts(language).get(key, &args).unwrap_or_else(|| key.to_string())
}
