//! The bytes of such a file. What is text stays text, whatever it begins with.

use std::io::Cursor;

use engine::import::{Written, defused};
use engine::text::Language;
use wire::ReportFormat;

use super::sheets::Sheet;
use crate::service::Refusal;
use crate::service::spreadsheet::{Look, Workbook};

/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A report that was put into a file.
pub struct ReportFile {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Writes these sheets into one file: a workbook with as many sheets, or one below the other.
///
/// # Errors
/// None but of the program itself.
pub fn write(
    label: &str,
    format: ReportFormat,
    sheets: &[Sheet],
    language: Language,
) -> Result<ReportFile, Refusal> {
    let (ending, media_type, bytes) = match format {
        ReportFormat::Xlsx => (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook(sheets).map_err(Refusal::internal)?,
        ),
        ReportFormat::Csv => {
            ("csv", "text/csv; charset=utf-8", separated(sheets, language).map_err(Refusal::internal)?)
        }
    };
    Ok(ReportFile { name: format!("{label}.{ending}"), media_type, bytes })
}

fn workbook(sheets: &[Sheet]) -> std::io::Result<Vec<u8>> {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let mut book = Workbook::new(Cursor::new(Vec::new()), &names)?;
    for (place, sheet) in sheets.iter().enumerate() {
        if place > 0 {
            book.next_sheet()?;
        }
        book.header(sheet.header.iter().map(String::as_str))?;
        for row in &sheet.rows {
            book.row(row.iter().map(|cell| (cell.clone(), Look::Plain)))?;
        }
        if !sheet.notes.is_empty() {
            book.row(std::iter::empty())?;
        }
        for note in &sheet.notes {
            book.row([(Written::Text(note.clone()), Look::Plain)])?;
        }
    }
    Ok(book.finish()?.into_inner())
}

/// One below the other, each under its name where there are several.
fn separated(sheets: &[Sheet], language: Language) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = BYTE_ORDER_MARK.to_vec();
    for (place, sheet) in sheets.iter().enumerate() {
        if place > 0 {
            bytes.extend_from_slice(b"\r\n");
        }
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut bytes);
        if sheets.len() > 1 {
            writer.write_record([defused(&sheet.name)])?;
        }
        writer.write_record(sheet.header.iter().map(|head| defused(head)))?;
        for row in &sheet.rows {
            // Numbers are what they are; text might be taken for a formula.
            let cells = row.iter().map(|cell| {
                let text = cell.text(language);
                if cell.is_text() { defused(&text) } else { text }
            });
            writer.write_record(cells)?;
        }
        for note in &sheet.notes {
            writer.write_record([defused(note)])?;
        }
        writer.flush()?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(name: &str, cell: Written) -> Sheet {
        let rows = vec![vec![cell, Written::Blank]];
        Sheet { name: name.to_string(), header: vec!["a,b".into(), "c".into()], rows, notes: Vec::new() }
    }

    fn csv(sheets: &[Sheet]) -> String {
        let file = write("x", ReportFormat::Csv, sheets, Language::En).unwrap();
        assert_eq!(file.name, "x.csv");
        String::from_utf8(file.bytes).unwrap()
    }

    #[test]
    fn t34_text_that_would_run_is_defused_and_numbers_are_not() {
        let text = sheet("one", Written::Text("=cmd()".into()));
        assert_eq!(csv(std::slice::from_ref(&text)), "\u{feff}\"a,b\",c\r\n'=cmd(),\r\n");
        let number = sheet("two", Written::Number("-5.00".parse().unwrap(), 2));
        let noted = Sheet { notes: vec!["+note".into()], ..number };
        assert_eq!(csv(&[noted]), "\u{feff}\"a,b\",c\r\n-5.00,\r\n'+note\r\n");
    }

    #[test]
    fn several_stand_below_each_other_under_their_names() {
        let sheets = [sheet("one", Written::Text("x".into())), sheet("two", Written::Text("y".into()))];
        assert_eq!(csv(&sheets), "\u{feff}one\r\n\"a,b\",c\r\nx,\r\n\r\ntwo\r\n\"a,b\",c\r\ny,\r\n");
    }
}
