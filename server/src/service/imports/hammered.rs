//! What the server alone reads of the files of strangers, hammered: csv files, lists, workbooks, packages.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use engine::text::Language;
use serde_json::Value as Json;
use zip::write::SimpleFileOptions;

use super::hammer::Corpus;
use super::table::{Row, Table, list_into_rows};
use super::workbook::read_here;
use crate::service::strict;
use crate::service::templates::read_zip;

const CELLS: &[&str] = &[
    ",", ";", "\t", "\n", "\r\n", "\"", "\"\"", "sep=;\n", "=1+1", "'-2", "姓名", "\u{feff}", "a,b,c\n",
    "x\n", " ", "|", "[", "{", "}", "]", "null", "1e400", "\\u0000",
];

const MARKS: &[&str] = &[
    "<row r=\"1048576\">",
    "<c r=\"XFD1\">",
    "<c r=\"A1\" t=\"s\"><v>4294967295</v></c>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "count=\"4294967295\"",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&#x110000;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "</row>",
    "<v>1e400</v>",
    "<f>1+1</f>",
    "<si><t>x</t></si>",
    "xl/worksheets/s1.xml",
    "../../x",
    "<?xml",
    "/>",
    "<",
    "&",
];

/// A file for one input, which goes when the run is over.
fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("formwork-hammered-{name}-{}", std::process::id()))
}

fn corpus(name: &str, words: &'static [&'static str]) -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/service/imports/corpus").join(name);
    Corpus { folder, more: Vec::new(), words }
}

#[test]
fn no_csv_file_breaks_what_reads_it() {
    let path = file("csv");
    corpus("csv", CELLS).hammer(|input| {
        std::fs::write(&path, input).unwrap();
        let Ok(table) = Table::separated(&path, Language::ZhCn) else { return false };
        assert!(!table.headers.is_empty());
        let read = || {
            let rows = table.rows().unwrap().map_while(Result::ok);
            let cells = |row: &Row| {
                let cells = (0..=table.headers.len()).map(|place| row.cells.text(place).into_owned());
                cells.collect::<Vec<String>>()
            };
            rows.map(|row| (row.line, cells(&row))).collect::<Vec<_>>()
        };
        assert_eq!(read(), read());
        true
    });
    std::fs::remove_file(path).unwrap();
}

#[test]
fn no_list_breaks_what_reads_it() {
    let path = file("list");
    corpus("list", CELLS).hammer(|input| {
        std::fs::write(&path, input).unwrap();
        let mut rows: Vec<u8> = Vec::new();
        list_into_rows(&path, &mut rows).is_ok()
    });
    std::fs::remove_file(path).unwrap();
}

/// A zip of texts by their names; none where the input is no such document.
fn zipped(input: &[u8]) -> Option<Vec<u8>> {
    let Ok(Json::Object(parts)) = serde_json::from_slice(input) else { return None };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        let text = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
        writer.start_file(name.as_str(), SimpleFileOptions::default()).ok()?;
        writer.write_all(text.as_bytes()).unwrap();
    }
    Some(writer.finish().unwrap().into_inner())
}

#[test]
fn no_workbook_breaks_what_reads_it() {
    let path = file("workbook");
    corpus("workbook", MARKS).hammer(|input| {
        // What is no document of parts is tried as it is: a file that calls itself a workbook.
        std::fs::write(&path, zipped(input).unwrap_or_else(|| input.to_vec())).unwrap();
        read_here(&path, None, &mut Vec::<u8>::new()).is_ok()
    });
    std::fs::remove_file(path).unwrap();
}

#[test]
fn no_zip_of_a_package_breaks_what_reads_it() {
    let path = file("package");
    corpus(
        "package",
        &["package.json", "forms/", "../", "a/b/c/d", "demo/x.csv", "C:\\x", "/etc/x", ".json"],
    )
    .hammer(|input| {
        std::fs::write(&path, zipped(input).unwrap_or_else(|| input.to_vec())).unwrap();
        read_zip(&path).is_ok()
    });
    std::fs::remove_file(path).unwrap();
}

#[test]
fn no_body_breaks_what_reads_it() {
    corpus(
        "body",
        &["fields", "draft", "system", "\\u0000", "\\ud800", "{", "}", "[", "]", "1e400", "fields\": {"],
    )
    .hammer(|input| strict::from_slice::<wire::records::RecordInput>(input).is_ok());
}
