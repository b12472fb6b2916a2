//! Paths of fields and cells.

use crate::form::Column;

/// The path of a field, or of a column's cell in a row.
pub(in crate::record) fn cell_path(column: &Column, row: Option<usize>) -> String {
    match (column.subform(), row) {
        (Some(subform), Some(row)) => format!("{subform}.{row}.{}", column.field.key),
        _ => column.path.clone(),
    }
}
