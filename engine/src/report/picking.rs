//! Which rows of a table are shown, and in which order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::compute::Reader;
use super::document::TableRule;
use super::groups::Measures;
use super::publish::{Names, Report, measure_of};
use crate::condition::Reach;
use crate::context::Context;
use crate::form::Compiled;
use crate::formula::{Budget, Resolved, Scope, Type};
use crate::text::{Fault, Faults};
use crate::value::{Decimal, Value};

/// A table's condition, order and length, checked.
#[derive(Debug)]
pub(super) struct Picking {
    keep: Option<Compiled>,
    sort: Vec<SortKey>,
    pub limit: Option<usize>,
    /// The figures that condition and order look at.
    pub figures: BTreeSet<String>,
}

#[derive(Debug)]
struct SortKey {
    by: SortBy,
    desc: bool,
}

#[derive(Debug)]
enum SortBy {
    Group,
    /// A figure or measure.
    Number(String),
}

impl Picking {
    /// Checks what a table says about its group, columns and rows.
    ///
    /// # Errors
    /// Everything wrong with it, with JSON pointers into the table.
    pub fn check(table: &TableRule, names: &Names) -> Result<Picking, Faults> {
        let mut faults = Faults::new();
        let unknown = |at: String, name: &str| Fault::new(at, "unknown_field").arg("field", name);
        if !names.is_group(&table.by) {
            faults.push(unknown("/by".to_string(), &table.by));
        }
        for (place, column) in table.columns.iter().enumerate() {
            if !names.is_figure(column) && !names.is_measure(column) {
                faults.push(unknown(format!("/columns/{place}"), column));
            }
        }
        let mut keep = None;
        if let Some(source) = &table.keep {
            let read = |path: &str| Ok(Reach::own(path));
            match Compiled::over(source, &OfRow(names), &Type::Bool, &read) {
                Ok(formula) => keep = Some(formula),
                Err(fault) => faults.push(Fault { path: "/where".to_string(), ..fault }),
            }
        }
        let mut sort = Vec::new();
        for (place, rule) in table.sort.iter().enumerate() {
            let by = if rule.field == table.by {
                SortBy::Group
            } else if names.is_figure(&rule.field) || names.is_measure(&rule.field) {
                SortBy::Number(rule.field.clone())
            } else {
                faults.push(unknown(format!("/sort/{place}/field"), &rule.field));
                continue;
            };
            sort.push(SortKey { by, desc: rule.desc });
        }
        if table.limit == Some(0) {
            faults.push(Fault::new("/limit", "too_small").arg("min", 1));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let limit = table.limit.map(|limit| limit as usize);
        let figures = figures_in(keep.as_ref(), &sort, names);
        Ok(Picking { keep, sort, limit, figures })
    }

    /// Whether there is a condition that may leave rows out.
    pub fn is_narrowed(&self) -> bool {
        self.keep.is_some()
    }

    /// The measures that the condition looks at, those behind its figures too.
    pub fn reads<'p>(&'p self, report: &'p Report) -> BTreeSet<&'p str> {
        let mut all = BTreeSet::new();
        for reach in self.keep.iter().flat_map(Compiled::reaches) {
            match report.figure(&reach.field) {
                Some(figure) => all.extend(figure.reads()),
                None => drop(all.insert(measure_of(&reach.field))),
            }
        }
        all
    }

    /// Whether a row with these measures and figures is shown. What can't be computed for a row does not hold.
    pub fn keeps(&self, row: &Measures, context: &Context, budget: &mut Budget) -> bool {
        let Some(keep) = &self.keep else { return true };
        keep.evaluate(&Reader(row), context, budget) == Value::Bool(true)
    }

    /// By what a row is put in order: `place` is that of its group, absent for what has none.
    pub fn rank(&self, row: &Measures, place: Option<usize>) -> Vec<Option<Decimal>> {
        let rank = |key: &SortKey| match &key.by {
            SortBy::Group => place.map(Decimal::from),
            SortBy::Number(name) => row.get(name).and_then(Value::as_number),
        };
        self.sort.iter().map(rank).collect()
    }

    /// The order of two rows by their ranks.
    pub fn order(&self, a: &[Option<Decimal>], b: &[Option<Decimal>]) -> Ordering {
        let pairs = self.sort.iter().zip(a.iter().zip(b));
        pairs.fold(Ordering::Equal, |so_far, (key, ranks)| {
            so_far.then_with(|| by_number(*ranks.0, *ranks.1, key.desc))
        })
    }
}

/// The order of two numbers; what is empty comes last in both directions.
pub(super) fn by_number(a: Option<Decimal>, b: Option<Decimal>, desc: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if desc => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn figures_in(keep: Option<&Compiled>, sort: &[SortKey], names: &Names) -> BTreeSet<String> {
    let kept = keep.into_iter().flat_map(Compiled::reaches).map(|reach| reach.field.as_str());
    let sorted = sort.iter().filter_map(|key| match &key.by {
        SortBy::Number(name) => Some(name.as_str()),
        SortBy::Group => None,
    });
    kept.chain(sorted).filter(|name| names.is_figure(name)).map(str::to_string).collect()
}

/// A row as its condition sees it: a column's name means what stands in the column.
struct OfRow<'n>(&'n Names<'n>);

impl Scope for OfRow<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        match path {
            [name] if self.0.is_figure(name) => Some(Resolved { ty: Type::Number, live: false }),
            // What is calculated over all rows is nothing of one.
            [name] if self.0.is_calculation(name) => None,
            _ => self.0.resolve(path),
        }
    }
}
