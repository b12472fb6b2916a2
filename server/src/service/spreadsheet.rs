//! Workbooks as we write them: row by row through a zip, so that one of any size needs little memory. Text is always text,
//! never a formula; numbers have their own digits, days and moments their formats.
//!
//! Works with blocking writes: to be called where that is right.

use std::io::{self, Seek, Write};

use engine::import::{Written, number_of};
use engine::text::Language;
use engine::value::{Decimal, Time};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Rows of a sheet, its header among them.
pub const MOST_ROWS: u64 = 1_048_576;
/// What a cell holds, as spreadsheets count text: in units of UTF-16.
const LONGEST: usize = 32_767;
/// Digits that a spreadsheet keeps of a number; one with more is written as text.
const SIGNIFICANT: usize = 15;
const LONGEST_NAME: usize = 31;
const MOST_SCALE: u32 = 8;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// How a cell looks; the number of its format in the styles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// As what it holds wants it.
    #[default]
    Plain,
    Header,
    /// Something in it has to be mended.
    Marked,
}

/// A workbook that is being written.
pub struct Workbook<W: Write + Seek> {
    zip: ZipWriter<W>,
    /// The sheet that is written, and how many there are.
    sheet: usize,
    sheets: usize,
    row: u64,
    /// Cells whose text was too long.
    pub cut: u64,
    line: String,
}

impl<W: Write + Seek> Workbook<W> {
    /// Begins a workbook with these sheets, in the first of them.
    pub fn new(into: W, sheets: &[&str]) -> io::Result<Workbook<W>> {
        let mut book = Workbook {
            zip: ZipWriter::new(into),
            sheet: 0,
            sheets: sheets.len(),
            row: 0,
            cut: 0,
            line: String::new(),
        };
        book.part("[Content_Types].xml", &content_types(sheets.len()))?;
        let link = |id: usize, kind: &str, target: &str| {
            format!("<Relationship Id=\"rId{id}\" Type=\"{LINKS}/{kind}\" Target=\"{target}\"/>")
        };
        let links = |inner: &str| {
            format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>")
        };
        book.part("_rels/.rels", &links(&link(1, "officeDocument", "xl/workbook.xml")))?;
        book.part("xl/workbook.xml", &workbook(sheets))?;
        let places = (1..=sheets.len()).map(|id| link(id, "worksheet", &format!("worksheets/sheet{id}.xml")));
        let styles = link(sheets.len() + 1, "styles", "styles.xml");
        let all: String = places.chain([styles]).collect();
        book.part("xl/_rels/workbook.xml.rels", &links(&all))?;
        book.part("xl/styles.xml", &styles_part())?;
        book.next_sheet()?;
        Ok(book)
    }

    /// Ends the sheet and goes on with the next.
    pub fn next_sheet(&mut self) -> io::Result<()> {
        self.end_sheet()?;
        self.sheet += 1;
        self.row = 0;
        self.start(&format!("xl/worksheets/sheet{}.xml", self.sheet))?;
        // The header stays in sight.
        let view = "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
                    activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>";
        let format = "<sheetFormatPr defaultRowHeight=\"15\" defaultColWidth=\"14\"/>";
        write!(self.zip, "{HEAD}<worksheet xmlns=\"{MAIN}\">{view}{format}<sheetData>")
    }

    /// Writes the next row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = (Written, Look)>) -> io::Result<()> {
        self.row += 1;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.push_str(&format!("<row r=\"{}\">", self.row));
        for (column, (cell, look)) in cells.into_iter().enumerate() {
            let place = format!("{}{}", letters(column), self.row);
            self.cell(&mut line, &place, &cell, look);
        }
        line.push_str("</row>");
        let written = self.zip.write_all(line.as_bytes());
        self.line = line;
        written
    }

    /// Writes a row of names of columns.
    pub fn header<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> io::Result<()> {
        self.row(names.into_iter().map(|name| (Written::Text(name.to_string()), Look::Header)))
    }

    /// Ends the workbook; gives what it was written into.
    pub fn finish(mut self) -> io::Result<W> {
        while self.sheet < self.sheets {
            self.next_sheet()?;
        }
        self.end_sheet()?;
        self.zip.finish().map_err(io::Error::other)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        if self.sheet == 0 {
            return Ok(());
        }
        self.zip.write_all(b"</sheetData></worksheet>")
    }

    fn part(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.start(name)?;
        self.zip.write_all(text.as_bytes())
    }

    fn start(&mut self, name: &str) -> io::Result<()> {
        self.zip.start_file(name, SimpleFileOptions::default()).map_err(io::Error::other)
    }

    fn cell(&mut self, line: &mut String, place: &str, cell: &Written, look: Look) {
        if let Written::Blank = cell
            && look != Look::Marked
        {
            return;
        }
        let style = style_of(cell, look);
        match value_of(cell) {
            Value::Number(literal) => {
                line.push_str(&format!("<c r=\"{place}\" s=\"{style}\"><v>{literal}</v></c>"));
            }
            Value::Bool(on) => {
                line.push_str(&format!("<c r=\"{place}\" s=\"{style}\" t=\"b\"><v>{}</v></c>", u8::from(on)));
            }
            Value::Text(text) => {
                let style = if look == Look::Plain { TEXT } else { style };
                line.push_str(&format!(
                    "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                ));
                if escape(&text, line) {
                    self.cut += 1;
                }
                line.push_str("</t></is></c>");
            }
        }
    }
}

/// What stands in a cell.
enum Value {
    Text(String),
    Number(String),
    Bool(bool),
}

fn value_of(cell: &Written) -> Value {
    let text = || Value::Text(cell.text(Language::En));
    let number = |number: Option<Decimal>| match number.map(|number| number.normalize()) {
        Some(number) if digits(number) <= SIGNIFICANT => Value::Number(number.to_string()),
        Some(_) | None => text(),
    };
    match cell {
        Written::Blank => Value::Text(String::new()),
        Written::Text(text) => Value::Text(text.clone()),
        Written::Number(value, _) => number(Some(*value)),
        Written::Percent(value, _) => number(value.checked_div(Decimal::from(100))),
        Written::Date(date) => number(number_of(*date, Time::midnight())),
        Written::Moment(date, time) => number(number_of(*date, *time)),
        Written::Time(time) => {
            let seconds =
                i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
            let part = Decimal::from(seconds).checked_div(Decimal::from(86_400));
            number(part.map(|part| part.round_dp(12)))
        }
        Written::Bool(on) => Value::Bool(*on),
    }
}

/// Digits that count.
fn digits(number: Decimal) -> usize {
    number.mantissa().unsigned_abs().to_string().trim_end_matches('0').len()
}

const HEADER: u32 = 1;
const DATE: u32 = 2;
const MOMENT: u32 = 3;
const TIME: u32 = 4;
const TEXT: u32 = 5;
const MARKED: u32 = 6;
/// From here on numbers with 0, 1 … digits behind the point, and then percentages.
const NUMBERS: u32 = 7;
const PERCENTAGES: u32 = NUMBERS + MOST_SCALE + 1;
/// The first number of a format that a workbook defines itself.
const OWN_FORMATS: u32 = 164;

fn style_of(cell: &Written, look: Look) -> u32 {
    match look {
        Look::Header => return HEADER,
        Look::Marked => return MARKED,
        Look::Plain => {}
    }
    match cell {
        Written::Blank | Written::Bool(_) => 0,
        Written::Text(_) => TEXT,
        Written::Number(_, scale) => NUMBERS + (*scale).min(MOST_SCALE),
        Written::Percent(_, scale) => PERCENTAGES + (*scale).min(MOST_SCALE),
        Written::Date(_) => DATE,
        Written::Moment(..) => MOMENT,
        Written::Time(_) => TIME,
    }
}

fn styles_part() -> String {
    let decimals = |scale: u32| match scale {
        0 => "0".to_string(),
        scale => format!("0.{}", "0".repeat(scale as usize)),
    };
    let dates = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "@"].map(str::to_string);
    let numbers = (0..=MOST_SCALE).map(decimals);
    let percentages = (0..=MOST_SCALE).map(|scale| format!("{}%", decimals(scale)));
    let codes: Vec<String> = dates.into_iter().chain(numbers).chain(percentages).collect();
    let formats = (OWN_FORMATS..).zip(&codes);
    let formats: String =
        formats.map(|(id, code)| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>")).collect();
    let plain = |format: u32| {
        format!(
            "<xf numFmtId=\"{format}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        )
    };
    let own = |place: u32| plain(OWN_FORMATS + place);
    let filled = |font: u32, fill: u32| {
        format!(
            "<xf numFmtId=\"{}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\"/>",
            OWN_FORMATS + 3
        )
    };
    let mut looks = vec![plain(0), filled(1, 2)];
    looks.extend((0..4).map(own));
    looks.push(filled(0, 3));
    looks.extend((4..4 + 2 * (MOST_SCALE + 1)).map(own));
    let solid = |colour: &str| {
        format!(
            "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{colour}\"/><bgColor indexed=\"64\"/></patternFill></fill>"
        )
    };
    let font = |weight: &str| {
        format!("<font>{weight}<sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>")
    };
    format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"{}\">{formats}</numFmts>\
         <fonts count=\"2\">{}{}</fonts>\
         <fills count=\"4\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>{}{}</fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"{}\">{}</cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>",
        codes.len(),
        font(""),
        font("<b/>"),
        solid("EEF0F4"),
        solid("FDE2E1"),
        looks.len(),
        looks.concat(),
    )
}

fn content_types(sheets: usize) -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/xl/{name}\" ContentType=\"{TYPES}.{kind}+xml\"/>")
    };
    let sheets: String =
        (1..=sheets).map(|id| part(&format!("worksheets/sheet{id}.xml"), "worksheet")).collect();
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{sheets}</Types>",
        part("workbook.xml", "sheet.main"),
        part("styles.xml", "styles"),
    )
}

fn workbook(sheets: &[&str]) -> String {
    let mut taken: Vec<String> = Vec::new();
    let mut list = String::new();
    for (place, name) in sheets.iter().enumerate() {
        let plain = sheet_name(name);
        let name = if taken.contains(&plain) {
            format!("{} {}", cut(&plain, LONGEST_NAME - 4), place + 1)
        } else {
            plain
        };
        list.push_str("<sheet name=\"");
        escape(&name, &mut list);
        list.push_str(&format!("\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", place + 1));
        taken.push(name);
    }
    format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets>{list}</sheets></workbook>")
}

/// A name that a sheet may have.
fn sheet_name(name: &str) -> String {
    let allowed =
        |sign: &char| !sign.is_control() && !matches!(sign, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    let name: String = name.chars().filter(allowed).collect();
    let name = cut(name.trim().trim_matches('\''), LONGEST_NAME);
    if name.is_empty() { "Sheet".to_string() } else { name }
}

/// As many characters as fit into so many units of UTF-16.
fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|sign| {
            units += sign.len_utf16();
            units <= most
        })
        .collect()
}

/// Adds text as XML has it; whether it was too long for a cell and was cut.
fn escape(text: &str, into: &mut String) -> bool {
    let is_long = text.len() > LONGEST && text.encode_utf16().count() > LONGEST;
    let short;
    let text = if is_long {
        short = format!("{}…", cut(text, LONGEST - 1));
        short.as_str()
    } else {
        text
    };
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        match sign {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '\t' | '\n' => into.push(sign),
            // What looks like a character by its number is meant literally.
            '_' if is_escape(rest) => into.push_str("_x005F_"),
            sign if sign < ' ' || matches!(sign, '\u{fffe}' | '\u{ffff}') => {
                into.push_str(&format!("_x{:04X}_", u32::from(sign)));
            }
            sign => into.push(sign),
        }
        rest = rest.get(sign.len_utf8()..).unwrap_or_default();
    }
    is_long
}

/// Whether text begins like `_x000D_`.
fn is_escape(text: &str) -> bool {
    let hex = text.strip_prefix("_x").and_then(|rest| rest.get(..5)).and_then(|rest| rest.strip_suffix('_'));
    hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What a column is called.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn part(bytes: Vec<u8>, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sheet(cells: Vec<Written>) -> String {
        let mut book = Workbook::new(Cursor::new(Vec::new()), &["a/b"]).unwrap();
        book.row(cells.into_iter().map(|cell| (cell, Look::Plain))).unwrap();
        part(book.finish().unwrap().into_inner(), "xl/worksheets/sheet1.xml")
    }

    #[test]
    fn cells_are_what_they_hold() {
        let number = |text: &str, scale| Written::Number(text.parse().unwrap(), scale);
        let text = sheet(vec![
            Written::Text("=1+1 <&> a_x000D_b\r".into()),
            number("12.50", 2),
            number("1234567890123456.78", 2),
            Written::Percent("15.5".parse().unwrap(), 1),
            Written::Bool(true),
            Written::Blank,
            Written::Date(jiff::civil::date(2024, 9, 9)),
        ]);
        assert!(text.contains("=1+1 &lt;&amp;&gt; a_x005F_x000D_b_x000D_</t>"), "{text}");
        assert!(text.contains("<c r=\"B1\" s=\"9\"><v>12.5</v></c>"), "{text}");
        assert!(text.contains("1234567890123456.78</t>"), "more digits than a spreadsheet keeps: {text}");
        assert!(text.contains("<v>0.155</v>") && text.contains("t=\"b\"><v>1</v>"), "{text}");
        assert!(text.contains("<c r=\"G1\" s=\"2\"><v>45544</v></c>") && !text.contains("F1"), "{text}");
    }

    #[test]
    fn text_that_no_cell_holds_is_cut_and_counted() {
        let mut book = Workbook::new(Cursor::new(Vec::new()), &["a", "a"]).unwrap();
        book.row([(Written::Text("𝒳".repeat(20_000)), Look::Plain)]).unwrap();
        assert_eq!(book.cut, 1);
        let text = part(book.finish().unwrap().into_inner(), "xl/workbook.xml");
        assert!(text.contains("name=\"a\"") && text.contains("name=\"a 2\""), "{text}");
        assert_eq!(sheet_name("[x]: 'y'"), "x 'y");
        assert_eq!(sheet_name("//"), "Sheet");
        assert_eq!((letters(0), letters(27)), ("A".to_string(), "AB".to_string()));
    }
}
