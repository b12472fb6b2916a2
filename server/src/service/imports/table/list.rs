//! A list of objects in JSON as rows: the names of their members are the columns.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::fault::TableFault;
use super::rows_file::{Head, write_head, write_row};
use super::{MOST_COLUMNS, MOST_ROWS};

/// Bytes of one object at most.
const LARGEST: usize = 8 << 20;

/// Writes the objects of a list as rows. It is read twice: the columns stand before the rows.
///
/// # Errors
/// What is wrong with the list.
pub fn list_into_rows(path: &Path, into: &mut impl Write) -> Result<(), TableFault> {
    let mut headers: Vec<String> = Vec::new();
    each_object(path, |object, _| {
        for key in object.keys().filter(|key| !headers.contains(key)).cloned().collect::<Vec<_>>() {
            headers.push(key);
            if headers.len() > MOST_COLUMNS {
                return Err(TableFault::TooManyColumns { most: MOST_COLUMNS });
            }
        }
        Ok(())
    })?;
    if headers.is_empty() {
        return Err(TableFault::NoHeader);
    }
    let head = Head { headers: headers.clone(), is_json: true, ..Head::default() };
    write_head(into, head).map_err(|_| TableFault::Unreadable)?;
    each_object(path, |mut object, number| {
        let cells: Vec<Json> = headers.iter().map(|key| object.remove(key).unwrap_or_default()).collect();
        // Objects are counted like rows below a header.
        write_row(into, number + 1, &cells).map_err(|_| TableFault::Unreadable)
    })?;
    into.flush().map_err(|_| TableFault::Unreadable)
}

fn each_object(
    path: &Path,
    mut take: impl FnMut(Map<String, Json>, u64) -> Result<(), TableFault>,
) -> Result<(), TableFault> {
    let file = File::open(path).map_err(|_| TableFault::Unreadable)?;
    let mut elements = Elements::new(BufReader::with_capacity(64 << 10, file).bytes());
    let mut number = 0;
    while let Some(element) = elements.next()? {
        number += 1;
        if number > MOST_ROWS {
            return Err(TableFault::TooManyRows { most: MOST_ROWS });
        }
        match serde_json::from_slice(&element) {
            Ok(Json::Object(object)) => take(object, number)?,
            Ok(_) | Err(_) => return Err(TableFault::NotAnObject { line: number }),
        }
    }
    Ok(())
}

/// The elements of a list, cut out of it one by one.
struct Elements<I> {
    bytes: I,
    /// How many elements there were.
    count: u64,
    is_over: bool,
}

impl<I: Iterator<Item = io::Result<u8>>> Elements<I> {
    fn new(bytes: I) -> Elements<I> {
        Elements { bytes, count: 0, is_over: false }
    }

    fn byte(&mut self) -> Result<u8, TableFault> {
        let broken = TableFault::NotAnObject { line: self.count + 1 };
        self.bytes.next().ok_or(broken)?.map_err(|_| TableFault::Unreadable)
    }

    /// The next sign that is no blank.
    fn sign(&mut self) -> Result<u8, TableFault> {
        loop {
            let byte = self.byte()?;
            // The mark that says UTF-8 may stand before the list.
            let is_mark = self.count == 0 && [0xef, 0xbb, 0xbf].contains(&byte);
            if !byte.is_ascii_whitespace() && !is_mark {
                return Ok(byte);
            }
        }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, TableFault> {
        if self.is_over {
            return Ok(None);
        }
        let broken = |this: &Elements<I>| TableFault::NotAnObject { line: this.count + 1 };
        if self.count == 0 && self.sign()? != b'[' {
            return Err(broken(self));
        }
        match self.sign()? {
            b'{' => {}
            b']' if self.count == 0 => {
                self.is_over = true;
                return Ok(None);
            }
            _ => return Err(broken(self)),
        }
        let element = self.object()?;
        self.count += 1;
        match self.sign()? {
            b',' => {}
            b']' => self.is_over = true,
            _ => return Err(broken(self)),
        }
        Ok(Some(element))
    }

    /// An object whose first sign was read, up to its last.
    fn object(&mut self) -> Result<Vec<u8>, TableFault> {
        let mut element = vec![b'{'];
        let (mut depth, mut quoted, mut escaped) = (1, false, false);
        while depth > 0 {
            let byte = self.byte()?;
            element.push(byte);
            if element.len() > LARGEST {
                return Err(TableFault::CellTooLong { line: self.count + 1, most: LARGEST });
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
        }
        Ok(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Result<Vec<String>, TableFault> {
        let mut elements = Elements::new(text.as_bytes().bytes());
        let mut found = Vec::new();
        while let Some(element) = elements.next()? {
            found.push(String::from_utf8(element).unwrap());
        }
        Ok(found)
    }

    #[test]
    fn a_list_is_cut_into_its_objects() {
        let text = "\u{feff} [ {\"a\": \"}\\\"]\", \"b\": [{\"c\": 1}]} ,\n{}]";
        assert_eq!(elements(text).unwrap(), ["{\"a\": \"}\\\"]\", \"b\": [{\"c\": 1}]}", "{}"]);
        assert_eq!(elements("[]").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_list_of_objects_is_refused_with_its_place() {
        for (text, line) in
            [("", 1), ("{}", 1), ("[1]", 1), ("[{}", 2), ("[{} {}]", 2), ("[{},]", 2), ("[{\"a\": [}", 1)]
        {
            assert_eq!(elements(text), Err(TableFault::NotAnObject { line }), "{text}");
        }
    }
}
