//! A csv file: its encoding and delimiter are found, its header read, its rows given one by one, so that a file of any size
//! needs little memory. Works with blocking reads: to be called where that is right.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use engine::text::Language;

use super::decode::Decoded;
use super::fault::TableFault;
use super::{MOST_COLUMNS, MOST_ROWS, encoding, named};
use crate::service::Refusal;

/// So much of a file is looked at to find its delimiter.
const SAMPLE: u64 = 256 << 10;
const SAMPLE_ROWS: usize = 100;

/// A csv file that was looked at.
#[derive(Clone, Debug)]
pub struct Separated {
    path: PathBuf,
    encoding: &'static Encoding,
    delimiter: u8,
    /// Whether the first line says the delimiter, `sep=;`, and the header is on the second.
    says_delimiter: bool,
    columns: usize,
}

impl Separated {
    /// Looks at a file, and gives the names of its columns too: `reader` speaks the language that decides between encodings
    /// that look alike.
    ///
    /// # Errors
    /// `broken_csv`; when it can't be read.
    pub fn open(path: &Path, reader: Language) -> Result<(Separated, Vec<String>), Refusal> {
        let encoding = encoding::of(path, reader).map_err(Refusal::internal)?;
        let said = said_delimiter(path, encoding)?;
        let delimiter = match said {
            Some(said) => said,
            None => delimiter(path, encoding)?,
        };
        let says_delimiter = said.is_some();
        let path = path.to_path_buf();
        let mut file = Separated { path, encoding, delimiter, says_delimiter, columns: 0 };
        let mut header = StringRecord::new();
        let (_, is_there) = file.at_header(&mut header)?;
        if !is_there || header.iter().all(|cell| cell.trim().is_empty()) {
            return Err(TableFault::NoHeader.refusal());
        }
        if header.len() > MOST_COLUMNS {
            return Err(TableFault::TooManyColumns { most: MOST_COLUMNS }.refusal());
        }
        file.columns = header.len();
        Ok((file, named(header.iter())))
    }

    /// The name of its encoding.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The rows below the header; blank ones are passed over.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn rows(&self) -> Result<Records, Refusal> {
        let (reader, _) = self.at_header(&mut StringRecord::new())?;
        Ok(Records { reader, columns: self.columns, count: 0 })
    }

    /// A reader that has read the header, and whether there is one.
    fn at_header(&self, header: &mut StringRecord) -> Result<(Reader<Decoded<File>>, bool), Refusal> {
        let mut reader = self.reader()?;
        let mut is_there = true;
        for _ in 0..=usize::from(self.says_delimiter) {
            is_there = reader.read_record(header).map_err(|error| TableFault::of(error).refusal())?;
            reader.get_mut().next_start();
        }
        Ok((reader, is_there))
    }

    fn reader(&self) -> Result<Reader<Decoded<File>>, Refusal> {
        let file = File::open(&self.path).map_err(Refusal::internal)?;
        Ok(reader(Decoded::new(file, self.encoding, self.delimiter), self.delimiter))
    }
}

/// The rows of a csv file, in order, each with its line.
pub struct Records {
    reader: Reader<Decoded<File>>,
    columns: usize,
    count: u64,
}

impl Iterator for Records {
    type Item = Result<(u64, StringRecord), Refusal>;

    fn next(&mut self) -> Option<Result<(u64, StringRecord), Refusal>> {
        self.read().map_err(TableFault::refusal).transpose()
    }
}

impl Records {
    fn read(&mut self) -> Result<Option<(u64, StringRecord)>, TableFault> {
        let mut cells = StringRecord::new();
        while self.reader.read_record(&mut cells).map_err(TableFault::of)? {
            let line = self.reader.get_mut().next_start().unwrap_or_default();
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if cells.len() != self.columns {
                return Err(TableFault::Cells { line, expected: self.columns, found: cells.len() });
            }
            self.count += 1;
            if self.count > MOST_ROWS {
                return Err(TableFault::TooManyRows { most: MOST_ROWS });
            }
            return Ok(Some((line, cells)));
        }
        Ok(None)
    }
}

fn reader<R: Read>(source: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(source)
}

/// The delimiter that a first line `sep=;` says, as Excel writes and reads it.
fn said_delimiter(path: &Path, encoding: &'static Encoding) -> Result<Option<u8>, Refusal> {
    let file = File::open(path).map_err(Refusal::internal)?;
    let mut start = [0; 8];
    // Where it is no text, its reader says so.
    let read = Decoded::new(file.take(SAMPLE), encoding, b',').read(&mut start).unwrap_or_default();
    let said = match start.get(..read) {
        Some([s, e, p, b'=', said, b'\r' | b'\n', ..]) if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => *said,
        _ => return Ok(None),
    };
    let parts = said.is_ascii() && !said.is_ascii_alphanumeric() && !matches!(said, b'"' | b'\r' | b'\n');
    Ok(parts.then_some(said))
}

/// The delimiter that parts all of the first lines alike, into the most cells.
fn delimiter(path: &Path, encoding: &'static Encoding) -> Result<u8, Refusal> {
    let mut best = (false, 0, b',');
    for candidate in [b',', b';', b'\t', b'|'] {
        let file = File::open(path).map_err(Refusal::internal)?;
        let whole = file.metadata().map_err(Refusal::internal)?.len() <= SAMPLE;
        let sample = Decoded::new(file.take(SAMPLE), encoding, candidate);
        let mut lengths: Vec<usize> = Vec::new();
        for record in reader(sample, candidate).records().take(SAMPLE_ROWS) {
            // Where the sample breaks off, or is broken, is found again when the file is read.
            let Ok(record) = record else { break };
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                lengths.push(record.len());
            }
        }
        if !whole && lengths.len() < SAMPLE_ROWS {
            lengths.pop();
        }
        let cells = lengths.first().copied().unwrap_or_default();
        let found = (lengths.iter().all(|length| *length == cells), cells, candidate);
        // What parts nothing may be no delimiter of a file that another one finds broken.
        if cells > 1 && (found.0, found.1) > (best.0, best.1) {
            best = found;
        }
    }
    Ok(best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The headers, and the lines with their numbers.
    type Read = (Vec<String>, Vec<(u64, Vec<String>)>);

    fn table(bytes: &[u8]) -> Result<Read, (String, String)> {
        let name = format!("formwork-table-{}-{:?}", std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        std::fs::write(&path, bytes).unwrap();
        let told = |refusal: Refusal| {
            let fault = &refusal.faults[0];
            assert_eq!(refusal.code, "broken_csv");
            (fault.path.clone(), fault.code.to_string())
        };
        let read = || {
            let (file, headers) = Separated::open(&path, Language::ZhCn)?;
            let rows: Result<Vec<(u64, StringRecord)>, Refusal> = file.rows()?.collect();
            let cells =
                |(line, cells): (u64, StringRecord)| (line, cells.iter().map(str::to_string).collect());
            Ok((headers, rows?.into_iter().map(cells).collect()))
        };
        let outcome = read().map_err(told);
        std::fs::remove_file(&path).unwrap();
        outcome
    }

    fn encoded(label: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn encodings_of_the_everyday_are_read() {
        let text = "姓名,部門,備註\n王小明,業務部,「你好」，世界\n李大華,資訊部,報表與簽核\n";
        let simple = "姓名,部门,备注\n王小明,销售部,“你好”，世界\n李大华,信息部,报表与审批\n";
        let with_mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let utf16 =
            |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for (bytes, first) in [
            (text.as_bytes().to_vec(), "王小明"),
            (with_mark(b"\xef\xbb\xbf", text.as_bytes().to_vec()), "王小明"),
            (encoded("big5", text), "王小明"),
            (encoded("gb18030", simple), "王小明"),
            (with_mark(b"\xff\xfe", utf16(text, u16::to_le_bytes)), "王小明"),
            (with_mark(b"\xfe\xff", utf16(text, u16::to_be_bytes)), "王小明"),
            (utf16("a,b\n1,王\n", u16::to_le_bytes), "1"),
        ] {
            let (headers, rows) = table(&bytes).unwrap();
            assert_eq!(rows[0].1[0], first);
            assert!(headers[0] == "姓名" || headers[0] == "a", "{headers:?}");
        }
    }

    #[test]
    fn a_broken_byte_does_not_make_another_encoding_of_a_file() {
        let lines = |count: usize| (0..count).map(|n| format!("王小明 {n},销售部\n")).collect::<String>();
        let with_broken = |before: usize, broken: &[u8], after: usize| {
            let head = format!("姓名,部门\n{}", lines(before));
            [head.as_bytes(), b"x", broken, b",y\n", lines(after).as_bytes()].concat()
        };
        for (before, after) in [(0, 1), (3, 3), (3, 50_000), (30_000, 0)] {
            for broken in [&b"\xff"[..], b"\xe9", b"\xd6\xd0", b"\xe7\x8e"] {
                let told = table(&with_broken(before, broken, after)).unwrap_err();
                assert_eq!(told, (format!("line {}", before + 2), "csv_not_text".to_string()), "{broken:?}");
            }
        }
        // What is another encoding stays that.
        let gb18030 = encoded("gb18030", &format!("姓名,部门\n{}", lines(300)));
        assert_eq!(table(&gb18030).unwrap().1.len(), 300);
    }

    #[test]
    fn delimiters_and_lines_are_found() {
        for (text, width) in [
            ("a,b,c\n1,2,3\n", 3),
            ("a;b\n\"1,5\";2\n", 2),
            ("a\tb\r\n1,2\t3\r\n", 2),
            ("a|b|c\n1|2;3|4\n", 3),
            ("a\n1\n", 1),
        ] {
            let (headers, rows) = table(text.as_bytes()).unwrap();
            assert_eq!((headers.len(), rows.len()), (width, 1), "{text}");
        }
        // Excel says the delimiter on a line before the header.
        for (text, cells) in [
            ("sep=;\r\na;b\r\n1,5;2\r\n", ["1,5", "2"]),
            ("\u{feff}SEP=|\na|b\n1;2|3\n", ["1;2", "3"]),
            ("sep=,\na,b\n1;2;3,4\n", ["1;2;3", "4"]),
        ] {
            let (headers, rows) = table(text.as_bytes()).unwrap();
            assert_eq!(
                (headers, rows),
                (vec!["a".into(), "b".into()], vec![(3, cells.map(String::from).to_vec())])
            );
        }
        assert_eq!(table(b"sep=;\n").unwrap_err().1, "csv_no_header");
        assert_eq!(table(b"sep=a\n1\n").unwrap().0, ["sep=a"]);
        let (headers, rows) = table(b"a, a ,,b\n\"one\ntwo\",2,3,4\n,,,\n\n5,6,7,8").unwrap();
        assert_eq!(headers, ["a", "a (2)", "#3", "b"]);
        assert_eq!(rows[0].0, 2);
        assert_eq!(rows[1], (6, ["5", "6", "7", "8"].map(String::from).to_vec()));
        for end in ["\n", "\r\n", "\r"] {
            let (_, rows) = table(["a,b", "1,2", "", "\"x\",3", ",", "4,5"].join(end).as_bytes()).unwrap();
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 4, 6], "{end:?}");
        }
    }

    #[test]
    fn a_file_is_as_wide_as_it_may_be_and_its_cells_as_long() {
        let wide = vec!["a"; MOST_COLUMNS].join(",");
        assert_eq!(table(format!("{wide}\n{wide}\n").as_bytes()).unwrap().0.len(), 500);
        let long = "x".repeat(super::super::guard::LONGEST_CELL - 8);
        assert_eq!(table(format!("a,b\n1,{long}\n").as_bytes()).unwrap().1[0].1[1], long);
    }

    /// As if all rows but the last three that may come had come already.
    #[test]
    fn a_file_has_as_many_rows_as_it_may_and_not_one_more() {
        let path = std::env::temp_dir().join(format!("formwork-rows-{}", std::process::id()));
        std::fs::write(&path, b"a,b\n1,1\n2,2\n3,3\n4,4\n").unwrap();
        let (separated, _) = Separated::open(&path, Language::En).unwrap();
        let mut rows = separated.rows().unwrap();
        assert_eq!(rows.count, 0);
        rows.count = MOST_ROWS - 3;
        let cells: Vec<String> = rows.by_ref().take(3).map(|row| row.unwrap().1[0].to_string()).collect();
        assert_eq!((cells.join(""), rows.count), ("123".to_string(), 5_000_000));
        let refusal = rows.next().unwrap().unwrap_err();
        assert_eq!((refusal.code, &*refusal.faults[0].code), ("broken_csv", "csv_too_many_rows"));
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn broken_files_are_refused_with_their_line() {
        let long = format!("a,b\n1,2\n3,{}\n", "x".repeat(200_000));
        let wide = vec!["a"; 501].join(",");
        for (bytes, line, code) in [
            (&b""[..], "line 1", "csv_no_header"),
            (b"\n\n", "line 1", "csv_no_header"),
            (b"a,b\n1,2\n3\n", "line 3", "csv_cells"),
            (b"a,b\n1,2,3\n", "line 2", "csv_cells"),
            (b"a,b\n1,2\n3,\"open\n4,5\n", "line 3", "csv_unclosed_quote"),
            (b"a,\"b\n1,2\n", "line 1", "csv_unclosed_quote"),
            (b"a,b\n1,\0\n", "line 2", "csv_not_text"),
            (b"PK\x03\x04\x00\x00\x00\x00", "line 1", "csv_not_text"),
            (long.as_bytes(), "line 3", "csv_cell_too_long"),
            (wide.as_bytes(), "line 1", "csv_too_many_columns"),
        ] {
            let told = table(bytes).unwrap_err();
            assert_eq!((told.0.as_str(), told.1.as_str()), (line, code));
        }
    }
}
