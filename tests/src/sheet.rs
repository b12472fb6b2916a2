//! Workbooks: made for stories, and read as another program would read them.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A cell that holds text.
pub fn text(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text))
}

/// A cell that holds a number as it is written, in the style with this place: 1 is a day, 2 a moment, 3 a percentage.
pub fn number(literal: &str, style: usize) -> String {
    format!("<c s=\"{style}\"><v>{literal}</v></c>")
}

/// A workbook with these sheets: their names, and the cells of their rows as XML. A cell of no text is left out.
pub fn workbook(sheets: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    let sheets: Vec<(&str, String)> = sheets
        .iter()
        .map(|(name, rows)| {
            let rows: String = rows.iter().map(|cells| format!("<row>{}</row>", cells.concat())).collect();
            (*name, format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
        })
        .collect();
    let sheets: Vec<(&str, &str)> = sheets.iter().map(|(name, sheet)| (*name, sheet.as_str())).collect();
    zipped(&book(&sheets))
}

/// A workbook with one sheet, whose part is this text.
pub fn with_sheet(part: &str) -> Vec<u8> {
    zipped(&book(&[("Sheet1", part)]))
}

/// The parts of a workbook, by name.
pub fn book(sheets: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let (mut list, mut links) = (String::new(), String::new());
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (place, (name, sheet)) in sheets.iter().enumerate() {
        let id = place + 1;
        list += &format!("<sheet name=\"{}\" sheetId=\"{id}\" r:id=\"r{id}\"/>", escaped(name));
        links += &format!(
            "<Relationship Id=\"r{id}\" Type=\"{LINKS}/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet.as_bytes().to_vec()));
    }
    links += &format!("<Relationship Id=\"st\" Type=\"{LINKS}/styles\" Target=\"styles.xml\"/>");
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/>\
                  <xf numFmtId=\"10\"/></cellXfs></styleSheet>";
    let root = format!(
        "<Relationships><Relationship Id=\"b\" Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let workbook = format!("<workbook xmlns:r=\"{LINKS}\"><sheets>{list}</sheets></workbook>");
    let more = [
        ("_rels/.rels", root),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{links}</Relationships>")),
        ("xl/styles.xml", styles.to_owned()),
    ];
    parts.extend(more.map(|(name, part)| (name.to_owned(), part.into_bytes())));
    parts
}

/// A zip of these files.
pub fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The cells of the sheet with this place, from 1, row by row; a blank one is an empty text. Of a number its digits.
pub fn cells(workbook: &[u8], sheet: usize) -> Vec<Vec<String>> {
    let part = part(workbook, &format!("xl/worksheets/sheet{sheet}.xml"));
    part.split("<row").skip(1).map(row).collect()
}

/// A part of a workbook, as it is written.
pub fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip");
    let mut text = String::new();
    let mut part = archive.by_name(name).expect("the part is there");
    part.read_to_string(&mut text).unwrap();
    text
}

fn row(text: &str) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for cell in text.split("<c ").skip(1) {
        let name = between(cell, "r=\"", "\"").expect("a cell says where it is");
        let column = name.bytes().take_while(u8::is_ascii_uppercase);
        let column = column.fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1) - 1;
        let content = between(cell, "<v>", "</v>").or_else(|| between(cell, "preserve\">", "</t>"));
        cells.resize(cells.len().max(column + 1), String::new());
        cells[column] = content.map(plain).unwrap_or_default();
    }
    cells
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(inner, _)| inner)
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
