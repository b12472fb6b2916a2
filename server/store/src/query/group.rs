//! Groups and measures over records, exactly.
//!
//! The database groups by stored values and adds up; dates are brought to weeks, months and years here, where the
//! zone and the calendar are known, and the partial results of one period are put together.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use engine::access::{Access, Operation};
use engine::condition::{Checked, Reach, Unit};
use engine::context::Context;
use engine::field::{FieldKind, Shape};
use engine::value::{Timestamp, Value};
use sea_query::{CaseStatement, Expr, ExprTrait, Query as Sql, SelectStatement};

use super::Shelf;
use super::condition::Conditions;
use super::locate::{Place, Reading};
use super::measure::{Sums, Term, measurable, text_of};
use super::page::on_shelf;
use super::sort::{closed_on_some, has_closed_parts};
use super::terms::{Terms, own_part};
use crate::cell::decode;
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::record::scoped;
use crate::row::Row;
use crate::table::{FormRef, Part, Table};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Groups {
    pub shelf: Shelf,
    pub filter: Checked,
    pub group: Vec<GroupBy>,
    pub measures: Vec<Measure>,
}

/// What records are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupBy {
    pub reach: Reach,
    pub kind: FieldKind,
    /// For dates and instants: the period.
    pub unit: Option<Unit>,
}

/// What is measured in each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub function: Function,
    /// Of which values; for a count without it, of records.
    pub of: Option<(Reach, FieldKind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Distinct,
}

/// One group with its measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouped {
    /// One value for each grouping; dates are the first day of their period.
    pub group: Vec<Value>,
    /// One value for each measure; empty where there is nothing to measure.
    pub values: Vec<Value>,
    /// Records (or rows, where grouped by a row's field) in the group.
    pub records: u64,
}

/// Groups of one answer at most.
const MOST_GROUPS: usize = 50_000;
/// Instants are grouped by quarters of an hour: no zone's day begins elsewhere.
const QUARTER_HOUR: i64 = 900_000_000;
/// Makes every instant positive, so that division rounds down; a whole number of quarters.
const LONG_AGO: i64 = 40_000_000 * QUARTER_HOUR;

/// The groups that `wanted` asks for over the records that `access` lets be viewed, in no order.
///
/// # Errors
/// [`Error::NotAskable`] for what the database can't group or measure by, and for too many groups.
pub async fn groups(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    wanted: &Groups,
    context: &Context,
) -> Result<Vec<Grouped>> {
    let Some(visible) = access.rows(Operation::View) else { return Ok(Vec::new()) };
    let table = db.table(form).await?;
    let filter = visible.and(access.guard(wanted.filter.clone()));
    let measured = wanted.measures.iter().filter_map(|measure| measure.of.as_ref()).map(|(reach, _)| reach);
    let reaches: Vec<&Reach> = wanted.group.iter().map(|group| &group.reach).chain(measured).collect();
    let mut needed = vec![filter.clone()];
    needed.extend(reaches.iter().filter_map(|reach| closed_on_some(access, reach)));
    let needed: Vec<&Checked> = needed.iter().collect();
    let mut conditions = Conditions::load(db, table, &needed, context).await?;
    conditions.load_reaches(db, reaches.into_iter()).await?;
    let base = on_shelf(&conditions, wanted.shelf).and(conditions.holds(&filter)?);
    let mut grouping = Grouping { conditions: &conditions, access, wanted, base, found: BTreeMap::new() };
    let started = Instant::now();
    for rows in grouping.sources()? {
        grouping.add_source(db, rows.as_deref()).await?;
    }
    for (place, measure) in wanted.measures.iter().enumerate() {
        if measure.function == Function::Distinct {
            grouping.add_distinct(db, place, measure).await?;
        }
    }
    let answer = grouping.finish()?;
    if let (Some(wish), Shelf::Live) = (covering(wanted, &filter, &conditions.base), wanted.shelf) {
        db.tables.observer.note(&conditions.base, wish, started.elapsed());
    }
    Ok(answer)
}

/// The index that has all that is grouped, filtered and measured by; `None` where none can.
fn covering(wanted: &Groups, filter: &Checked, table: &Table) -> Option<Vec<Part>> {
    let own = |reach: &Reach| own_part(reach, table, Reading::Stored);
    let mut parts = wanted.group.iter().map(|group| own(&group.reach)).collect::<Option<Vec<Part>>>()?;
    parts.extend(Terms::of(filter, table).covering()?);
    let measured = wanted.measures.iter().filter_map(|measure| measure.of.as_ref());
    parts.extend(measured.map(|(reach, _)| own(reach)).collect::<Option<Vec<Part>>>()?);
    Some(parts)
}

/// What is known of one group so far.
#[derive(Default)]
struct Partial {
    group: Vec<Value>,
    records: i64,
    measures: Vec<Sums>,
}

/// Adds the sums of the upper and the lower halves of whole numbers.
fn add_halves(select: &mut SelectStatement, value: Expr) -> &mut SelectStatement {
    let lower = value.clone().bit_and(0xffff_ffffi64).sum();
    select.expr(value.right_shift(32i64).sum()).expr(lower)
}

struct Grouping<'g> {
    conditions: &'g Conditions<'g>,
    access: &'g Access,
    wanted: &'g Groups,
    base: Expr,
    /// By the text of the group's values.
    found: BTreeMap<String, Partial>,
}

impl Grouping<'_> {
    /// The walks that are needed: over records, and over the rows of each sub-form that is measured. Where rows are
    /// grouped by, or the filter looks at the row at hand, everything is counted by row.
    fn sources(&self) -> Result<Vec<Option<String>>> {
        let grouped: BTreeSet<&str> =
            self.wanted.group.iter().filter_map(|group| group.reach.rows.as_deref()).collect();
        let measured = self.wanted.measures.iter().filter_map(|measure| measure.of.as_ref());
        let measured: BTreeSet<Option<&str>> = measured.map(|(reach, _)| reach.rows.as_deref()).collect();
        if let Some(rows) = walked(&self.wanted.filter) {
            let others = grouped.iter().chain(measured.iter().flatten());
            return match others.into_iter().find(|other| **other != rows) {
                Some(other) => Err(Error::NotAskable { path: (*other).to_string() }),
                None => Ok(vec![Some(rows.to_string())]),
            };
        }
        let mut grouped = grouped.into_iter();
        match (grouped.next(), grouped.next()) {
            (Some(rows), None) if measured.iter().flatten().all(|other| *other == rows) => {
                Ok(vec![Some(rows.to_string())])
            }
            (Some(rows), _) => Err(Error::NotAskable { path: rows.to_string() }),
            (None, _) => {
                let rows = measured.into_iter().flatten().map(|rows| Some(rows.to_string()));
                Ok(std::iter::once(None).chain(rows).collect())
            }
        }
    }

    /// Whether a measure belongs to a walk.
    fn is_in(&self, measure: &Measure, rows: Option<&str>) -> bool {
        let by_rows = self.wanted.group.iter().any(|group| group.reach.rows.is_some());
        by_rows || measure.of.as_ref().and_then(|(reach, _)| reach.rows.as_deref()) == rows
    }

    async fn add_source(&mut self, db: &mut Reader, rows: Option<&str>) -> Result<()> {
        let mut select = self.select(rows)?;
        select.expr(Expr::cust("count(*)"));
        let mut places = Vec::new();
        for (place, measure) in self.wanted.measures.iter().enumerate() {
            let Some((reach, kind)) = &measure.of else { continue };
            if !self.is_in(measure, rows) || measure.function == Function::Distinct {
                continue;
            }
            let term = self.term(reach, kind)?;
            let shape = measurable(measure.function, &term, kind, reach)?;
            let value = || term.value.clone();
            match measure.function {
                // How many values there are is asked only for where they are divided by: it costs as much as their sum.
                Function::Sum => select.expr(value().sum()),
                Function::Avg => select.expr(value().sum()).expr(value().count()),
                Function::Count => select.expr(value().count()),
                Function::Min => select.expr(value().min()),
                Function::Max => select.expr(value().max()),
                Function::Distinct => &mut select,
            };
            places.push((place, measure, shape));
        }
        let groups = self.wanted.group.len();
        let shapes = self.group_shapes()?;
        let (answer, split) = self.fetch(db, select, &places).await?;
        for row in &answer {
            let (key, group) = self.read_group(row, &shapes)?;
            let count: i64 = row.get(groups)?;
            let measures = self.wanted.measures.len();
            let partial = self.found.entry(key).or_insert_with(|| Partial {
                group,
                records: 0,
                measures: vec![Sums::default(); measures],
            });
            if rows.is_none() || self.wanted.group.iter().any(|group| group.reach.rows.is_some()) {
                partial.records += count;
            }
            let mut at = groups + 1;
            for (place, measure, shape) in &places {
                if let Some(sums) = partial.measures.get_mut(*place) {
                    at += sums.add(row, at, measure.function, *shape, split)?;
                }
            }
        }
        if self.found.len() > MOST_GROUPS {
            return Err(Error::NotAskable { path: "group".to_string() });
        }
        Ok(())
    }

    /// Runs the statement. Where SQLite's sum of whole numbers overflows, which it says, it runs again with sums of
    /// their upper and lower halves; the answer tells which it was.
    async fn fetch(
        &self,
        db: &mut Reader,
        select: SelectStatement,
        places: &[(usize, &Measure, Shape)],
    ) -> Result<(Vec<Row>, bool)> {
        match db.try_select(&select).await {
            Err(Error::Failed(message)) if message.contains("integer overflow") => {}
            other => return Ok((other?, false)),
        }
        let rows = self.row_source(places);
        let mut halves = self.select(rows.as_deref())?;
        halves.expr(Expr::cust("count(*)"));
        for (_, measure, _) in places {
            let Some((reach, kind)) = &measure.of else { continue };
            let value = || self.term(reach, kind).map(|term| term.value);
            match measure.function {
                Function::Sum => add_halves(&mut halves, value()?),
                Function::Avg => add_halves(&mut halves, value()?).expr(value()?.count()),
                Function::Count => halves.expr(value()?.count()),
                Function::Min => halves.expr(value()?.min()),
                Function::Max => halves.expr(value()?.max()),
                Function::Distinct => &mut halves,
            };
        }
        Ok((db.select(&halves).await?, true))
    }

    fn row_source(&self, places: &[(usize, &Measure, Shape)]) -> Option<String> {
        let grouped = self.wanted.group.iter().find_map(|group| group.reach.rows.clone());
        let mut measured = places.iter().filter_map(|(_, measure, _)| measure.of.as_ref());
        let measured = measured.find_map(|(reach, _)| reach.rows.clone());
        grouped.or(measured)
    }

    async fn add_distinct(&mut self, db: &mut Reader, place: usize, measure: &Measure) -> Result<()> {
        let Some((reach, kind)) = &measure.of else {
            return Err(Error::NotAskable { path: "distinct".to_string() });
        };
        let grouped = self.wanted.group.iter().find_map(|group| group.reach.rows.clone());
        let rows = grouped.or_else(|| reach.rows.clone());
        let term = self.term(reach, kind)?;
        let mut select = self.select(rows.as_deref())?;
        if let Some(side) = &term.many {
            join_side(&mut select, side, "d", rows.is_some());
        }
        let value = if term.many.is_some() { Expr::col(("d", "value")) } else { term.value };
        select.expr(value.clone()).and_where(value.is_not_null());
        select.add_group_by([Expr::cust((self.wanted.group.len() + 1).to_string())]);
        let shapes = self.group_shapes()?;
        let shape = single(term.shape);
        for row in db.select(&select).await? {
            let (key, group) = self.read_group(&row, &shapes)?;
            let value = decode(&row, self.wanted.group.len(), shape)?;
            let measures = self.wanted.measures.len();
            let partial = self.found.entry(key).or_insert_with(|| Partial {
                group,
                records: 0,
                measures: vec![Sums::default(); measures],
            });
            if let Some(sums) = partial.measures.get_mut(place) {
                sums.distinct.insert(text_of(&value));
            }
        }
        Ok(())
    }

    /// `SELECT groups FROM records [and rows] WHERE … GROUP BY groups`
    fn select(&self, rows: Option<&str>) -> Result<SelectStatement> {
        let conditions = self.conditions;
        let mut select = Sql::select();
        select.from_as(conditions.base.name(), "t");
        if let Some(rows) = rows {
            let subform = conditions.base.column(rows);
            let subform = subform.ok_or_else(|| Error::NotAskable { path: rows.to_string() })?;
            let of = Expr::col(("r", "record")).eq(Expr::col(("t", "id")));
            let of = scoped(conditions.dialect, &conditions.base, "r", of);
            select.join_as(sea_query::JoinType::InnerJoin, conditions.base.rows_name(subform), "r", of);
        }
        for (place, group) in self.wanted.group.iter().enumerate() {
            let term = self.term(&group.reach, &group.kind)?;
            let value = match &term.many {
                Some(side) => {
                    join_side(&mut select, side, "g", group.reach.rows.is_some());
                    Expr::col(("g", "value"))
                }
                None => match (group.unit, term.shape) {
                    (Some(_), Shape::Instant) => term.value.add(LONG_AGO).div(QUARTER_HOUR),
                    _ => term.value,
                },
            };
            select.expr(value).add_group_by([Expr::cust((place + 1).to_string())]);
        }
        select.and_where(self.base.clone());
        Ok(select)
    }

    /// What is grouped by or measured: something that is stored, or a live formula that has a form in SQL.
    fn term(&self, reach: &Reach, kind: &FieldKind) -> Result<Term> {
        let path = reach.own_path();
        let place = match self.conditions.computed(reach, kind, Reading::Stored)? {
            // What is closed to somebody gathers nothing for them.
            Some(_) if has_closed_parts(self.access, kind) => return Err(Error::NotAskable { path }),
            Some(place) => place,
            None => self.conditions.place(reach)?,
        };
        let (mut value, shape, many) = match place {
            Place::One { value, shape, .. } => (value, shape, None),
            Place::Many { side, shape, .. } if reach.hops.is_empty() => (Expr::null(), shape, Some(side)),
            Place::Many { .. } => return Err(Error::NotAskable { path }),
        };
        if let Some(readable) = closed_on_some(self.access, reach) {
            if many.is_some() {
                return Err(Error::NotAskable { path });
            }
            let readable = self.conditions.holds(&readable)?;
            value = CaseStatement::new().case(readable, value).finally(Expr::null()).into();
        }
        Ok(Term { value, shape, many })
    }

    fn group_shapes(&self) -> Result<Vec<Shape>> {
        let shape = |group: &GroupBy| self.term(&group.reach, &group.kind).map(|term| single(term.shape));
        self.wanted.group.iter().map(shape).collect()
    }

    /// The group of a row, and the text that it is known by.
    fn read_group(&self, row: &Row, shapes: &[Shape]) -> Result<(String, Vec<Value>)> {
        let mut values = Vec::with_capacity(shapes.len());
        for (place, (group, shape)) in self.wanted.group.iter().zip(shapes).enumerate() {
            let value = match (group.unit, shape) {
                (Some(unit), Shape::Instant) => match row.get::<Option<i64>>(place)? {
                    None => Value::Empty,
                    Some(quarter) => {
                        let micros = quarter * QUARTER_HOUR - LONG_AGO;
                        let instant = Timestamp::from_microsecond(micros)
                            .map_err(|error| Error::corrupt("?", &place.to_string(), error))?;
                        Value::Date(unit.start(self.conditions.context.date_of(instant)))
                    }
                },
                (Some(unit), Shape::Day) => match decode(row, place, *shape)? {
                    Value::Date(day) => Value::Date(unit.start(day)),
                    other => other,
                },
                // A switch through an empty link is empty, not off.
                (_, Shape::Bool) if row.get::<Option<i64>>(place)?.is_none() => Value::Empty,
                _ => decode(row, place, *shape)?,
            };
            values.push(value);
        }
        let key = values.iter().map(text_of).collect::<Vec<_>>().join("\u{1f}");
        Ok((key, values))
    }

    fn finish(mut self) -> Result<Vec<Grouped>> {
        if self.wanted.group.is_empty() && self.found.is_empty() {
            let measures = vec![Sums::default(); self.wanted.measures.len()];
            self.found.insert(String::new(), Partial { measures, ..Partial::default() });
        }
        let measures = &self.wanted.measures;
        self.found
            .into_values()
            .map(|partial| {
                let records = partial.records;
                let values = measures.iter().zip(partial.measures);
                let values =
                    values.map(|(measure, sums)| sums.value(measure, records)).collect::<Result<_>>()?;
                Ok(Grouped { group: partial.group, values, records: records as u64 })
            })
            .collect()
    }
}

/// The sub-form whose row at hand a filter looks at.
pub(super) fn walked(filter: &Checked) -> Option<&str> {
    filter.tests().into_iter().find_map(|test| test.reach.in_row.as_deref())
}

/// The shape of one value of a field.
fn single(shape: Shape) -> Shape {
    match shape {
        Shape::Keys => Shape::Key,
        Shape::Refs => Shape::Ref,
        other => other,
    }
}

fn join_side(select: &mut SelectStatement, side: &str, alias: &'static str, of_row: bool) {
    let row = if of_row { Expr::col(("r", "id")) } else { Expr::val(0i64) };
    let of = Expr::col((alias, "workspace"))
        .eq(Expr::col(("t", "workspace")))
        .and(Expr::col((alias, "record")).eq(Expr::col(("t", "id"))))
        .and(Expr::col((alias, "row")).eq(row));
    select.join_as(sea_query::JoinType::LeftJoin, side.to_string(), alias, of);
}

impl Reader {
    /// As `select`; a statement that fails is the caller's to deal with, where the database lets the transaction
    /// go on.
    async fn try_select(&mut self, statement: &SelectStatement) -> Result<Vec<Row>> {
        let before = self.take_failure();
        let answer = self.select(statement).await;
        if self.dialect() == Dialect::Sqlite && matches!(answer, Err(Error::Failed(_))) {
            self.take_failure();
        }
        if let Some(before) = before {
            self.put_failure(before);
        }
        answer
    }
}
