//! A report as rows of cells: what it is and whose records it counts, its figures with their definitions, and each table.

use std::collections::{BTreeMap, BTreeSet};

use engine::import::Written;
use engine::report::{NONE_VISIBLE, NOT_READABLE};
use engine::text::Language;
use engine::value::{Decimal, parse_timestamp};
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};
use wire::{Figure, FigureColumn, Report, ReportParameter, ReportTable};

use crate::texts::texts;

/// Rows of cells with a name and a header, and what is to be known below them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Written>>,
    pub notes: Vec<String>,
}

/// For whom it is written.
pub struct Reader {
    pub language: Language,
    pub zone: TimeZone,
}

impl Reader {
    /// All of a report.
    pub fn sheets(&self, report: &Report) -> Vec<Sheet> {
        let figures = (!report.figures.is_empty()).then(|| self.figures(&report.figures));
        let tables = report.tables.iter().map(|table| self.table(table));
        [self.about(report)].into_iter().chain(figures).chain(tables).collect()
    }

    /// What a table is called.
    pub fn name_of(&self, table: &ReportTable) -> String {
        if table.label.is_empty() { table.key.clone() } else { table.label.clone() }
    }

    fn said(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: BTreeMap<String, String> =
            args.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
        texts(self.language).get(key, &args).unwrap_or_else(|| key.to_string())
    }

    fn listed<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> String {
        let between = match self.language {
            Language::ZhCn | Language::ZhTw => "、",
            Language::En => ", ",
        };
        names.into_iter().collect::<Vec<_>>().join(between)
    }

    /// What report it is, of when, over which records, and with what chosen.
    fn about(&self, report: &Report) -> Sheet {
        let mut rows = Vec::new();
        if let Some(at) = parse_timestamp(&report.as_of) {
            let at = at.to_zoned_datetime(self.zone.clone());
            rows.push(vec![text(self.said("report-file-as-of", &[])), Written::Moment(at.date(), at.time())]);
        }
        let scope = match (report.scope.as_str(), report.narrowed.as_slice()) {
            ("all", _) => self.said("report-file-all", &[]),
            (_, []) => self.said("report-file-own", &[]),
            (_, narrowed) => self.part_of(narrowed.iter().map(String::as_str)),
        };
        rows.push(vec![text(self.said("report-file-scope", &[])), text(scope)]);
        for parameter in &report.parameters {
            let chosen = chosen(parameter, &report.params);
            let chosen = chosen.unwrap_or_else(|| self.said("report-file-any", &[]));
            rows.push(vec![text(parameter.label.clone()), text(chosen)]);
        }
        let name = self.said("report-file-report", &[]);
        Sheet { header: vec![name.clone(), report.label.clone()], name, rows, notes: Vec::new() }
    }

    fn part_of<'n>(&self, forms: impl IntoIterator<Item = &'n str>) -> String {
        self.said("report-file-part", &[("forms", self.listed(forms).as_str())])
    }

    /// That these numbers are not shown for what their reader does not see; nothing where all are.
    fn closed(&self, labels: Vec<&str>, unseen: BTreeSet<&str>) -> Option<String> {
        if labels.is_empty() {
            return None;
        }
        let labels = self.listed(labels);
        // A form that its reader may not know of has no name here.
        Some(match unseen.is_empty() {
            true => self.said("report-file-closed", &[("columns", labels.as_str())]),
            false => {
                let forms = self.listed(unseen);
                self.said("report-file-closed-of", &[("columns", labels.as_str()), ("forms", forms.as_str())])
            }
        })
    }

    fn figures(&self, figures: &[Figure]) -> Sheet {
        let heads = ["report-file-figure", "report-file-value", "report-file-unit", "report-file-definition"];
        let row = |figure: &Figure| {
            vec![
                text(figure.label.clone()),
                number(figure.value.as_deref()),
                text(figure.unit.clone().unwrap_or_default()),
                text(figure.definition.clone().unwrap_or_default()),
            ]
        };
        let shown = figures.iter().filter(|figure| figure.unseen.is_empty());
        let narrowed: BTreeSet<&str> =
            shown.flat_map(|figure| &figure.narrowed).map(String::as_str).collect();
        let mut notes = Vec::new();
        if !narrowed.is_empty() {
            notes.push(self.part_of(narrowed));
        }
        let closed: Vec<&Figure> = figures.iter().filter(|figure| is_without_sight(figure)).collect();
        let unseen = closed.iter().flat_map(|figure| &figure.unseen).map(String::as_str).collect();
        notes.extend(self.closed(closed.iter().map(|figure| figure.label.as_str()).collect(), unseen));
        Sheet {
            name: self.said("report-file-figures", &[]),
            header: heads.iter().map(|head| self.said(head, &[])).collect(),
            rows: figures.iter().map(row).collect(),
            notes,
        }
    }

    /// One of its tables: the rows that it shows, the total, and how its columns come about.
    pub fn table(&self, table: &ReportTable) -> Sheet {
        let head = |column: &FigureColumn| match column.unit.as_deref() {
            Some(unit) => format!("{} ({unit})", column.label),
            None => column.label.clone(),
        };
        let row = |row: &Map<String, Json>| -> Vec<Written> {
            table.columns.iter().map(|column| cell(row, column)).collect()
        };
        let mut rows: Vec<Vec<Written>> = table.rows.iter().map(row).collect();
        if let Some(total) = &table.total {
            let first = table.columns.iter().position(|column| column.group);
            let cells = table.columns.iter().enumerate().map(|(place, column)| match column.group {
                true if Some(place) == first => text(self.said("report-file-total", &[])),
                true => Written::Blank,
                false => cell(total, column),
            });
            rows.push(cells.collect());
        }
        Sheet {
            name: self.name_of(table),
            header: table.columns.iter().map(head).collect(),
            rows,
            notes: self.notes(table),
        }
    }

    /// What the reader of the file has to know as well as that of the page.
    fn notes(&self, table: &ReportTable) -> Vec<String> {
        let mut notes = Vec::new();
        let shown = table.columns.iter().filter(|column| column.unseen.is_empty());
        let narrowed: BTreeSet<&str> =
            shown.flat_map(|column| &column.narrowed).map(String::as_str).collect();
        if !narrowed.is_empty() {
            notes.push(self.part_of(narrowed));
        }
        let closed: Vec<&FigureColumn> =
            table.columns.iter().filter(|column| is_closed(table, column)).collect();
        let unseen = closed.iter().flat_map(|column| &column.unseen).map(String::as_str).collect();
        notes.extend(self.closed(closed.iter().map(|column| column.label.as_str()).collect(), unseen));
        if table.cut > 0 {
            notes.push(self.said("report-file-cut", &[("count", table.cut.to_string().as_str())]));
        }
        let defined = table.columns.iter().filter_map(|column| Some((column, column.definition.as_deref()?)));
        notes.extend(defined.map(|(column, definition)| format!("{}: {definition}", column.label)));
        notes
    }
}

/// Whether a reason is about what the reader does not see.
fn is_of_sight(code: &str) -> bool {
    [NOT_READABLE, NONE_VISIBLE].contains(&code)
}

fn is_without_sight(figure: &Figure) -> bool {
    figure.reason.as_deref().is_some_and(|code| !figure.unseen.is_empty() || is_of_sight(code))
}

/// Whether a column lacks numbers because its reader may not see what they are made of.
fn is_closed(table: &ReportTable, column: &FigureColumn) -> bool {
    let is_closed = |row: &Map<String, Json>| {
        let code = row.get("reasons").and_then(|reasons| reasons.get(&column.key)).and_then(Json::as_str);
        code.is_some_and(|code| !column.unseen.is_empty() || is_of_sight(code))
    };
    table.rows.iter().chain(&table.total).any(is_closed)
}

/// What is chosen for a parameter, in words; nothing where that is everything.
fn chosen(parameter: &ReportParameter, params: &Map<String, Json>) -> Option<String> {
    let given = |key: &str| params.get(key).and_then(Json::as_str);
    if parameter.kind == "period" {
        let (from, to) = (given("from"), given("to"));
        let is_open = from.is_none() && to.is_none();
        return (!is_open).then(|| format!("{} – {}", from.unwrap_or_default(), to.unwrap_or_default()));
    }
    let given = params.get(&parameter.key).filter(|given| !given.is_null())?;
    let plain = || given.as_str().map_or_else(|| given.to_string(), str::to_string);
    Some(parameter.title.clone().unwrap_or_else(plain))
}

fn text(text: String) -> Written {
    if text.is_empty() { Written::Blank } else { Written::Text(text) }
}

/// A decimal with its own digits; blank where there is none, whatever the reason.
fn number(value: Option<&str>) -> Written {
    let Some(value) = value else { return Written::Blank };
    value
        .parse::<Decimal>()
        .map_or_else(|_| text(value.to_string()), |number| Written::Number(number, number.scale()))
}

fn cell(row: &Map<String, Json>, column: &FigureColumn) -> Written {
    let value = row.get(&column.key).and_then(Json::as_str);
    if !column.group {
        return number(value);
    }
    let label = row.get("labels").and_then(|labels| labels.get(&column.key)).and_then(Json::as_str);
    text(label.filter(|label| !label.is_empty()).or(value).unwrap_or_default().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reader() -> Reader {
        Reader { language: Language::En, zone: TimeZone::UTC }
    }

    fn table(given: Json) -> ReportTable {
        serde_json::from_value(given).unwrap()
    }

    fn cells(sheet: &Sheet) -> Vec<Vec<String>> {
        let row = |row: &Vec<Written>| row.iter().map(|cell| cell.text(Language::En)).collect();
        sheet.rows.iter().map(row).collect()
    }

    #[test]
    fn a_table_has_its_units_its_total_and_how_it_is_defined() {
        let sheet = reader().table(&table(json!({"key": "t", "label": "By year", "columns": [
            {"key": "year", "label": "Year", "group": true}, {"key": "cost", "label": "Cost", "unit": "CNY"},
            {"key": "roi", "label": "ROI", "unit": "%", "definition": "gain by cost"}],
            "rows": [{"year": "2022", "cost": "5.00", "roi": "250.0"},
                {"year": "1", "labels": {"year": "Later"}, "cost": "-1.00", "roi": null,
                 "reasons": {"roi": "COST_ZERO"}}],
            "total": {"cost": "4.00", "roi": "100.0"}, "cut": 2})));
        assert_eq!(sheet.header, ["Year", "Cost (CNY)", "ROI (%)"]);
        assert_eq!(
            cells(&sheet),
            [["2022", "5.00", "250.0"], ["Later", "-1.00", ""], ["Total", "4.00", "100.0"]]
        );
        assert_eq!(sheet.notes, ["2 more rows are not shown.", "ROI: gain by cost"]);
    }

    #[test]
    fn a_table_says_what_its_reader_does_not_see() {
        let sheet = reader().table(&table(json!({"key": "t", "label": "", "columns": [
            {"key": "year", "label": "Year", "group": true},
            {"key": "cost", "label": "Cost", "narrowed": ["Costs"], "unseen": ["Costs"]},
            {"key": "gain", "label": "Gain", "narrowed": ["Gains"]}],
            "rows": [{"year": "2022", "cost": null, "gain": "5.00", "reasons": {"cost": "NONE_VISIBLE"}}]})));
        assert_eq!(sheet.name, "t");
        assert_eq!(
            sheet.notes,
            ["Only what you may see of: Gains", "Cost: not shown, because you may not see: Costs"]
        );
    }

    #[test]
    fn a_report_begins_with_whose_records_it_counts_and_what_was_chosen() {
        let report: Report = serde_json::from_value(json!({"key": "r", "label": "ROI",
            "as_of": "2026-03-02T08:00:00Z", "params": {"from": "2024-01-01", "to": "2024-12-31"},
            "parameters": [{"key": "period", "label": "Period", "kind": "period", "required": false},
                {"key": "program", "label": "Programme", "kind": "link", "required": false}],
            "scope": "own rows", "narrowed": ["Costs", "Gains"], "figures": [], "tables": []}))
        .unwrap();
        let [about] = reader().sheets(&report).try_into().unwrap();
        assert_eq!(about.header, ["Report", "ROI"]);
        assert_eq!(
            cells(&about).split_first().unwrap().1,
            [
                ["Data", "Only what you may see of: Costs, Gains"],
                ["Period", "2024-01-01 – 2024-12-31"],
                ["Programme", "All"]
            ]
        );
    }
}
