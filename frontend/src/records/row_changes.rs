//! What a save did to the rows of a sub-form, row by row and cell by cell.

use serde_json::Value as Json;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSort {
    Added,
    Changed,
    Removed,
}

/// One cell of a row, before and after; `null` where it was or is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct CellChange {
    pub column: String,
    pub old: Json,
    pub new: Json,
}

/// One row that is not as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    pub sort: RowSort,
    /// Counted from one: where the row is now, or was before it was taken out.
    pub number: usize,
    /// In the order of the columns asked for; for a row that came or went only what is in it.
    pub cells: Vec<CellChange>,
}

/// The rows that came, changed or went, those that are there now first. Rows are known by their ids.
pub fn row_changes(columns: &[String], old: &Json, new: &Json) -> Vec<RowChange> {
    let (old, new) = (rows(old), rows(new));
    let find =
        |rows: &[Json], row: &Json| rows.iter().find(|known| known.get("id") == row.get("id")).cloned();
    let kept = new.iter().enumerate().map(|(place, row)| match find(old, row) {
        Some(before) => row_change(columns, RowSort::Changed, place, (&before, row)),
        None => row_change(columns, RowSort::Added, place, (&Json::Null, row)),
    });
    let gone = old.iter().enumerate().filter(|(_, row)| find(new, row).is_none());
    let gone = gone.map(|(place, row)| row_change(columns, RowSort::Removed, place, (row, &Json::Null)));
    kept.chain(gone).filter(|change| change.sort != RowSort::Changed || !change.cells.is_empty()).collect()
}

/// The rows of a sub-form's value; none where it is empty.
pub fn rows(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn row_change(columns: &[String], sort: RowSort, place: usize, (old, new): (&Json, &Json)) -> RowChange {
    let cell = |row: &Json, column: &str| row.get(column).cloned().unwrap_or_default();
    let cells = columns.iter().map(|column| CellChange {
        column: column.clone(),
        old: cell(old, column),
        new: cell(new, column),
    });
    RowChange { sort, number: place + 1, cells: cells.filter(|cell| cell.old != cell.new).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_row_says_what_was_and_what_is() {
        let old =
            json!([{"id": "a", "qty": "1"}, {"id": "b", "qty": "2"}, {"id": "c", "qty": "3", "sum": "9"}]);
        let new =
            json!([{"id": "a", "qty": "1"}, {"id": "c", "qty": "4", "sum": "12"}, {"id": "d", "qty": "5"}]);
        let columns = ["qty".to_string(), "sum".to_string()];
        let cell = |column: &str, old: Json, new: Json| CellChange { column: column.into(), old, new };
        assert_eq!(
            row_changes(&columns, &old, &new),
            [
                RowChange {
                    sort: RowSort::Changed,
                    number: 2,
                    cells: vec![cell("qty", json!("3"), json!("4")), cell("sum", json!("9"), json!("12"))],
                },
                RowChange {
                    sort: RowSort::Added,
                    number: 3,
                    cells: vec![cell("qty", Json::Null, json!("5"))]
                },
                RowChange {
                    sort: RowSort::Removed,
                    number: 2,
                    cells: vec![cell("qty", json!("2"), Json::Null)]
                },
            ]
        );
        // Rows in another order are no change of theirs.
        assert_eq!(row_changes(&columns, &json!([old[1], old[0]]), &json!([old[0], old[1]])), []);
    }
}
