//! From the answer of a tile's query to what it shows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::answer::{DataAnswer, NONE_VISIBLE, NOT_READABLE, Titles};
use super::compute::{Reader, told};
use super::dashboard::{Compare, TileKind};
use super::groups::{Groups, Measures, combine, fill_periods, name, order};
use super::picking::by_number;
use super::publish::DataMeasure;
use super::tile::CheckedTile;
use crate::aggregate::AggregateFn;
use crate::condition::{Checked, CheckedOperand, CheckedTest, Operator};
use crate::context::Context;
use crate::formula::Budget;
use crate::text::Language;
use crate::value::{Date, Decimal, Rounding, Value, round, to_fixed};

/// What a tile shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TileResult {
    pub rows: Vec<TileRow>,
    /// Over all groups, those that `limit` cut too; absent where the tile has no groups.
    pub total: Option<TileRow>,
    /// How many groups there are.
    pub groups: usize,
}

/// A group with its measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TileRow {
    /// For each group of the tile, its value in the wire form.
    pub group: Vec<String>,
    /// The same as people read it.
    pub labels: Vec<String>,
    pub values: BTreeMap<String, Option<String>>,
    pub reasons: BTreeMap<String, String>,
    /// A period without any record.
    pub missing: bool,
}

/// Rows of a ranking, and of other tiles, where the document says nothing.
const RANKED: usize = 10;
const USUAL: usize = 200;

impl CheckedTile {
    /// Puts the rows of the tile's query together.
    pub fn compute(
        &self,
        answer: &DataAnswer,
        titles: &Titles,
        context: &Context,
        language: Language,
    ) -> TileResult {
        let mut groups = Groups::default();
        let mut totals = Measures::new();
        if self.group.is_empty() {
            groups.of(&[]);
        }
        for row in &answer.rows {
            let group = groups.of(&row.group);
            for measure in &self.measures {
                let part = row.values.get(&measure.key).and_then(Value::as_number);
                group.add(&measure.key, measure.function, part);
                let sum = totals.entry(measure.key.clone()).or_default();
                *sum = combine(measure.function, sum.as_number().into_iter().chain(part));
            }
        }
        let mut groups = groups.into_list();
        if let [by] = self.group.as_slice()
            && let Some(unit) = by.unit
        {
            fill_periods(&mut groups, unit);
        }
        let count = groups.len();
        for measures in groups.iter_mut().map(|group| &mut group.measures).chain([&mut totals]) {
            self.add_zeros(measures);
        }
        groups.sort_by(|a, b| {
            self.rank(&a.measures, &b.measures).then_with(|| self.by_group(&a.values, &b.values, titles))
        });
        let most = self.rule.limit.map_or(self.usual_limit(), |limit| limit as usize);
        if self.rule.sort.is_empty() {
            groups.truncate(most);
        }
        // The total before the rows: they share what their formulas may do.
        let mut budget = Budget::for_answer();
        let total = (!self.group.is_empty()).then(|| self.row(&totals, answer, context, &mut budget));
        let mut rows: Vec<TileRow> = groups
            .into_iter()
            .map(|group| {
                let named = self.group.iter().zip(&group.values);
                let (keys, labels) = named.map(|(by, value)| name(by, value, titles, language)).unzip();
                let row = self.row(&group.measures, answer, context, &mut budget);
                TileRow { group: keys, labels, missing: group.missing, ..row }
            })
            .collect();
        rows.sort_by(|a, b| self.in_order(a, b));
        rows.truncate(most);
        TileResult { rows, total, groups: count }
    }

    /// What is measured for a column: the measure itself, or those that its formula reads.
    pub fn reads_of<'t>(&'t self, column: &'t str) -> impl Iterator<Item = &'t DataMeasure> {
        let computed = self.computed.iter().find(|computed| computed.key == column);
        self.measures.iter().filter(move |measure| match computed {
            Some(computed) => computed.formula.reaches().any(|reach| reach.field == measure.key),
            None => measure.key == column,
        })
    }

    /// Where nothing is, a sum or count is 0.
    fn add_zeros(&self, measures: &mut Measures) {
        for measure in &self.measures {
            let value = measures.entry(measure.key.clone()).or_default();
            if value.is_empty() && matches!(measure.function, AggregateFn::Sum | AggregateFn::Count) {
                *value = Value::Number(Decimal::ZERO);
            }
        }
    }

    fn usual_limit(&self) -> usize {
        if self.rule.kind == TileKind::Rank { RANKED } else { USUAL }
    }

    /// The largest first, where the tile is about size.
    fn rank(&self, a: &Measures, b: &Measures) -> Ordering {
        let by_size = matches!(self.rule.kind, TileKind::Rank | TileKind::Pie);
        let Some(first) = self.measures.first().filter(|_| by_size) else { return Ordering::Equal };
        let size = |measures: &Measures| measures.get(&first.key).and_then(Value::as_number);
        size(b).cmp(&size(a))
    }

    /// By the measures that the document names, as they are shown.
    fn in_order(&self, a: &TileRow, b: &TileRow) -> Ordering {
        let number = |row: &TileRow, key: &str| row.values.get(key)?.as_ref()?.parse::<Decimal>().ok();
        self.rule.sort.iter().fold(Ordering::Equal, |so_far, rule| {
            let (a, b) = (number(a, &rule.field), number(b, &rule.field));
            so_far.then_with(|| by_number(a, b, rule.desc))
        })
    }

    fn by_group(&self, a: &[Value], b: &[Value], titles: &Titles) -> Ordering {
        let pairs = self.group.iter().zip(a.iter().zip(b));
        pairs.fold(Ordering::Equal, |so_far, (by, (a, b))| so_far.then_with(|| order(by, a, b, titles)))
    }

    fn row(
        &self,
        measures: &Measures,
        answer: &DataAnswer,
        context: &Context,
        budget: &mut Budget,
    ) -> TileRow {
        let mut row = TileRow::default();
        let mut tell = |key: &str, (value, reason): (Option<String>, Option<String>)| {
            row.values.insert(key.to_string(), value);
            row.reasons.extend(reason.map(|reason| (key.to_string(), reason)));
        };
        let closed = |measure: &DataMeasure| match answer.withheld.contains(&measure.key) {
            true => Some(NOT_READABLE),
            false => answer.shows_none(measure).then_some(NONE_VISIBLE),
        };
        for measure in &self.measures {
            if let Some(reason) = closed(measure) {
                tell(&measure.key, (None, Some(reason.to_string())));
                continue;
            }
            let value = measures.get(&measure.key).and_then(Value::as_number);
            let text = value.map(|number| to_fixed(number, measure.scale));
            let reason = text.is_none().then(|| super::answer::INSUFFICIENT_DATA.to_string());
            tell(&measure.key, (text, reason));
        }
        for computed in &self.computed {
            if let Some(reason) = self.reads_of(&computed.key).find_map(closed) {
                tell(&computed.key, (None, Some(reason.to_string())));
                continue;
            }
            let value = computed.formula.evaluate(&Reader(measures), context, budget);
            tell(&computed.key, told(value, computed.scale));
        }
        row
    }
}

/// By how many per cent a number has changed, with two digits; `None` from 0 on.
pub fn change(previous: Decimal, now: Decimal) -> Option<String> {
    let part = now.checked_sub(previous)?.checked_div(previous.abs())?;
    let percent = part.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(to_fixed(round(percent, 2, Rounding::HalfUp), 2))
}

/// The same condition for the period before: `None` where it has no period.
pub fn earlier(condition: &Checked, compare: Compare, today: Date) -> Option<Checked> {
    let mut moved = false;
    let earlier = shifted(condition, compare, today, &mut moved);
    moved.then_some(earlier)
}

fn shifted(condition: &Checked, compare: Compare, today: Date, moved: &mut bool) -> Checked {
    let mut all = |parts: &[Checked]| parts.iter().map(|part| shifted(part, compare, today, moved)).collect();
    match condition {
        Checked::All(parts) => Checked::All(all(parts)),
        Checked::Any(parts) => Checked::Any(all(parts)),
        Checked::Not(part) => Checked::Not(Box::new(shifted(part, compare, today, moved))),
        Checked::Test(test) => {
            let days = match &test.operand {
                CheckedOperand::Relative(relative, n) => Some(relative.range(today, *n)),
                CheckedOperand::List(ends) if test.op == Operator::Within => match test.period(ends) {
                    Some((Some(from), Some(to))) => Some((from, to)),
                    _ => None,
                },
                _ => None,
            };
            let Some((from, to)) = days.filter(|_| matches!(test.op, Operator::Within | Operator::Eq)) else {
                return condition.clone();
            };
            *moved = true;
            let (from, to) = before(from, to, compare);
            let operand = CheckedOperand::List(vec![Value::Date(from), Value::Date(to)]);
            Checked::Test(Box::new(CheckedTest { op: Operator::Within, operand, ..(**test).clone() }))
        }
    }
}

/// The period of the same length before one, whole months by months; or the same of the year before.
fn before(from: Date, to: Date, compare: Compare) -> (Date, Date) {
    use crate::condition::Unit;
    let back = |months: i64| (Unit::Month.step(from, -months), Unit::Month.step(to, -months));
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    match compare {
        Compare::PreviousYear => back(12),
        Compare::PreviousPeriod if from.day() == 1 && to.day() == 1 && months > 0 => back(months),
        Compare::PreviousPeriod => {
            let days = from.until(to).map_or(0, |span| i64::from(span.get_days()));
            (Unit::Day.step(from, -days), from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{format_date, parse_date};

    #[test]
    fn a_change_is_measured_against_the_size_of_what_was() {
        for (previous, now, wanted) in [
            ("100", "150", Some("50.00")),
            ("-100", "-50", Some("50.00")),
            ("3", "2", Some("-33.33")),
            ("0", "5", None),
        ] {
            assert_eq!(change(previous.parse().unwrap(), now.parse().unwrap()).as_deref(), wanted);
        }
    }

    #[test]
    fn the_period_before_has_the_same_length() {
        let day = |text: &str| parse_date(text).unwrap();
        for (from, to, compare, wanted) in [
            ("2026-11-01", "2026-12-01", Compare::PreviousPeriod, ("2026-10-01", "2026-11-01")),
            ("2026-01-01", "2027-01-01", Compare::PreviousPeriod, ("2025-01-01", "2026-01-01")),
            ("2026-11-02", "2026-11-09", Compare::PreviousPeriod, ("2026-10-26", "2026-11-02")),
            ("2026-11-01", "2026-12-01", Compare::PreviousYear, ("2025-11-01", "2025-12-01")),
        ] {
            let (a, b) = before(day(from), day(to), compare);
            assert_eq!((format_date(a).as_str(), format_date(b).as_str()), wanted);
        }
    }
}
