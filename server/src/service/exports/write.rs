//! The file of an export: rows come in portions, and go out as they come.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use engine::import::{Written, defused};
use engine::text::{Fault, Language};
use serde_json::Value as Json;
use tokio::sync::mpsc::Receiver;

use crate::service::files::{begin_part, disk_refusal};
use crate::service::spreadsheet::{Look, MOST_ROWS, Workbook};
use crate::service::{Cause, Refusal};

/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const BUFFER: usize = 256 << 10;

/// Some rows, or some records of a list.
pub enum Portion {
    Rows(Vec<Vec<Written>>),
    Records(Vec<Json>),
}

/// Writes a file to its end; gives how many cells were cut. Nothing comes any more where the sender is gone.
///
/// # Errors
/// `export_too_long`; when the disk can't be written.
pub fn write(
    place: &Path,
    format: wire::ExportFormat,
    (sheet, headers, language): (&str, &[String], Language),
    portions: Receiver<Portion>,
) -> Result<u64, Refusal> {
    let file = begin_part(place)?;
    let into = BufWriter::with_capacity(BUFFER, file);
    match format {
        wire::ExportFormat::Xlsx => workbook(into, sheet, headers, portions),
        wire::ExportFormat::Csv => separated(into, headers, language, portions).map(|()| 0),
        wire::ExportFormat::Json => list(into, portions).map(|()| 0).map_err(disk_refusal),
    }
}

fn too_long() -> Refusal {
    let fault = Fault::new("format", "export_too_long").arg("max", MOST_ROWS);
    Refusal { faults: vec![fault], ..Refusal::new(Cause::Invalid, "export_too_long") }.arg("max", MOST_ROWS)
}

fn workbook(
    into: BufWriter<File>,
    sheet: &str,
    headers: &[String],
    mut portions: Receiver<Portion>,
) -> Result<u64, Refusal> {
    let mut book = Workbook::new(into, &[sheet]).map_err(disk_refusal)?;
    book.header(headers.iter().map(String::as_str)).map_err(disk_refusal)?;
    let mut count = 1;
    while let Some(portion) = portions.blocking_recv() {
        let Portion::Rows(rows) = portion else { continue };
        for row in rows {
            count += 1;
            if count > MOST_ROWS {
                return Err(too_long());
            }
            book.row(row.into_iter().map(|cell| (cell, Look::Plain))).map_err(disk_refusal)?;
        }
    }
    let cut = book.cut;
    book.finish().and_then(|mut into| into.flush()).map_err(disk_refusal)?;
    Ok(cut)
}

fn separated(
    mut into: BufWriter<File>,
    headers: &[String],
    language: Language,
    mut portions: Receiver<Portion>,
) -> Result<(), Refusal> {
    into.write_all(BYTE_ORDER_MARK).map_err(disk_refusal)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
    let unwritten = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => disk_refusal(error),
        other => Refusal::internal(format!("{other:?}")),
    };
    writer.write_record(headers.iter().map(|header| defused(header))).map_err(unwritten)?;
    while let Some(portion) = portions.blocking_recv() {
        let Portion::Rows(rows) = portion else { continue };
        for row in rows {
            // Numbers and days are what they are; text might be taken for a formula.
            let cells = row.iter().map(|cell| {
                let text = cell.text(language);
                if cell.is_text() { defused(&text) } else { text }
            });
            writer.write_record(cells).map_err(unwritten)?;
        }
    }
    writer.flush().map_err(disk_refusal)
}

fn list(mut into: BufWriter<File>, mut portions: Receiver<Portion>) -> io::Result<()> {
    let mut before: &[u8] = b"[\n";
    while let Some(portion) = portions.blocking_recv() {
        let Portion::Records(records) = portion else { continue };
        for record in records {
            into.write_all(before)?;
            serde_json::to_writer(&mut into, &record)?;
            before = b",\n";
        }
    }
    let is_empty = before.first() == Some(&b'[');
    into.write_all(if is_empty { b"[]\n" } else { b"\n]\n" })?;
    into.flush()
}
