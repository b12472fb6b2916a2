//! The paths of fields, and of columns in rows.

use engine::value::{Row, Value, Values, get};

/// `lines.3.qty` belongs to the column `lines.qty`.
pub fn column_path(path: &str) -> String {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(_), Some(column)) => format!("{subform}.{column}"),
        _ => path.to_string(),
    }
}

/// The value at `amount` or `lines.3.qty`.
pub fn value_at(values: &Values, path: &str) -> Value {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(subform), Some(row), Some(column)) => {
            let row: Option<&Row> =
                row.parse().ok().and_then(|row: usize| get(values, subform).rows().get(row));
            row.map(|row| get(&row.values, column).clone()).unwrap_or_default()
        }
        _ => get(values, path).clone(),
    }
}
