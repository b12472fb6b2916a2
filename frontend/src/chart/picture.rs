//! What a chart shows: numbers by group.

use engine::report::Role;
use engine::value::Decimal;
use serde_json::{Map, Value as Json};
use wire::FigureColumn;

use super::decimals::{decimals, with_decimals};
use crate::i18n::{self, Language, group_digits};

/// Groups with one or several numbers each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// One name for each group.
    pub names: Vec<String>,
    pub series: Vec<Series>,
}

/// The numbers of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    pub label: String,
    pub unit: Option<String>,
    /// One of the theme's for charts, from 1 on.
    pub colour: usize,
    /// For drawing; absent ones are not drawn.
    pub values: Vec<Option<f64>>,
    /// The same, exactly, as people read it.
    pub texts: Vec<String>,
}

impl Picture {
    /// The columns with these keys over the rows of a table or tile.
    pub fn of(columns: &[FigureColumn], rows: &[Map<String, Json>], shown: &[&str]) -> Picture {
        let names = rows.iter().map(|row| row_name(columns, row)).collect();
        let shown: Vec<&FigureColumn> =
            columns.iter().filter(|column| shown.contains(&column.key.as_str())).collect();
        let colours = colours(shown.iter().map(|column| column.role));
        let series = shown.into_iter().zip(colours).map(|(column, colour)| {
            let texts = rows.iter().map(|row| row.get(&column.key).and_then(Json::as_str));
            let decimals = decimals(column, rows);
            Series {
                label: column.label.clone(),
                unit: column.unit.clone(),
                colour,
                values: texts.clone().map(|text| text.and_then(drawn)).collect(),
                texts: texts
                    .map(|text| text.map_or("—".to_string(), |text| written(text, decimals, &column.unit)))
                    .collect(),
            }
        });
        Picture { names, series: series.collect() }
    }

    /// The first so many groups.
    pub fn first(mut self, count: usize) -> Picture {
        self.names.truncate(count);
        for series in &mut self.series {
            series.values.truncate(count);
            series.texts.truncate(count);
        }
        self
    }
}

/// The colours of series: what is put in is grey, what comes of it has the accent, the others have what is left.
fn colours(roles: impl Iterator<Item = Option<Role>>) -> Vec<usize> {
    const ALL: usize = 6;
    let mut taken: Vec<usize> = Vec::new();
    let mut of_role = |role: Option<Role>| {
        let colour = match role? {
            Role::Gain => 1,
            Role::Cost => 5,
        };
        let is_free = !taken.contains(&colour);
        is_free.then(|| {
            taken.push(colour);
            colour
        })
    };
    let firm: Vec<Option<usize>> = roles.map(&mut of_role).collect();
    let free: Vec<usize> = (1..=ALL).filter(|colour| !taken.contains(colour)).collect();
    let mut free = free.into_iter().cycle();
    firm.into_iter().map(|colour| colour.or_else(|| free.next()).unwrap_or(1)).collect()
}

/// What a row is called: its groups side by side.
pub fn row_name(columns: &[FigureColumn], row: &Map<String, Json>) -> String {
    let name = |column: &FigureColumn| {
        let label = row.get("labels").and_then(|labels| labels.get(&column.key)).and_then(Json::as_str);
        let name = label.or_else(|| row.get(&column.key).and_then(Json::as_str)).unwrap_or_default();
        if name.is_empty() { i18n::lookup("report-without", &[]) } else { name.to_string() }
    };
    let names: Vec<String> = columns.iter().filter(|column| column.group).map(name).collect();
    names.join(" ")
}

/// Whether rows stand for periods: what is grouped by one is named `2024`, `2024-05`, `2024-Q1`.
pub fn by_period(columns: &[FigureColumn], rows: &[Map<String, Json>]) -> bool {
    let Some(group) = columns.iter().find(|column| column.group) else { return false };
    let is_period = |row: &Map<String, Json>| {
        let name = row.get(&group.key).and_then(Json::as_str).unwrap_or_default();
        let (year, rest) = (name.get(..4).unwrap_or_default(), name.get(4..).unwrap_or_default());
        year.len() == 4
            && year.bytes().all(|b| b.is_ascii_digit())
            && (rest.is_empty() || rest.starts_with('-'))
    };
    !rows.is_empty() && rows.iter().all(is_period)
}

fn drawn(text: &str) -> Option<f64> {
    text.parse::<Decimal>().ok().and_then(|number| number.to_string().parse().ok())
}

/// A number with its unit where it is short enough to stand with each number.
fn written(text: &str, decimals: usize, unit: &Option<String>) -> String {
    let number = group_digits(&with_decimals(text, decimals));
    match unit.as_deref() {
        Some(unit @ ("%" | "×")) => format!("{number}\u{a0}{unit}"),
        Some(_) | None => number,
    }
}

/// A unit as people write it.
pub fn unit_text(unit: &str) -> String {
    match (unit, i18n::language()) {
        ("CNY", Language::ZhCn | Language::ZhTw) => "元".to_string(),
        ("×", Language::ZhCn | Language::ZhTw) => "倍".to_string(),
        ("months", Language::ZhCn) => "个月".to_string(),
        ("months", Language::ZhTw) => "個月".to_string(),
        (unit, _) => unit.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn costs_are_grey_beside_gains_in_the_accent() {
        let (cost, gain) = (Some(Role::Cost), Some(Role::Gain));
        assert_eq!(colours([cost, gain].into_iter()), [5, 1]);
        assert_eq!(colours([cost, cost, gain].into_iter()), [5, 2, 1]);
        assert_eq!(colours([None, gain, None].into_iter()), [2, 1, 3]);
        assert_eq!(colours(vec![None; 7].into_iter()), [1, 2, 3, 4, 5, 6, 1]);
    }

    #[test]
    fn periods_are_known_by_their_names() {
        let columns = vec![FigureColumn { key: "by".to_string(), group: true, ..FigureColumn::default() }];
        let rows = |names: &[&str]| -> Vec<Map<String, Json>> {
            names.iter().map(|name| [("by".to_string(), json!(name))].into_iter().collect()).collect()
        };
        assert!(by_period(&columns, &rows(&["2024", "2025"])));
        assert!(by_period(&columns, &rows(&["2024-05", "2024-Q1"])));
        assert!(!by_period(&columns, &rows(&["2024", "vip"])));
        assert!(!by_period(&columns, &rows(&["20245"])));
        assert!(!by_period(&columns, &rows(&[])));
    }
}
