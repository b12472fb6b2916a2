//! A block of cells as spreadsheets put it on the clipboard: a line for each row, tabs between the cells, and quotation
//! marks around a cell that holds one of these.

/// The cells of a block, row by row. A line end behind the last row begins no other.
pub fn read_block(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let (cell, after) = next_cell(rest);
        row.push(cell);
        if let Some(next) = after.strip_prefix('\t') {
            rest = next;
            continue;
        }
        rows.push(std::mem::take(&mut row));
        let next = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r']));
        match next {
            Some(next) if !next.is_empty() => rest = next,
            Some(_) | None => return rows,
        }
    }
}

/// The text of a block. One cell alone stands there as it is, without a line end.
pub fn write_block(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| row.iter().map(|cell| written(cell)).collect::<Vec<_>>().join("\t");
    match rows {
        [row] => line(row),
        rows => rows.iter().map(|row| line(row) + "\n").collect(),
    }
}

fn written(cell: &str) -> String {
    let is_plain = !cell.contains(['\t', '\n', '\r']) && !cell.starts_with('"');
    if is_plain { cell.to_string() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

/// The first cell, and what follows it: a tab, a line end or nothing.
fn next_cell(text: &str) -> (String, &str) {
    quoted(text).unwrap_or_else(|| {
        let (cell, after) = text.split_at(text.find(['\t', '\n', '\r']).unwrap_or(text.len()));
        (cell.to_string(), after)
    })
}

/// A cell in quotation marks. A mark that nothing closes before the end of a cell is a sign like any other.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let (piece, after) = rest.split_once('"')?;
        cell.push_str(piece);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None if after.is_empty() || after.starts_with(['\t', '\n', '\r']) => return Some((cell, after)),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        read_block(text)
    }

    #[test]
    fn blocks_are_read_as_spreadsheets_write_them() {
        assert_eq!(read("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
        assert_eq!(read("a\t\n\tb"), [["a", ""], ["", "b"]]);
        assert_eq!(
            read("\"two\nlines\"\t\"say \"\"hi\"\"\"\nx\ty"),
            [["two\nlines", "say \"hi\""], ["x", "y"]]
        );
        // Inches are no quotation.
        assert_eq!(read("\"5\" pipe\t2\nb\t3"), [["\"5\" pipe", "2"], ["b", "3"]]);
        assert_eq!(read("\"open\tb"), [["\"open", "b"]]);
        assert_eq!(read(""), [[""]]);
        // A blank line between is a row, the end of the last one is none.
        assert_eq!(read("a\n\nb\n"), [["a"], [""], ["b"]]);
    }

    #[test]
    fn one_cell_is_its_text() {
        assert_eq!(write_block(&[vec!["a b".to_string()]]), "a b");
        assert_eq!(write_block(&[vec!["a".to_string()], vec![String::new()]]), "a\n\n");
    }

    proptest! {
        #[test]
        fn what_was_copied_is_pasted(rows in (1usize..4).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec("[a\"\t\n\r ,表]{0,6}", width), 1..5)
        })) {
            prop_assert_eq!(read_block(&write_block(&rows)), rows);
        }
    }
}
