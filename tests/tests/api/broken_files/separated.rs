//! Files of separated values, and files that are called so.

use super::Case;

const NAME: &str = "things.csv";

fn refused(what: &'static str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Case {
    Case::refused(what, NAME, bytes, code)
}

fn read(what: &'static str, bytes: impl Into<Vec<u8>>, cells: &'static [[&'static str; 2]]) -> Case {
    Case::read(what, NAME, bytes, cells)
}

/// UTF-16 with the mark of its order.
fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

pub fn cases() -> Vec<Case> {
    [broken(), garbled(), too_large(), strange()].into_iter().flatten().collect()
}

/// Broken in how their cells stand.
fn broken() -> Vec<Case> {
    vec![
        refused("empty", "", "csv_no_header"),
        refused("blank lines alone", "\n\n\r\n", "csv_no_header"),
        refused("a header without a name", " , \n1,2\n", "csv_no_header"),
        refused("a delimiter and no header", "sep=;\r\n", "csv_no_header"),
        refused("a cell less", "a,b\n1,2\n3\n", "csv_cells"),
        refused("a cell more", "a,b\n1,2\n3,4,5\n", "csv_cells"),
        refused("a cell more at once", "a,b\n1,2,3\n", "csv_cells"),
        refused("a file that breaks off in a row", "a,b\n1,2\n3,4\n5", "csv_cells"),
        refused("a quote that opens the last cell", "a,b\n1,\"2\n3,4\n", "csv_unclosed_quote"),
        refused("a quote that opens the first cell", "a,b\n\"1,2\n3,4\n", "csv_unclosed_quote"),
        refused("a quote in the header", "a,\"b\n1,2\n", "csv_unclosed_quote"),
        refused("a quote and nothing else", "\"", "csv_unclosed_quote"),
        refused("a quote that is closed and doubled", "a,b\n1,\"2\"\"\n3,4\n", "csv_unclosed_quote"),
    ]
}

/// Broken in their signs.
fn garbled() -> Vec<Case> {
    let people = "王小明,业务部\n".repeat(20);
    let between =
        |broken: &[u8]| [&b"a,b\n"[..], people.as_bytes(), broken, b",x\n", people.as_bytes()].concat();
    let half_a_sign = [&utf16("a,b\n1,2\n")[..], b"3"].concat();
    let half_a_pair = [utf16("a,b\n1,"), vec![0x3d, 0xd8], utf16(",\n")[2..].to_vec()].concat();
    vec![
        refused("a NUL in a row", "a,b\n1,\0\n3,4\n5,6\n", "csv_not_text"),
        refused("a NUL in the header", "a\0,b\n1,2\n3,4\n5,6\n", "csv_not_text"),
        refused("a byte that is no text", between(b"\xff"), "csv_not_text"),
        refused("a sign that is cut off", between(b"\xe7\x8e"), "csv_not_text"),
        refused("a sign that is written too long", between(b"\xc0\xaf"), "csv_not_text"),
        refused(
            "a file that breaks off in a sign",
            [&b"a,b\n"[..], people.as_bytes(), b"\xe7\x8e"].concat(),
            "csv_not_text",
        ),
        refused("UTF-16 with half a sign", half_a_sign, "csv_not_text"),
        refused("UTF-16 with half a pair", half_a_pair, "csv_not_text"),
        refused(
            "a picture",
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"[..],
            "csv_not_text",
        ),
        refused(
            "a program",
            &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"[..],
            "csv_not_text",
        ),
        refused("a zip", &b"PK\x03\x04\x14\0\0\0\x08\0a,b\n1,2\n"[..], "xlsx_not_a_workbook"),
        refused("an older workbook", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0a,b\n1,2\n"[..], "xlsx_locked"),
    ]
}

fn too_large() -> Vec<Case> {
    let wide = vec!["a"; 501].join(",");
    vec![
        refused("a cell without end", format!("a,b\n1,2\n3,{}\n", "x".repeat(200_000)), "csv_cell_too_long"),
        refused(
            "a quoted cell without end",
            format!("a,b\n1,\"{}", "x\n".repeat(100_000)),
            "csv_cell_too_long",
        ),
        refused("a header without end", format!("{wide}\n{wide}\n"), "csv_too_many_columns"),
    ]
}

/// Strange, and read.
fn strange() -> Vec<Case> {
    vec![
        read("a mark before the header", "\u{feff}a,b\n1,2\n", &[["1", "2"]]),
        read("no end of the last line", "a,b\n1,2\n3,4", &[["1", "2"], ["3", "4"]]),
        read("old ends of lines", "a,b\r1,2\r3,4\r", &[["1", "2"], ["3", "4"]]),
        read("ends of lines of all sorts", "a,b\r\n1,2\n3,4\r5,6\n", &[["1", "2"], ["3", "4"], ["5", "6"]]),
        read("blank rows of any length", "a,b\n\n,,,\n1,2\n ,\n,\n3,4\n\n", &[["1", "2"], ["3", "4"]]),
        read("lines in a cell", "a,b\n1,\"two\nlines\"\n", &[["1", "two\nlines"]]),
        read("quotes in a cell", "a,b\n1,\"say \"\"so\"\"\"\n", &[["1", "say \"so\""]]),
        read("more after a quote", "a,b\n\"1\"x,2\n", &[["1x", "2"]]),
        read("a quote within a cell", "a,b\n1\"x,2\n", &[["1\"x", "2"]]),
        read("the delimiter in a cell", "a,b\n\"1,5\",2\n", &[["1,5", "2"]]),
        read("semicolons, and commas in numbers", "a;b\n1,5;2\n", &[["1,5", "2"]]),
        read("tabs", "a\tb\n1,2\t3;4\n", &[["1,2", "3;4"]]),
        read("a delimiter that is said", "sep=|\na|b\n1;2|3\n", &[["1;2", "3"]]),
        read("a cell that was made harmless", "a,b\n'=1+1,'@x\n", &[["=1+1", "@x"]]),
        read("blank cells", "a,b\n1,\n,2\n", &[["1", ""], ["", "2"]]),
        read("UTF-16", utf16("a,b\n王,2\n"), &[["王", "2"]]),
    ]
}
