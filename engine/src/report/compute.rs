//! From the rows of the queries to figures and tables.

use std::collections::BTreeMap;

use super::document::TableRule;
use super::publish::{CheckedData, CheckedFigure, Report, offer};
use crate::aggregate::AggregateFn;
use crate::condition::{Reach, Source, Unit};
use crate::context::Context;
use crate::formula::Budget;
use crate::text::Language;
use crate::value::{Decimal, Rounding, Value, round, to_fixed};

/// One row of a query: the group's values in the order of the query's groups, and its measures.
#[derive(Clone, Debug)]
pub struct DataRow {
    pub group: Vec<Value>,
    pub values: BTreeMap<String, Value>,
    /// How many records are behind it.
    pub records: u64,
}

/// A figure with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureResult {
    pub key: String,
    /// Exactly as many digits as the figure's scale; `None` with a reason.
    pub value: Option<String>,
    pub reason: Option<String>,
    /// The measures that its formula reads.
    pub inputs: BTreeMap<String, Option<String>>,
    pub records: u64,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct RowResult {
    /// The group in the wire form: a period's name, a choice's key, an id. Empty in a total row.
    pub group: String,
    /// The group as people read it.
    pub label: String,
    pub values: BTreeMap<String, Option<String>>,
    pub reasons: BTreeMap<String, String>,
    /// A period without any record.
    pub missing: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableResult {
    pub key: String,
    pub rows: Vec<RowResult>,
    pub total: Option<RowResult>,
}

/// Everything that a report says.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub figures: Vec<FigureResult>,
    pub tables: Vec<TableResult>,
}

type Measures = BTreeMap<String, Value>;

impl Report {
    /// Computes figures and tables from the queries' rows, `rows[i]` being those of `data[i]`.
    pub fn compute(&self, rows: &[Vec<DataRow>], context: &Context, language: Language) -> Outcome {
        let totals = self.totals(rows);
        let figures = self.figures.iter().filter(|figure| figure.rule.by.is_none());
        Outcome {
            figures: figures.map(|figure| self.figure(figure, &totals, rows, context)).collect(),
            tables: self
                .document
                .tables
                .iter()
                .map(|table| self.table(table, rows, &totals, context, language))
                .collect(),
        }
    }

    /// Each measure over all its rows; empty where there is none.
    fn totals(&self, rows: &[Vec<DataRow>]) -> Measures {
        let mut totals = Measures::new();
        for (data, rows) in self.data.iter().zip(rows) {
            for measure in &data.measures {
                let values =
                    rows.iter().filter_map(|row| row.values.get(&measure.key)).filter_map(Value::as_number);
                totals.insert(measure.key.clone(), combine(measure.function, values));
            }
        }
        totals
    }

    fn figure(
        &self,
        figure: &CheckedFigure,
        measures: &Measures,
        rows: &[Vec<DataRow>],
        context: &Context,
    ) -> FigureResult {
        let with_marks = with_totals(measures, measures);
        let (value, reason) = evaluate(figure, &with_marks, context);
        let read: Vec<&str> = figure.formula.reaches().map(|reach| reach.field.as_str()).collect();
        let inputs = read
            .iter()
            .filter_map(|key| Some((key.to_string(), self.text(key, measures.get(*key)?))))
            .collect();
        let reads =
            |data: &CheckedData| data.measures.iter().any(|measure| read.contains(&measure.key.as_str()));
        let records = self.data.iter().zip(rows).filter(|(data, _)| reads(data));
        let records = records.flat_map(|(_, rows)| rows).map(|row| row.records).sum();
        FigureResult { key: figure.rule.key.clone(), value, reason, inputs, records }
    }

    fn text(&self, measure: &str, value: &Value) -> Option<String> {
        let scale = self.measure_scale(measure).unwrap_or(2);
        value.as_number().map(|number| to_fixed(number, scale))
    }

    fn table(
        &self,
        table: &TableRule,
        rows: &[Vec<DataRow>],
        totals: &Measures,
        context: &Context,
        language: Language,
    ) -> TableResult {
        let groups = self.groups(table, rows, language);
        let mut running = Measures::new();
        let mut previous: Option<Measures> = None;
        let mut results = Vec::with_capacity(groups.len());
        for group in groups {
            for (key, value) in &group.measures {
                let sum = running.entry(key.clone()).or_default();
                *sum = combine(AggregateFn::Sum, sum.as_number().into_iter().chain(value.as_number()));
            }
            let mut names = with_totals(&group.measures, totals);
            let empty = group.measures.keys().map(|key| (key.clone(), Value::Empty)).collect();
            offer(previous.as_ref().unwrap_or(&empty), "PREV", &mut names);
            offer(&running, "RUNNING", &mut names);
            let (values, reasons) = self.cells(table, &names, &group.measures, context);
            results.push(RowResult {
                group: group.key,
                label: group.label,
                values,
                reasons,
                missing: group.missing,
            });
            previous = Some(group.measures);
        }
        let total = table.total.then(|| {
            let mut names = with_totals(totals, totals);
            let empty: Measures = totals.keys().map(|key| (key.clone(), Value::Empty)).collect();
            offer(&empty, "PREV", &mut names);
            offer(&empty, "RUNNING", &mut names);
            let (values, reasons) = self.cells(table, &names, totals, context);
            RowResult { group: String::new(), label: String::new(), values, reasons, missing: false }
        });
        TableResult { key: table.key.clone(), rows: results, total }
    }

    fn cells(
        &self,
        table: &TableRule,
        names: &Measures,
        measures: &Measures,
        context: &Context,
    ) -> (BTreeMap<String, Option<String>>, BTreeMap<String, String>) {
        let mut values = BTreeMap::new();
        let mut reasons = BTreeMap::new();
        for column in &table.columns {
            let Some(figure) = self.figures.iter().find(|figure| figure.rule.key == *column) else {
                values
                    .insert(column.clone(), measures.get(column).and_then(|value| self.text(column, value)));
                continue;
            };
            let (value, reason) = evaluate(figure, names, context);
            values.insert(column.clone(), value);
            if let Some(reason) = reason {
                reasons.insert(column.clone(), reason);
            }
        }
        (values, reasons)
    }

    /// The groups of a table in order, with their measures; missing periods are filled in.
    fn groups(&self, table: &TableRule, rows: &[Vec<DataRow>], language: Language) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by: Option<(&crate::field::FieldKind, Option<Unit>)> = None;
        let mut names: Vec<&str> = Vec::new();
        for (data, rows) in self.data.iter().zip(rows) {
            let Some(place) = data.group.iter().position(|group| group.key == table.by) else { continue };
            let dimension = &data.group[place];
            by.get_or_insert((&dimension.kind, dimension.unit));
            names.extend(data.measures.iter().map(|measure| measure.key.as_str()));
            for row in rows {
                let Some(value) = row.group.get(place) else { continue };
                let group = match groups.iter_mut().find(|group| group.value == *value) {
                    Some(group) => group,
                    None => {
                        groups.push(Group::new(value.clone()));
                        let last = groups.len() - 1;
                        &mut groups[last]
                    }
                };
                for measure in &data.measures {
                    let Some(more) = row.values.get(&measure.key).and_then(Value::as_number) else {
                        continue;
                    };
                    let sum = group.measures.entry(measure.key.clone()).or_default();
                    *sum = combine(measure.function, sum.as_number().into_iter().chain([more]));
                }
            }
        }
        let Some((kind, unit)) = by else { return groups };
        if let Some(unit) = unit {
            fill_periods(&mut groups, unit);
        }
        groups.sort_by(|a, b| match (a.value.is_empty(), b.value.is_empty()) {
            (false, false) => kind.order(&a.value, &b.value),
            (a, b) => a.cmp(&b),
        });
        for group in &mut groups {
            for name in &names {
                let absent = if unit.is_some() { Value::Number(Decimal::ZERO) } else { Value::Empty };
                let value = group.measures.entry(name.to_string()).or_default();
                if value.is_empty() {
                    *value = absent;
                }
            }
            (group.key, group.label) = match (unit, &group.value) {
                (Some(unit), Value::Date(day)) => (unit.name(*day), unit.name(*day)),
                (_, value) => (wire_text(&kind.to_json(value)), kind.display(value, language)),
            };
        }
        groups
    }
}

struct Group {
    value: Value,
    key: String,
    label: String,
    measures: Measures,
    missing: bool,
}

impl Group {
    fn new(value: Value) -> Group {
        Group { value, key: String::new(), label: String::new(), measures: Measures::new(), missing: false }
    }
}

/// A row for every period between the first and the last.
fn fill_periods(groups: &mut Vec<Group>, unit: Unit) {
    /// A table of more rows than this is not filled up.
    const MOST: usize = 2_000;
    let days: Vec<_> = groups.iter().filter_map(|group| group.value.as_date()).collect();
    let (Some(first), Some(last)) = (days.iter().min().copied(), days.iter().max().copied()) else { return };
    let mut day = unit.start(first);
    for _ in 0..MOST {
        if day > last {
            return;
        }
        if !days.contains(&day) {
            let mut group = Group::new(Value::Date(day));
            group.missing = true;
            groups.push(group);
        }
        day = unit.step(day, 1);
    }
}

fn with_totals(measures: &Measures, totals: &Measures) -> Measures {
    let mut names = measures.clone();
    offer(totals, "TOTAL", &mut names);
    for (key, value) in measures {
        let share = match (value.as_number(), totals.get(key).and_then(Value::as_number)) {
            (Some(part), Some(whole)) if !whole.is_zero() => {
                part.checked_div(whole).map(Value::Number).unwrap_or_default()
            }
            _ => Value::Empty,
        };
        names.insert(format!("SHARE.{key}"), share);
    }
    names
}

fn combine(function: AggregateFn, values: impl Iterator<Item = Decimal>) -> Value {
    let combined = values.map(Some).reduce(|a, b| match (function, a?, b?) {
        (AggregateFn::Min, a, b) => Some(a.min(b)),
        (AggregateFn::Max, a, b) => Some(a.max(b)),
        (AggregateFn::Sum | AggregateFn::Count, a, b) => a.checked_add(b),
        // Neither can be put together from groups.
        (AggregateFn::Avg | AggregateFn::Distinct, ..) => None,
    });
    combined.flatten().map(Value::Number).unwrap_or_default()
}

fn evaluate(figure: &CheckedFigure, names: &Measures, context: &Context) -> (Option<String>, Option<String>) {
    let source = Reader(names);
    let mut budget = Budget::for_record();
    for (when, reason) in &figure.null_when {
        if when.evaluate(&source, context, &mut budget) == Value::Bool(true) {
            return (None, Some(reason.clone()));
        }
    }
    match figure.formula.evaluate(&source, context, &mut budget) {
        Value::Number(number) => {
            (Some(to_fixed(round(number, figure.rule.scale, Rounding::HalfUp), figure.rule.scale)), None)
        }
        Value::Error(error) => (None, Some(error.code().to_string())),
        _ => (None, Some("INSUFFICIENT_DATA".to_string())),
    }
}

fn wire_text(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

struct Reader<'a>(&'a Measures);

impl Source for Reader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
