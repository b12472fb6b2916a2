//! Paths of cells, as faults and drafts name them.

/// `lines.3.qty` is the column `lines.qty` in row 3; every other path is a field's own.
pub fn split_row(path: &str) -> (String, Option<usize>) {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(row), Some(column)) => match row.parse() {
            Ok(row) => (format!("{subform}.{column}"), Some(row)),
            Err(_) => (path.to_string(), None),
        },
        _ => (path.to_string(), None),
    }
}
