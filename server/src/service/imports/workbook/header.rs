//! Where the names of the columns stand in a sheet: above the first row of data, below titles, in one row or in two.

use super::sheet::{Area, Content, SheetRow};

/// Among so many filled rows the names are looked for.
pub const LOOKED_AT: usize = 12;
/// Titles above the names.
const MOST_TITLES: usize = 5;
/// Characters of a name.
const LONGEST_NAME: usize = 255;

/// The names of a sheet's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// By column; empty where a column has none.
    pub names: Vec<String>,
    /// Data begins below this row.
    pub last_row: u64,
}

/// Finds the names in the first filled rows of a sheet.
///
/// A row with a single filled cell above one with several is a title. Where names are merged over several columns and
/// others stand below, such as those of a sub-form's columns, both make the name: `明细.数量`.
pub fn find(rows: &[SheetRow], merged: &[Area]) -> Option<Header> {
    let first = rows.iter().take(MOST_TITLES + 1).position(|row| row.cells.len() > 1).unwrap_or_default();
    let top = rows.get(first)?;
    let over = |column: usize| {
        merged.iter().find(|area| area.first_row == top.number && (area.first..=area.last).contains(&column))
    };
    let spans = merged
        .iter()
        .any(|area| area.first_row == top.number && area.last_row == top.number && area.last > area.first);
    let below = rows.get(first + 1).filter(|below| spans && below.number == top.number + 1);
    let width =
        [Some(top), below].into_iter().flatten().flat_map(|row| &row.cells).map(|(place, _)| place + 1);
    let width = width.max().unwrap_or_default();
    let names = (0..width).map(|column| {
        let area = over(column);
        let upper = text(top, area.map_or(column, |area| area.first));
        let lower = below.map(|below| text(below, column)).unwrap_or_default();
        // A name over several columns names none of them where nothing stands below.
        let is_group = area.is_some_and(|area| area.last > area.first && area.last_row == top.number);
        match (upper.is_empty(), lower.is_empty()) {
            (_, true) if is_group && below.is_none() && area.is_some_and(|area| area.first != column) => {
                String::new()
            }
            (_, true) => upper,
            (true, false) => lower,
            (false, false) if is_group => format!("{upper}.{lower}"),
            (false, false) => lower,
        }
    });
    let last_row = below.map_or(top.number, |below| below.number);
    Some(Header { names: names.collect(), last_row })
}

fn text(row: &SheetRow, column: usize) -> String {
    match row.cell(column) {
        Some(Content::Text(text) | Content::Error(text)) => {
            text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect()
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[&str]) -> SheetRow {
        let filled = cells.iter().enumerate().filter(|(_, text)| !text.is_empty());
        SheetRow {
            number,
            cells: filled.map(|(place, text)| (place, Content::Text(text.to_string()))).collect(),
        }
    }

    fn names(rows: &[SheetRow], merged: &[Area]) -> (Vec<String>, u64) {
        let header = find(rows, merged).unwrap();
        (header.names, header.last_row)
    }

    #[test]
    fn names_stand_in_the_first_row_with_several() {
        let rows = [row(1, &["Sales 2024"]), row(3, &["Name", "", "Amount"]), row(4, &["A", "", "1"])];
        assert_eq!(names(&rows, &[]), (vec!["Name".into(), String::new(), "Amount".into()], 3));
        let list = [row(1, &["Name"]), row(2, &["A"])];
        assert_eq!(names(&list, &[]), (vec!["Name".into()], 1));
        assert_eq!(find(&[], &[]), None);
    }

    #[test]
    fn names_in_two_rows_are_joined() {
        let rows = [row(1, &["Order", "Lines", ""]), row(2, &["", "Item", "Qty"]), row(3, &["1", "A", "2"])];
        let area = |first_row, last_row, first, last| Area { first_row, last_row, first, last };
        let merged = [area(1, 2, 0, 0), area(1, 1, 1, 2)];
        assert_eq!(names(&rows, &merged), (vec!["Order".into(), "Lines.Item".into(), "Lines.Qty".into()], 2));
        // A title over all columns has the names below it, which are no parts of it.
        let titled = [row(1, &["Report", "", ""]), row(2, &["A", "B", "C"])];
        assert_eq!(names(&titled, &[area(1, 1, 0, 2)]).0, ["A", "B", "C"]);
    }
}
