//! Demo records: csv with keys in place of ids and dates that count from the day of installing.

use std::collections::BTreeMap;

use jiff::ToSpan;

use crate::text::Fault;
use crate::value::{Date, format_date};

/// One record of the demo, as cells by column name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DemoRecord {
    /// `$key`, by which links name it.
    pub key: String,
    /// `$owner`: the key of a role.
    pub owner: Option<String>,
    /// `$flow_state`
    pub flow_state: Option<String>,
    pub fields: BTreeMap<String, DemoCell>,
    /// By sub-form: its rows.
    pub rows: BTreeMap<String, Vec<BTreeMap<String, DemoCell>>>,
    /// The line in the file where it starts, counted from 1.
    pub line: u64,
}

/// The text of a cell, with relative dates made absolute.
pub type DemoCell = String;

/// Puts the lines of a csv file together to records. `lines` are the cells after the header `columns`, with their line
/// numbers; a line without `$key` is a further row of the record before it. Empty cells are left out.
///
/// # Errors
/// `demo_without_key` for a first line without key, `not_a_date` for a relative date that is none; the path is `line N`.
pub fn read_demo(
    columns: &[String],
    lines: impl Iterator<Item = (u64, Vec<String>)>,
    installed_on: Date,
) -> Result<Vec<DemoRecord>, Fault> {
    let mut records: Vec<DemoRecord> = Vec::new();
    for (line, cells) in lines {
        let key =
            columns.iter().zip(&cells).find(|(column, _)| *column == "$key").map(|(_, cell)| cell.trim());
        let further = key.is_none_or(str::is_empty);
        if !further {
            records.push(DemoRecord {
                key: key.unwrap_or_default().to_string(),
                line,
                ..DemoRecord::default()
            });
        }
        let Some(record) = records.last_mut() else {
            return Err(Fault::new(format!("line {line}"), "demo_without_key"));
        };
        let mut rows: BTreeMap<String, BTreeMap<String, DemoCell>> = BTreeMap::new();
        for (column, cell) in columns.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty()) {
            let cell = absolute(cell, installed_on)
                .ok_or_else(|| Fault::new(format!("line {line}"), "not_a_date"))?;
            match (column.as_str(), column.split_once('.')) {
                ("$key", _) => {}
                ("$owner", _) => record.owner = Some(cell),
                ("$flow_state", _) => record.flow_state = Some(cell),
                (_, Some((subform, inner))) => {
                    rows.entry(subform.to_string()).or_default().insert(inner.to_string(), cell);
                }
                (field, None) if !further => drop(record.fields.insert(field.to_string(), cell)),
                (_, None) => {}
            }
        }
        for (subform, row) in rows {
            record.rows.entry(subform).or_default().push(row);
        }
    }
    Ok(records)
}

/// `{-35d}`, `{-3m}`, `{+1y}`, and with a time of day `{-35d}T09:30:00Z`, count from the day of installing; another
/// text stays as it is. `None` for braces that are no date.
fn absolute(cell: &str, today: Date) -> Option<String> {
    let Some((inside, after)) = cell.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return Some(cell.to_string());
    };
    let (number, unit) = inside.split_at_checked(inside.len().checked_sub(1)?)?;
    let count: i64 = number.parse().ok()?;
    if count.abs() > 100_000 {
        return None;
    }
    let span = match unit {
        "d" => count.days(),
        "w" => count.weeks(),
        "m" => count.months(),
        "y" => count.years(),
        _ => return None,
    };
    Some(format!("{}{after}", format_date(today.checked_add(span).ok()?)))
}

/// A demo file: the package and the form of its records.
pub type DemoFile = (String, String);

/// The order in which the demo files of a package are loaded: by name, but a file whose records link to another's
/// comes after it. `links` tells the forms that a form's fields link to.
pub fn demo_order(files: &[DemoFile], links: impl Fn(&DemoFile) -> Vec<DemoFile>) -> Vec<DemoFile> {
    fn visit(
        file: &DemoFile,
        files: &[DemoFile],
        links: &impl Fn(&DemoFile) -> Vec<DemoFile>,
        seen: &mut Vec<DemoFile>,
        order: &mut Vec<DemoFile>,
    ) {
        if seen.contains(file) || !files.contains(file) {
            return;
        }
        seen.push(file.clone());
        for target in links(file) {
            visit(&target, files, links, seen, order);
        }
        order.push(file.clone());
    }
    let mut sorted = files.to_vec();
    sorted.sort();
    let (mut seen, mut order) = (Vec::new(), Vec::new());
    for file in &sorted {
        visit(file, files, &links, &mut seen, &mut order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_loaded_by_name_after_what_they_link_to() {
        let name = |form: &str| ("shop".to_string(), form.to_string());
        let links = |(_, form): &DemoFile| match form.as_str() {
            "contact" => vec![name("customer"), name("contact")],
            "customer" => vec![name("staff"), ("other".to_string(), "thing".to_string())],
            _ => Vec::new(),
        };
        let files = [name("order"), name("contact"), name("customer"), name("staff")];
        assert_eq!(
            demo_order(&files, links),
            [name("staff"), name("customer"), name("contact"), name("order")]
        );
    }

    #[test]
    fn further_lines_are_rows_and_dates_count_from_today() {
        let columns: Vec<String> = ["$key", "$owner", "date", "lines.qty"].map(String::from).to_vec();
        let lines =
            [(2, ["o1", "REP", "{-1m}", "5"]), (3, ["", "", "", "7"]), (4, ["o2", "", "2024-01-01", ""])];
        let lines = lines.into_iter().map(|(line, cells)| (line, cells.map(String::from).to_vec()));
        let records = read_demo(&columns, lines, crate::value::parse_date("2026-03-31").unwrap()).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].fields["date"], "2026-02-28");
        assert_eq!(records[0].rows["lines"].len(), 2);
        assert_eq!(records[1].fields["date"], "2024-01-01");
        assert!(records[1].rows.is_empty());
    }
}
