//! From the answers of the queries to tables.

use std::collections::BTreeMap;

use super::compute::{Run, with_totals};
use super::document::TableRule;
use super::groups::{Group, Groups, Measures, combine, fill_periods, name, order};
use super::picking::Picking;
use super::publish::{DataGroup, offer};
use crate::aggregate::AggregateFn;
use crate::value::{Decimal, Value};

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
    /// Over all rows that meet the table's condition, those that its limit cut too.
    pub total: Option<RowResult>,
    /// How many rows its limit cut.
    pub cut: usize,
}

/// A row that meets the condition, with what it was computed from.
struct Line {
    row: RowResult,
    measures: Measures,
    rank: Vec<Option<Decimal>>,
}

impl Run<'_> {
    pub fn tables(&self, totals: &Measures) -> Vec<TableResult> {
        let tables = self.report.document.tables.iter().zip(&self.report.picking);
        tables.map(|(table, picking)| self.table(table, picking, totals)).collect()
    }

    fn table(&self, table: &TableRule, picking: &Picking, totals: &Measures) -> TableResult {
        let mut lines = self.lines(table, picking, totals);
        let total = table.total.then(|| {
            let mut sums =
                if picking.is_narrowed() { self.sums(table, &lines, totals) } else { totals.clone() };
            self.add_zeros(&table.by, &mut sums);
            self.total(table, &sums, totals)
        });
        lines.sort_by(|a, b| picking.order(&a.rank, &b.rank));
        let found = lines.len();
        lines.truncate(picking.limit.unwrap_or(found));
        let cut = found - lines.len();
        let rows = lines.into_iter().map(|line| line.row).collect();
        TableResult { key: table.key.clone(), rows, total, cut }
    }

    /// The rows that meet the table's condition, in the order of their groups. All groups are computed first, so that
    /// running sums and shares are the same whatever is shown.
    fn lines(&self, table: &TableRule, picking: &Picking, totals: &Measures) -> Vec<Line> {
        let (by, groups) = self.groups(&table.by);
        // What the viewer may not read decides about no row: all are there, with the reason in their cells.
        let undecided = picking.reads(self.report).iter().any(|key| self.absent.is_closed(key));
        let mut running = Measures::new();
        let mut previous: Option<Measures> = None;
        let mut lines = Vec::with_capacity(groups.len());
        for (place, group) in groups.into_iter().enumerate() {
            for (key, value) in &group.measures {
                let sum = running.entry(key.clone()).or_default();
                *sum = combine(AggregateFn::Sum, sum.as_number().into_iter().chain(value.as_number()));
            }
            let mut names = with_totals(&group.measures, totals);
            let empty = group.measures.keys().map(|key| (key.clone(), Value::Empty)).collect();
            offer(previous.as_ref().unwrap_or(&empty), "PREV", &mut names);
            offer(&running, "RUNNING", &mut names);
            let (values, reasons) = self.cells(table, &names, &group.measures);
            self.add_figures(picking, &mut names);
            let value = group.values.first().cloned().unwrap_or_default();
            if undecided || picking.keeps(&names, self.context, &mut self.budget.borrow_mut()) {
                let (key, label) = match by {
                    Some(by) => name(by, &value, self.titles, self.language),
                    None => Default::default(),
                };
                let rank = picking.rank(&names, (!value.is_empty()).then_some(place));
                let row = RowResult { group: key, label, values, reasons, missing: group.missing };
                lines.push(Line { row, measures: group.measures.clone(), rank });
            }
            previous = Some(group.measures);
        }
        lines
    }

    /// The figures that pick rows, as they are shown; under its name a figure hides a measure.
    fn add_figures(&self, picking: &Picking, names: &mut Measures) {
        let figures = picking.figures.iter().filter_map(|key| {
            let (text, _) = self.evaluate(self.report.figure(key)?, names);
            let number = text.and_then(|text| text.parse::<Decimal>().ok());
            Some((key.clone(), number.map(Value::Number).unwrap_or_default()))
        });
        let figures: Vec<(String, Value)> = figures.collect();
        names.extend(figures);
    }

    /// The measures of some rows put together; those that the table's groups do not part stay whole.
    fn sums(&self, table: &TableRule, lines: &[Line], totals: &Measures) -> Measures {
        let mut sums = totals.clone();
        let parted = self.report.data.iter().filter(|data| data.group.iter().any(|by| by.key == table.by));
        for measure in parted.flat_map(|data| &data.measures) {
            let parts = lines.iter().filter_map(|line| line.measures.get(&measure.key)?.as_number());
            sums.insert(measure.key.clone(), combine(measure.function, parts));
        }
        sums
    }

    fn total(&self, table: &TableRule, sums: &Measures, totals: &Measures) -> RowResult {
        let mut names = with_totals(sums, totals);
        let empty: Measures = totals.keys().map(|key| (key.clone(), Value::Empty)).collect();
        offer(&empty, "PREV", &mut names);
        offer(&empty, "RUNNING", &mut names);
        let (values, reasons) = self.cells(table, &names, sums);
        RowResult { group: String::new(), label: String::new(), values, reasons, missing: false }
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
            let (value, reason) = match self.report.figure(column) {
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

    /// The groups of this key in order, with their measures; missing periods are filled in.
    pub fn groups(&self, key: &str) -> (Option<&DataGroup>, Vec<Group>) {
        let mut groups = Groups::default();
        let mut by: Option<&DataGroup> = None;
        for (data, answer) in self.queries() {
            let mut grouped = data.group.iter().enumerate();
            let Some((place, found)) = grouped.find(|(_, group)| group.key == key) else { continue };
            by.get_or_insert(found);
            for row in &answer.rows {
                let Some(value) = row.group.get(place) else { continue };
                let group = groups.of(std::slice::from_ref(value));
                for measure in &data.measures {
                    let part = row.values.get(&measure.key).and_then(Value::as_number);
                    group.add(&measure.key, measure.function, part);
                }
            }
        }
        let mut groups = groups.into_list();
        let Some(by) = by else { return (None, groups) };
        if let Some(unit) = by.unit {
            fill_periods(&mut groups, unit);
        }
        groups.sort_by(|a, b| order(by, a.value(), b.value(), self.titles));
        for group in &mut groups {
            self.add_zeros(key, &mut group.measures);
        }
        (Some(by), groups)
    }

    /// Gives every measure that `by` parts its place. What nobody booked in a period is 0, in its row and in the total
    /// below; what has no value anywhere has none here: figures and tables go by the same reasons.
    fn add_zeros(&self, by: &str, measures: &mut Measures) {
        for (data, _) in self.queries() {
            let Some(group) = data.group.iter().find(|group| group.key == by) else { continue };
            for measure in &data.measures {
                // Nothing adds up to 0; it has no average, nor a smallest.
                let adds =
                    matches!(measure.function, AggregateFn::Sum | AggregateFn::Count | AggregateFn::Distinct);
                let is_zero = adds && group.unit.is_some() && self.absent.reason(&measure.key).is_none();
                let value = measures.entry(measure.key.clone()).or_default();
                if value.is_empty() && is_zero {
                    *value = Value::Number(Decimal::ZERO);
                }
            }
        }
    }
}
