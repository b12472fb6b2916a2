//! Paths of fields, columns and cells.

use crate::form::Column;

/// `lines.3.qty` is the column `lines.qty` in row 3.
pub(super) fn split_row(path: &str) -> (String, Option<usize>) {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(row), Some(column)) => match row.parse() {
            Ok(row) => (format!("{subform}.{column}"), Some(row)),
            Err(_) => (path.to_string(), None),
        },
        _ => (path.to_string(), None),
    }
}

/// The path of a field, or of a column's cell in a row.
pub(in crate::record) fn cell_path(column: &Column, row: Option<usize>) -> String {
    match (column.subform(), row) {
        (Some(subform), Some(row)) => format!("{subform}.{row}.{}", column.field.key),
        _ => column.path.clone(),
    }
}
