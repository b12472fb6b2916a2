//! Workbooks that no honest program writes, and honest ones that are damaged.

use tests::sheet::{book, with_sheet, zipped};

use super::Case;

const NAME: &str = "things.xlsx";
/// The header, in the first row.
const HEADER: &str = "<row><c t=\"str\"><v>a</v></c><c t=\"str\"><v>b</v></c></row>";
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn refused(what: &'static str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Case {
    Case::refused(what, NAME, bytes, code)
}

fn read(what: &'static str, bytes: impl Into<Vec<u8>>, cells: &'static [[&'static str; 2]]) -> Case {
    Case::read(what, NAME, bytes, cells)
}

/// A workbook with rows below the header.
fn rows(rows: &str) -> Vec<u8> {
    with_sheet(&whole(rows))
}

fn whole(rows: &str) -> String {
    format!("<worksheet><sheetData>{HEADER}{rows}</sheetData></worksheet>")
}

/// A row with these two cells.
fn row(cells: [&str; 2]) -> String {
    format!("<row>{}</row>", cells.map(|cell| format!("<c t=\"str\"><v>{cell}</v></c>")).concat())
}

type Parts = Vec<(String, Vec<u8>)>;

/// An honest workbook with two cells, of which one part is not as it was: the old one comes to `make`.
fn with_part(name: &str, make: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut parts: Parts = book(&[("Sheet1", &whole(&row(["1", "2"])))]);
    for (known, content) in &mut parts {
        if known == name {
            *content = make(std::str::from_utf8(content).unwrap());
        }
    }
    zipped(&parts)
}

fn without_part(name: &str) -> Vec<u8> {
    let mut parts: Parts = book(&[("Sheet1", &whole(&row(["1", "2"])))]);
    parts.retain(|(known, _)| known != name);
    zipped(&parts)
}

pub fn cases() -> Vec<Case> {
    [no_workbooks(), broken_text(), broken_cells(), strange()].into_iter().flatten().collect()
}

/// What is called a workbook and is none, or not all of one.
fn no_workbooks() -> Vec<Case> {
    const NONE: &str = "xlsx_not_a_workbook";
    let honest = rows(&row(["1", "2"]));
    let many: Vec<(String, String)> =
        (0..300).map(|number| (format!("s{number}"), whole(&row(["1", "2"])))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, sheet)| (name.as_str(), sheet.as_str())).collect();
    // Large enough that its middle is within the sheet.
    let damaged = {
        let long: String =
            (0..2_000u64).map(|n| row([&(n * 7_919).to_string(), &(n * n).to_string()])).collect();
        let mut bytes = rows(&long);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x5a;
        bytes
    };
    vec![
        refused("nothing", "", NONE),
        refused("the first bytes of a zip", &b"PK\x03\x04"[..], NONE),
        refused("without its end", &honest[..honest.len() - 30], NONE),
        refused("its end alone", &honest[honest.len() - 30..], NONE),
        refused("separated values", "a,b\n1,2\n", NONE),
        refused("a list", "[{\"a\": \"1\", \"b\": \"2\"}]", NONE),
        refused("without the book", without_part("xl/workbook.xml"), NONE),
        refused("without the names of its parts", without_part("xl/_rels/workbook.xml.rels"), NONE),
        refused("without its sheet", without_part(SHEET), NONE),
        refused("a book without sheets", with_part("xl/workbook.xml", |_| b"<workbook/>".to_vec()), NONE),
        refused("a book that is no text", with_part("xl/workbook.xml", |_| b"nothing here".to_vec()), NONE),
        refused(
            "a sheet outside of the file",
            with_part("xl/_rels/workbook.xml.rels", |part| {
                part.replace("worksheets/sheet1.xml", "../../../etc/passwd").into_bytes()
            }),
            NONE,
        ),
        refused("sheets without end", zipped(&book(&many)), "xlsx_too_large"),
        refused("a byte that is another one", damaged, "xlsx_damaged"),
    ]
}

/// Parts that are no XML, or more than that.
fn broken_text() -> Vec<Case> {
    const DAMAGED: &str = "xlsx_damaged";
    let text = |text: &str| rows(&format!("<row><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>"));
    vec![
        refused(
            "a book that breaks off",
            with_part("xl/workbook.xml", |_| b"<workbook><sheets>".to_vec()),
            DAMAGED,
        ),
        refused(
            "a document type in the book",
            with_part("xl/workbook.xml", |part| format!("<!DOCTYPE x>{part}").into_bytes()),
            "xlsx_entities",
        ),
        refused(
            "an attribute without its quote",
            with_sheet("<worksheet><sheetData><row r=\"1><c/></row>"),
            DAMAGED,
        ),
        refused(
            "an attribute without its value",
            with_sheet("<worksheet><sheetData><row r></row></sheetData></worksheet>"),
            DAMAGED,
        ),
        refused("one end too many", with_sheet(&format!("{}</worksheet>", whole(""))), DAMAGED),
        refused("a tag without a name", rows("<>"), DAMAGED),
        refused("an entity of nobody", text("&nobody;"), "xlsx_entities"),
        refused("an entity without its end", text("1 & 2"), DAMAGED),
        refused("a sign beyond the last", text("&#x110000;"), DAMAGED),
        refused("a comment without its end", rows("<!-- 1"), DAMAGED),
        refused("literal text without its end", text("<![CDATA[1"), DAMAGED),
        refused("tags within tags", rows(&format!("{}{}", "<x>".repeat(100), "</x>".repeat(100))), DAMAGED),
        refused(
            "bytes that are no text",
            with_part(SHEET, |part| {
                let mut bytes = part.as_bytes().to_vec();
                let place = part.find(">2<").unwrap() + 1;
                bytes[place] = 0xff;
                bytes
            }),
            DAMAGED,
        ),
    ]
}

/// Cells and rows that cannot be.
fn broken_cells() -> Vec<Case> {
    const DAMAGED: &str = "xlsx_damaged";
    vec![
        refused("a shared text that is not there", rows("<row><c t=\"s\"><v>5</v></c></row>"), DAMAGED),
        refused("a shared text before the first", rows("<row><c t=\"s\"><v>-1</v></c></row>"), DAMAGED),
        refused(
            "a row above the one before",
            rows("<row r=\"9\"><c><v>1</v></c></row><row r=\"8\"/>"),
            DAMAGED,
        ),
        refused("a row twice", rows("<row r=\"2\"/><row r=\"2\"><c><v>1</v></c></row>"), DAMAGED),
        refused(
            "a row above the first",
            with_sheet("<worksheet><sheetData><row r=\"0\"><c><v>1</v></c></row></sheetData></worksheet>"),
            DAMAGED,
        ),
        refused(
            "a cell beyond the last column",
            rows("<row><c r=\"ZZZ2\"><v>1</v></c></row>"),
            "xlsx_too_large",
        ),
        refused("a row beyond the last", rows("<row r=\"99999999\"><c><v>1</v></c></row>"), "xlsx_too_large"),
        refused(
            "blank cells alone",
            with_sheet(
                "<worksheet><sheetData><row><c t=\"str\"><v>  </v></c><c/></row></sheetData></worksheet>",
            ),
            "xlsx_no_header",
        ),
        refused("a sheet without anything", with_sheet("<worksheet/>"), "xlsx_no_header"),
    ]
}

/// Strange, and read.
fn strange() -> Vec<Case> {
    let mut more: Parts = book(&[("Sheet1", &whole(&row(["1", "2"])))]);
    more.push(("xl/media/x.bin".to_owned(), vec![0xff; 1000]));
    more.push(("../../outside.txt".to_owned(), b"never written".to_vec()));
    let mut shouted: Parts = book(&[("Sheet1", &whole(&row(["1", "2"])))]);
    shouted.iter_mut().for_each(|(name, _)| *name = name.to_uppercase());
    vec![
        read(
            "cells from the right",
            rows("<row><c r=\"B2\"><v>2</v></c><c r=\"A2\"><v>1</v></c></row>"),
            &[["1", "2"]],
        ),
        read(
            "tags that nobody knows",
            rows(&format!(
                "<row><x y=\"1\"><c><v>9</v></c></x><c><z/><v>1</v></c><c><v>2</v></c></row>{}",
                row(["3", "4"])
            )),
            &[["1", "2"], ["3", "4"]],
        ),
        read(
            "a format that is not there",
            rows("<row><c s=\"999\"><v>1</v></c><c s=\"x\"><v>2</v></c></row>"),
            &[["1", "2"]],
        ),
        read(
            "a sort of cell that nobody knows",
            rows("<row><c t=\"zz\"><v>one</v></c><c t=\"\"><v>2</v></c></row>"),
            &[["one", "2"]],
        ),
        read(
            "an extent that is not so",
            with_sheet(&format!(
                "<worksheet><dimension ref=\"A1:A1\"/><sheetData>{HEADER}{}</sheetData></worksheet>",
                row(["1", "2"])
            )),
            &[["1", "2"]],
        ),
        read(
            "merged cells that are none",
            with_sheet(&format!(
                "<worksheet><sheetData>{HEADER}{}</sheetData><mergeCells><mergeCell ref=\"here\"/><mergeCell/></mergeCells></worksheet>",
                row(["1", "2"])
            )),
            &[["1", "2"]],
        ),
        read("literal text", rows(&row(["<![CDATA[<1>]]>", "2<!-- two -->"])), &[["<1>", "2"]]),
        read(
            "text in pieces",
            rows(
                "<row><c t=\"inlineStr\"><is><r><t>1</t></r><rPh><t>x</t></rPh><r><t>2</t></r></is></c><c><v>3</v></c></row>",
            ),
            &[["12", "3"]],
        ),
        read(
            "rows far apart",
            rows(&format!("<row r=\"1000\"/><row r=\"1048575\"/>{}", row(["1", "2"]))),
            &[["1", "2"]],
        ),
        read(
            "a number as programs write it",
            rows(&row(["1", "2"]).replace(" t=\"str\"", "").replace(">1<", ">1E2<")),
            &[["100", "2"]],
        ),
        read(
            "a mark before the sheet",
            with_part(SHEET, |part| format!("\u{feff}{part}").into_bytes()),
            &[["1", "2"]],
        ),
        read("parts that are no business of a table", zipped(&more), &[["1", "2"]]),
        read("parts in capital letters", zipped(&shouted), &[["1", "2"]]),
        read("nothing below the header but blanks", rows("<row/><row><c/></row>"), &[]),
    ]
}
