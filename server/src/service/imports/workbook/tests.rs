//! Workbooks as other programs write them, and as nobody should.

use std::io::Write;
use std::path::PathBuf;

use zip::write::SimpleFileOptions;

use super::BookFault;
use super::fault::Size;
use super::read::read;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook in parts.
struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    /// One with these sheets: name, and what stands between `<worksheet>` and its end.
    fn with(sheets: &[(&str, &str)]) -> Parts {
        let mut parts = Vec::new();
        let mut add = |name: &str, text: String| parts.push((name.to_string(), text.into_bytes()));
        add(
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"r\" Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        );
        let (mut list, mut links) = (String::new(), String::new());
        for (place, (name, content)) in sheets.iter().enumerate() {
            list += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"r{0}\"/>", place + 1);
            links += &format!(
                "<Relationship Id=\"r{0}\" Type=\"{LINKS}/worksheet\" Target=\"worksheets/s{0}.xml\"/>",
                place + 1
            );
            let sheet = format!("<?xml version=\"1.0\"?><worksheet xmlns=\"{MAIN}\">{content}</worksheet>");
            add(&format!("xl/worksheets/s{}.xml", place + 1), sheet);
        }
        links += &format!("<Relationship Id=\"st\" Type=\"{LINKS}/styles\" Target=\"styles.xml\"/>");
        links += &format!(
            "<Relationship Id=\"ss\" Type=\"{LINKS}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
        );
        add(
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><workbookPr/><sheets>{list}</sheets></workbook>"
            ),
        );
        add("xl/_rels/workbook.xml.rels", format!("<Relationships>{links}</Relationships>"));
        let formats = [0, 14, 22, 20, 9, 164].map(|id| format!("<xf numFmtId=\"{id}\"/>")).concat();
        add(
            "xl/styles.xml",
            format!(
                "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs>{formats}</cellXfs></styleSheet>"
            ),
        );
        add(
            "xl/sharedStrings.xml",
            "<sst count=\"4\"><si><t>Name</t></si><si><r><t>Am</t></r><r><rPr><b/></rPr><t>ount</t></r><rPh><t>no</t></rPh></si><si><t>At</t></si><si><t xml:space=\"preserve\"> 王_x000D_ </t></si></sst>".to_string(),
        );
        Parts(parts)
    }

    fn replace(mut self, name: &str, text: impl Into<Vec<u8>>) -> Parts {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_string(), text.into()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in &self.0 {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn lines(&self, sheet: Option<&str>) -> Result<Vec<String>, BookFault> {
        lines(&self.bytes(), sheet)
    }
}

/// The lines that are made of a workbook.
fn lines(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<String>, BookFault> {
    let name = format!("formwork-book-{}-{:?}", std::process::id(), std::thread::current().id());
    let path: PathBuf = std::env::temp_dir().join(name.replace(['(', ')'], ""));
    std::fs::write(&path, bytes).unwrap();
    let mut out = Vec::new();
    let outcome = read(&path, sheet, &mut out);
    std::fs::remove_file(&path).unwrap();
    outcome.map(|()| String::from_utf8(out).unwrap().lines().map(str::to_string).collect())
}

fn rows(rows: &[&str]) -> String {
    let rows =
        rows.iter().enumerate().map(|(place, cells)| format!("<row r=\"{}\">{cells}</row>", place + 1));
    format!("<sheetData>{}</sheetData>", rows.collect::<String>())
}

#[test]
fn cells_are_read_as_they_are_shown() {
    let sheet = rows(&[
        "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"inlineStr\"><is><t>On</t></is></c>",
        "<c r=\"A2\" t=\"s\"><v>3</v></c><c r=\"B2\"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r=\"C2\" s=\"1\"><v>45544</v></c><c r=\"D2\" t=\"b\"><v>1</v></c>",
        "",
        "<c r=\"B4\" s=\"4\"><v>0.155</v></c><c r=\"C4\" s=\"2\"><v>45544.354166666664</v></c><c r=\"D4\" t=\"e\"><v>#N/A</v></c>",
        "<c t=\"str\"><f>A1</f><v>x</v></c><c s=\"3\"><v>0.5</v></c><c s=\"5\"><v>45544.9</v></c><c t=\"d\"><v>2024-09-09T00:00:00</v></c><c/>",
        "<c r=\"F6\"><v>1E+2</v></c>",
    ]);
    let lines = Parts::with(&[("Sheet 1", &sheet)]).lines(None).unwrap();
    assert_eq!(
        lines[0],
        r#"{"sheets":["Sheet 1"],"sheet":"Sheet 1","headers":["Name","Amount","At","On","",""],"from_1904":false,"is_json":false}"#
    );
    assert_eq!(lines[1], r#"[2,[" 王\r ","0.3","2024-09-09","TRUE",null,null]]"#);
    assert_eq!(lines[2], r##"[4,[null,"15.5%","2024-09-09 08:30:00",{"error":"#N/A"},null,null]]"##);
    assert_eq!(lines[3], r#"[5,["x","12:00","2024-09-09","2024-09-09",null,null]]"#);
    assert_eq!(lines[4], r#"[6,[null,null,null,null,null,"100"]]"#);
    assert_eq!(lines.len(), 5);
}

#[test]
fn a_sheet_is_chosen_and_days_may_count_from_1904() {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let second = rows(&[&text("Day"), "<c s=\"1\"><v>44082</v></c>"]);
    let parts = Parts::with(&[("empty", "<sheetData/>"), ("days", &second), ("hidden", &second)]);
    let book =
        String::from_utf8(parts.0.iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1.clone());
    let book = book.unwrap().replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>");
    let book = book.replace("<sheet name=\"hidden\"", "<sheet state=\"hidden\" name=\"hidden\"");
    let parts = parts.replace("xl/workbook.xml", book);
    let lines = parts.lines(None).unwrap();
    assert!(lines[0].starts_with(r#"{"sheets":["empty","days"],"sheet":"days""#), "{}", lines[0]);
    assert!(lines[0].contains(r#""from_1904":true"#));
    assert_eq!(lines[1], r#"[2,["2024-09-09"]]"#);
    assert_eq!(parts.lines(Some("days")).unwrap(), lines);
    for missing in ["hidden", "nowhere"] {
        let fault = parts.lines(Some(missing)).unwrap_err();
        assert_eq!(fault, BookFault::UnknownSheet { sheet: missing.into() });
    }
    let fault = parts.lines(Some("empty")).unwrap_err();
    assert_eq!(fault, BookFault::NoHeader { sheet: "empty".into() });
}

#[test]
fn merged_cells_hold_for_the_rows_below() {
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let data = rows(&[
        &text("A1", "Orders"),
        &[text("A2", "No"), text("B2", "Lines")].concat(),
        &[text("B3", "Item"), text("C3", "Qty")].concat(),
        &[text("A4", "1"), text("B4", "a"), text("C4", "2")].concat(),
        &[text("B5", "b"), text("C5", "3")].concat(),
        &[text("A6", "2"), text("B6", "c")].concat(),
    ]);
    let merged = "<mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"B2:C2\"/><mergeCell ref=\"A4:A5\"/></mergeCells>";
    let lines = Parts::with(&[("s", &format!("{data}{merged}"))]).lines(None).unwrap();
    assert!(lines[0].contains(r#""headers":["No","Lines.Item","Lines.Qty"]"#), "{}", lines[0]);
    assert_eq!(lines[1..], [r#"[4,["1","a","2"]]"#, r#"[5,["1","b","3"]]"#, r#"[6,["2","c",null]]"#]);
}

#[test]
fn what_is_just_small_enough_is_read() {
    let long = "x".repeat(32_767);
    let row = |number: u32, last: &str| {
        format!("<c r=\"A{number}\" t=\"str\"><v>a</v></c><c r=\"SF{number}\" t=\"str\"><v>{last}</v></c>")
    };
    let read = Parts::with(&[("s", &rows(&[&row(1, "b"), &row(2, &long)]))]).lines(None).unwrap();
    assert!(read.iter().any(|line| line.contains(&long)), "{}", read.len());
}

#[test]
fn bombs_and_broken_workbooks_are_refused() {
    let header = "<c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c>";
    let usual = || Parts::with(&[("s", &rows(&[header]))]);
    let sheet = |content: &str| Parts::with(&[("s", content)]);
    let part = |name: &str| BookFault::Damaged { part: name.into() };
    let too_large = BookFault::too_large;
    let long = "x".repeat(40_000);
    // Repetitive as only a bomb is: each of these is some kilobytes when packed.
    let rows_of_cells = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(400)).repeat(50);
    let wide = "<c r=\"SG1\"><v>1</v></c>";
    let many: Vec<(String, Vec<u8>)> = (0..300).map(|n| (format!("xl/media/{n}"), Vec::new())).collect();
    let merges = "<mergeCell ref=\"A1:ZZ500000\"/>".repeat(3);
    for (what, parts, fault) in [
        (
            "extent",
            sheet("<dimension ref=\"A1:XFD1048576\"/><sheetData/>"),
            too_large(Size::Cells, 20_000_000),
        ),
        (
            "texts",
            usual().replace("xl/sharedStrings.xml", "<sst count=\"4294967295\"/>"),
            too_large(Size::Texts, 20_000_000),
        ),
        (
            "ratio",
            sheet(&format!("<sheetData>{}</sheetData>", rows_of_cells.repeat(20))),
            too_large(Size::Ratio, 100),
        ),
        (
            "long",
            sheet(&rows(&[&format!("<c r=\"A1\" t=\"str\"><v>{long}</v></c>")])),
            BookFault::CellTooLong { cell: "A1".into(), most: 32_767 },
        ),
        ("wide", sheet(&rows(&[wide])), too_large(Size::Columns, 500)),
        (
            "deep",
            sheet("<sheetData><row r=\"1048577\"><c><v>1</v></c></row></sheetData>"),
            too_large(Size::Rows, 1_048_576),
        ),
        (
            "merged",
            sheet(&format!("{}<mergeCells>{merges}</mergeCells>", rows(&[header]))),
            too_large(Size::Cells, 20_000_000),
        ),
        (
            "entities",
            usual().replace(
                "xl/worksheets/s1.xml",
                "<!DOCTYPE x [<!ENTITY a \"ha\">]><worksheet>&a;</worksheet>",
            ),
            BookFault::Entities { part: "xl/worksheets/s1.xml".into() },
        ),
        (
            "external",
            usual().replace("xl/workbook.xml", "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x\"><workbook/>"),
            BookFault::Entities { part: "xl/workbook.xml".into() },
        ),
        (
            "cut off",
            usual().replace("xl/worksheets/s1.xml", "<worksheet><sheetData><row>"),
            part("xl/worksheets/s1.xml"),
        ),
        ("no text", sheet(&rows(&["<c t=\"s\"><v>99</v></c>"])), part("xl/worksheets/s1.xml")),
        (
            "backwards",
            sheet("<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>"),
            part("xl/worksheets/s1.xml"),
        ),
        ("no sheets", usual().replace("xl/workbook.xml", "<workbook/>"), BookFault::NotAWorkbook),
        ("no workbook", Parts(vec![("a.txt".into(), b"a".to_vec())]), BookFault::NotAWorkbook),
        ("many parts", Parts(many), too_large(Size::Parts, 256)),
    ] {
        assert_eq!(parts.lines(None), Err(fault), "{what}");
    }
    let whole = usual().bytes();
    assert_eq!(lines(&whole[..whole.len() / 2], None), Err(BookFault::NotAWorkbook));
    assert_eq!(lines(b"PK\x03\x04", None), Err(BookFault::NotAWorkbook));
}

#[test]
fn c24_what_is_wrong_is_told_from_one_process_to_the_other() {
    let fault = BookFault::too_large(Size::Ratio, 100);
    let told = serde_json::to_string(&fault).unwrap();
    assert_eq!(serde_json::from_str::<BookFault>(&told).unwrap(), fault);
    let refusal = fault.refusal();
    assert_eq!((refusal.code, &*refusal.faults[0].code), ("broken_xlsx", "xlsx_too_large"));
}
