//! From the answers of the queries to figures and tables.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{DataAnswer, INSUFFICIENT_DATA, NOT_READABLE, SOURCE_NOT_INSTALLED, Titles};
use super::document::TableRule;
use super::groups::{Group, Groups, Measures, combine, fill_periods, name, order};
use super::publish::{CheckedData, CheckedFigure, DataGroup, Report, measure_of, offer};
use crate::aggregate::AggregateFn;
use crate::condition::{Reach, Source};
use crate::context::Context;
use crate::formula::Budget;
use crate::text::Language;
use crate::value::{Decimal, Rounding, Value, round, to_fixed};

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

impl Report {
    /// Computes figures and tables from the queries' answers, `answers[i]` being that of `data[i]`.
    pub fn compute(
        &self,
        answers: &[DataAnswer],
        titles: &Titles,
        context: &Context,
        language: Language,
    ) -> Outcome {
        let run = Run { report: self, answers, titles, context, language, absent: self.absent(answers) };
        let totals = run.totals();
        let figures = self.figures.iter().filter(|figure| figure.rule.by.is_none());
        Outcome {
            figures: figures.map(|figure| run.figure(figure, &totals)).collect(),
            tables: self.document.tables.iter().map(|table| run.table(table, &totals)).collect(),
        }
    }

    /// The measures that have no value, and why.
    fn absent(&self, answers: &[DataAnswer]) -> Absent {
        let mut absent = Absent::default();
        for (data, answer) in self.data.iter().zip(answers) {
            absent.withheld.extend(answer.withheld.iter().cloned());
            if data.form.is_none() {
                absent.not_installed.extend(data.measures.iter().map(|measure| measure.key.clone()));
            }
        }
        absent
    }
}

#[derive(Default)]
struct Absent {
    withheld: BTreeSet<String>,
    not_installed: BTreeSet<String>,
}

impl Absent {
    fn reason(&self, measure: &str) -> Option<&'static str> {
        if self.withheld.contains(measure) {
            Some(NOT_READABLE)
        } else if self.not_installed.contains(measure) {
            Some(SOURCE_NOT_INSTALLED)
        } else {
            None
        }
    }
}

/// A report over some answers.
struct Run<'r> {
    report: &'r Report,
    answers: &'r [DataAnswer],
    titles: &'r Titles,
    context: &'r Context,
    language: Language,
    absent: Absent,
}

impl Run<'_> {
    fn queries(&self) -> impl Iterator<Item = (&CheckedData, &DataAnswer)> {
        self.report.data.iter().zip(self.answers)
    }

    /// Each measure over all its rows; empty where there is none.
    fn totals(&self) -> Measures {
        let mut totals = Measures::new();
        for (data, answer) in self.queries() {
            for measure in &data.measures {
                let values = answer.rows.iter().filter_map(|row| row.values.get(&measure.key));
                let values = values.filter_map(Value::as_number);
                totals.insert(measure.key.clone(), combine(measure.function, values));
            }
        }
        totals
    }

    fn figure(&self, figure: &CheckedFigure, measures: &Measures) -> FigureResult {
        let with_marks = with_totals(measures, measures);
        let (value, reason) = self.evaluate(figure, &with_marks);
        let read: BTreeSet<&str> = figure.formula.reaches().map(|reach| measure_of(&reach.field)).collect();
        let inputs = read
            .iter()
            .filter_map(|key| Some((key.to_string(), self.text(key, measures.get(*key)?))))
            .collect();
        let reads =
            |data: &CheckedData| data.measures.iter().any(|measure| read.contains(measure.key.as_str()));
        let answers = self.queries().filter(|(data, _)| reads(data)).map(|(_, answer)| answer);
        let records = answers.flat_map(|answer| &answer.rows).map(|row| row.records).sum();
        FigureResult { key: figure.rule.key.clone(), value, reason, inputs, records }
    }

    fn text(&self, measure: &str, value: &Value) -> Option<String> {
        let scale = self.report.measure_scale(measure).unwrap_or(2);
        value.as_number().map(|number| to_fixed(number, scale))
    }

    fn table(&self, table: &TableRule, totals: &Measures) -> TableResult {
        let (by, groups) = self.groups(table);
        let mut running = Measures::new();
        let mut previous: Option<Measures> = None;
        let mut rows = Vec::with_capacity(groups.len());
        for group in groups {
            for (key, value) in &group.measures {
                let sum = running.entry(key.clone()).or_default();
                *sum = combine(AggregateFn::Sum, sum.as_number().into_iter().chain(value.as_number()));
            }
            let mut names = with_totals(&group.measures, totals);
            let empty = group.measures.keys().map(|key| (key.clone(), Value::Empty)).collect();
            offer(previous.as_ref().unwrap_or(&empty), "PREV", &mut names);
            offer(&running, "RUNNING", &mut names);
            let (values, reasons) = self.cells(table, &names, &group.measures);
            let value = group.values.first().cloned().unwrap_or_default();
            let (key, label) = match by {
                Some(by) => name(by, &value, self.titles, self.language),
                None => Default::default(),
            };
            rows.push(RowResult { group: key, label, values, reasons, missing: group.missing });
            previous = Some(group.measures);
        }
        let total = table.total.then(|| {
            let mut names = with_totals(totals, totals);
            let empty: Measures = totals.keys().map(|key| (key.clone(), Value::Empty)).collect();
            offer(&empty, "PREV", &mut names);
            offer(&empty, "RUNNING", &mut names);
            let (values, reasons) = self.cells(table, &names, totals);
            RowResult { group: String::new(), label: String::new(), values, reasons, missing: false }
        });
        TableResult { key: table.key.clone(), rows, total }
    }

    fn cells(
        &self,
        table: &TableRule,
        names: &Measures,
        measures: &Measures,
    ) -> (BTreeMap<String, Option<String>>, BTreeMap<String, String>) {
        let mut values = BTreeMap::new();
        let mut reasons = BTreeMap::new();
        for column in &table.columns {
            let figure = self.report.figures.iter().find(|figure| figure.rule.key == *column);
            let (value, reason) = match figure {
                Some(figure) => self.evaluate(figure, names),
                None => (
                    measures.get(column).and_then(|value| self.text(column, value)),
                    self.absent.reason(column).map(str::to_string),
                ),
            };
            values.insert(column.clone(), value);
            if let Some(reason) = reason {
                reasons.insert(column.clone(), reason);
            }
        }
        (values, reasons)
    }

    /// The groups of a table in order, with their measures; missing periods are filled in.
    fn groups(&self, table: &TableRule) -> (Option<&DataGroup>, Vec<Group>) {
        let mut groups = Groups::default();
        let mut by: Option<&DataGroup> = None;
        let mut measures: Vec<&str> = Vec::new();
        for (data, answer) in self.queries() {
            let Some(place) = data.group.iter().position(|group| group.key == table.by) else { continue };
            by.get_or_insert(&data.group[place]);
            measures.extend(data.measures.iter().map(|measure| measure.key.as_str()));
            for row in &answer.rows {
                let Some(value) = row.group.get(place) else { continue };
                let group = groups.of(std::slice::from_ref(value));
                for measure in &data.measures {
                    let part = row.values.get(&measure.key).and_then(Value::as_number);
                    group.add(&measure.key, measure.function, part);
                }
            }
        }
        let mut groups = groups.list;
        let Some(by) = by else { return (None, groups) };
        if let Some(unit) = by.unit {
            fill_periods(&mut groups, unit);
        }
        groups.sort_by(|a, b| order(by, &a.values[0], &b.values[0], self.titles));
        for group in &mut groups {
            for measure in &measures {
                // What nobody booked in a period is 0; what may not be read is not.
                let is_zero = by.unit.is_some() && !self.absent.withheld.contains(*measure);
                let value = group.measures.entry(measure.to_string()).or_default();
                if value.is_empty() && is_zero {
                    *value = Value::Number(Decimal::ZERO);
                }
            }
        }
        (Some(by), groups)
    }

    fn evaluate(&self, figure: &CheckedFigure, names: &Measures) -> (Option<String>, Option<String>) {
        let absent = |reason: &str| figure.reads().any(|key| self.absent.reason(key) == Some(reason));
        if absent(NOT_READABLE) {
            return (None, Some(NOT_READABLE.to_string()));
        }
        let (value, reason) = evaluate(figure, names, self.context);
        match value {
            None if absent(SOURCE_NOT_INSTALLED) => (None, Some(SOURCE_NOT_INSTALLED.to_string())),
            value => (value, reason),
        }
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

fn evaluate(figure: &CheckedFigure, names: &Measures, context: &Context) -> (Option<String>, Option<String>) {
    let source = Reader(names);
    let mut budget = Budget::for_record();
    for (when, reason) in &figure.null_when {
        if when.evaluate(&source, context, &mut budget) == Value::Bool(true) {
            return (None, Some(reason.clone()));
        }
    }
    told(figure.formula.evaluate(&source, context, &mut budget), figure.rule.scale)
}

/// A computed value as text of this scale, or why there is none.
pub(super) fn told(value: Value, scale: u32) -> (Option<String>, Option<String>) {
    match value {
        Value::Number(number) => (Some(to_fixed(round(number, scale, Rounding::HalfUp), scale)), None),
        Value::Error(error) => (None, Some(error.code().to_string())),
        _ => (None, Some(INSUFFICIENT_DATA.to_string())),
    }
}

/// Measures by name, as formulas read them.
pub(super) struct Reader<'a>(pub &'a Measures);

impl Source for Reader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
