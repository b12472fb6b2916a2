//! One page of a list.
//!
//! Empty values come last in both directions, which no ordinary index has; so a page is read in up to two walks: records
//! that have a value of the first sort field, in its order, then those that have none. Each walk can follow an
//! index and stop when the page is full. A page far down skips ids in the index first and reads only its own
//! records.

use std::sync::Arc;
use std::time::Instant;

use engine::access::{Access, Operation};
use engine::condition::Checked;
use engine::context::Context;
use sea_query::{Expr, ExprTrait, Order, Query as Sql, SelectStatement};

use super::Shelf;
use super::condition::Conditions;
use super::cursor::{Cursor, Key};
use super::sort::{Sort, SortKey, closed_on_some};
use super::terms::{Terms, own_part};
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::record::{Record, attach_rows, read_record, scoped, select_fields, selected};
use crate::table::{FormRef, Part, Table};

/// Rows of a sub-form that a list shows.
const ROWS_IN_LISTS: u32 = 20;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    pub shelf: Shelf,
    pub filter: Checked,
    /// In order; ties go by id, in the direction of the last.
    pub sort: Vec<Sort>,
    pub limit: u32,
    pub from: From,
    /// Keys of the fields that are wanted; all fields, but no sub-forms, without it.
    pub fields: Option<Vec<String>>,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    Start,
    /// After the end of another page of the same list.
    After(Cursor),
    /// After so many records.
    Offset(u64),
}

/// Some records in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// The sort values of each record.
    ends: Vec<Vec<Key>>,
}

impl Page {
    /// Where a page begins that goes on after the record at `place` of this one; `None` where there is no such record.
    pub fn after(&self, place: usize) -> Option<Cursor> {
        let (record, keys) = (self.records.get(place)?, self.ends.get(place)?);
        Some(Cursor { id: record.id, keys: keys.clone() })
    }
}

/// The records that `query` asks for and `access` lets be viewed.
///
/// # Errors
/// [`Error::NotAskable`] for what can't be filtered or sorted in the database.
pub async fn page(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    query: &Query,
    context: &Context,
) -> Result<Page> {
    let Some(list) = List::new(db, access, form, query, context).await? else {
        return Ok(Page { records: Vec::new(), next: None, ends: Vec::new() });
    };
    let started = Instant::now();
    let page = list.read(db).await?;
    if let Some(wish) = list.plan.wish.clone() {
        db.tables.observer.note(&list.table, wish, started.elapsed());
    }
    Ok(page)
}

/// How a page is to be found: by walking an index in the order of the sort and stopping when the page is full, or
/// by looking up what matches and sorting it.
///
/// SQLite's planner, which knows no figures, takes any index on the filter over one in the order of the sort, and
/// sorts thousands of records to show fifty.
struct Plan {
    /// The only columns that may be looked up in an index, where one in the order of the sort is to be walked.
    searchable: Option<Vec<Part>>,
    /// The index that would have been best, if the form does not have it.
    wish: Option<Vec<Part>>,
}

impl Plan {
    fn new(filter: &Checked, query: &Query, table: &Table) -> Plan {
        let sort = query.sort.first().filter(|sort| sort.kind.choices().is_empty());
        let sort = sort.and_then(|sort| own_part(&sort.reach, table, sort.reading()));
        let (Some(sort), Shelf::Live) = (sort, query.shelf) else {
            return Plan { searchable: None, wish: None };
        };
        let terms = Terms::of(filter, table);
        let mut best = terms.equal;
        best.push(sort.clone());
        let wish = Some(best.clone()).filter(|best| !table.has_index(best));
        // A filter on the sort field itself says where in the index to begin and to end.
        let searchable = if wish.is_none() {
            Some(best)
        } else {
            // Walking everything in order is right unless the filter leaves little.
            let walks = !terms.selective && table.has_index(std::slice::from_ref(&sort));
            walks.then(|| vec![sort])
        };
        Plan { searchable, wish }
    }
}

/// The condition that a shelf is.
pub(super) fn on_shelf(conditions: &Conditions, shelf: Shelf) -> Expr {
    let condition = match shelf {
        // Written out, not bound: a partial index is used only where its condition is seen.
        Shelf::Live => Expr::cust("t.live = 1"),
        Shelf::Drafts(member) => Expr::cust("t.live = 0 AND t.deleted_at IS NULL")
            .and(Expr::col(("t", "created_by")).eq(member.as_i64())),
        Shelf::Bin(member) => {
            let submitted = Expr::cust("(t.flow_state IS NULL OR t.flow_state <> 'draft')");
            let own = Expr::col(("t", "created_by")).eq(member.as_i64());
            Expr::cust("t.deleted_at IS NOT NULL").and(submitted.or(own))
        }
    };
    scoped(conditions.dialect, &conditions.base, "t", condition)
}

/// The two walks of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// The first sort field is never empty: one walk is all.
    Whole,
    Filled,
    Empty,
}

struct List<'l> {
    dialect: Dialect,
    table: Arc<Table>,
    plan: Plan,
    keys: Vec<SortKey>,
    /// The direction of ids.
    descending: bool,
    base: Expr,
    query: &'l Query,
}

impl<'l> List<'l> {
    /// `None` for somebody who may see no record at all.
    async fn new(
        db: &mut Reader,
        access: &Access,
        form: FormRef,
        query: &'l Query,
        context: &Context,
    ) -> Result<Option<List<'l>>> {
        let Some(visible) = access.rows(Operation::View) else { return Ok(None) };
        let table = db.table(form).await?;
        let filter = visible.and(access.guard(query.filter.clone()));
        let mut needed = vec![filter.clone()];
        needed.extend(query.sort.iter().filter_map(|sort| closed_on_some(access, &sort.reach)));
        let needed: Vec<&Checked> = needed.iter().collect();
        let mut conditions = Conditions::load(db, table.clone(), &needed, context).await?;
        conditions.load_reaches(db, query.sort.iter().map(|sort| &sort.reach)).await?;
        let keys = query.sort.iter().map(|sort| conditions.sort_key(sort, access));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let plan = Plan::new(&filter, query, &table);
        conditions.searchable = plan.searchable.clone();
        let descending = keys.last().is_some_and(|key| key.descending);
        let base = on_shelf(&conditions, query.shelf).and(conditions.holds(&filter)?);
        Ok(Some(List { dialect: conditions.dialect, table, plan, keys, descending, base, query }))
    }

    async fn read(&self, db: &mut Reader) -> Result<Page> {
        let wanted = self.query.limit as usize;
        let (mut records, mut ends) = (Vec::new(), Vec::new());
        let mut skip = match self.query.from {
            From::Offset(skip) => skip,
            From::Start | From::After(_) => 0,
        };
        for walk in self.walks() {
            let left = (wanted + 1 - records.len()) as u64;
            let select = self.select(walk, left, skip)?;
            let rows = db.select(&select).await?;
            if skip > 0 && walk == Walk::Filled {
                // Only where the first walk gave nothing it must be known how many it skipped.
                skip = if rows.is_empty() { skip.saturating_sub(self.count_filled(db).await?) } else { 0 };
            }
            let wants = |path: &str| self.wants(path);
            let place = selected(&self.table, Some(&wants));
            for row in &rows {
                records.push(read_record(&self.table, Some(&wants), row)?);
                let keys = self.keys.iter().enumerate();
                let keys = keys.map(|(at, key)| Key::read(row, place + at, key.shape));
                ends.push(keys.collect::<Result<Vec<Key>>>()?);
            }
            if records.len() > wanted {
                break;
            }
        }
        let has_more = records.len() > wanted;
        records.truncate(wanted);
        ends.truncate(wanted);
        let mut page = Page { records, next: None, ends };
        if has_more {
            page.next = wanted.checked_sub(1).and_then(|last| page.after(last));
        }
        if self.query.fields.is_some() {
            let wants = |path: &str| self.wants(path);
            attach_rows(db, &self.table, &mut page.records, Some(&wants), Some(ROWS_IN_LISTS)).await?;
        }
        Ok(page)
    }

    /// Whether a field is wanted.
    fn wants(&self, path: &str) -> bool {
        self.query.fields.as_ref().is_none_or(|fields| fields.iter().any(|field| field == path))
    }

    fn walks(&self) -> Vec<Walk> {
        match self.keys.first() {
            Some(key) if key.nullable => match &self.query.from {
                From::After(cursor) if cursor.keys.first() == Some(&Key::Empty) => vec![Walk::Empty],
                From::After(_) | From::Start | From::Offset(_) => vec![Walk::Filled, Walk::Empty],
            },
            _ => vec![Walk::Whole],
        }
    }

    fn select(&self, walk: Walk, limit: u64, skip: u64) -> Result<SelectStatement> {
        let wants = |path: &str| self.wants(path);
        let mut select = select_fields(self.dialect, &self.table, Some(&wants));
        for key in &self.keys {
            select.expr(key.value.clone());
        }
        if skip == 0 {
            self.narrow(&mut select, walk)?;
            self.order(&mut select, walk);
            select.limit(limit);
            return Ok(select);
        }
        let mut ids = Sql::select();
        ids.column(("t", "id")).from_as(self.table.name(), "t");
        self.narrow(&mut ids, walk)?;
        self.order(&mut ids, walk);
        ids.limit(limit).offset(skip);
        let of = Expr::col(("t", "id")).in_subquery(ids);
        select.and_where(scoped(self.dialect, &self.table, "t", of));
        self.order(&mut select, walk);
        Ok(select)
    }

    /// The conditions of a walk.
    fn narrow(&self, select: &mut SelectStatement, walk: Walk) -> Result<()> {
        select.and_where(self.base.clone());
        match (walk, self.keys.first()) {
            (Walk::Filled, Some(first)) => select.and_where(first.value.clone().is_not_null()),
            (Walk::Empty, Some(first)) => select.and_where(first.value.clone().is_null()),
            _ => select,
        };
        match &self.query.from {
            From::After(cursor) if self.is_beyond(walk, cursor) => {}
            From::After(cursor) => drop(select.and_where(self.after(walk, cursor)?)),
            From::Start | From::Offset(_) => {}
        }
        Ok(())
    }

    /// Whether the whole walk comes after the cursor.
    fn is_beyond(&self, walk: Walk, cursor: &Cursor) -> bool {
        walk == Walk::Empty && cursor.keys.first() != Some(&Key::Empty)
    }

    fn order(&self, select: &mut SelectStatement, walk: Walk) {
        for key in self.walked(walk) {
            let order = direction(key.0.descending);
            if key.1 {
                select.order_by_expr(key.0.value.clone().is_null(), Order::Asc);
            }
            select.order_by_expr(key.0.value.clone(), order);
        }
        select.order_by(("t", "id"), direction(self.descending));
    }

    /// The sort keys that matter in a walk, and whether they can be empty in it.
    fn walked(&self, walk: Walk) -> impl Iterator<Item = (&SortKey, bool)> {
        self.keys.iter().enumerate().filter_map(move |(place, key)| match (place, walk) {
            (0, Walk::Empty) => None,
            (0, Walk::Filled | Walk::Whole) => Some((key, false)),
            _ => Some((key, key.nullable)),
        })
    }

    /// What comes after the cursor in the order of a walk.
    fn after(&self, walk: Walk, cursor: &Cursor) -> Result<Expr> {
        if cursor.keys.len() != self.keys.len() {
            return Err(Error::NotAskable { path: "cursor".to_string() });
        }
        let skipped = usize::from(walk == Walk::Empty);
        let keys: Vec<(&SortKey, bool)> = self.walked(walk).collect();
        let id = cursor.id.as_i64();
        let mut after = beyond(Expr::col(("t", "id")), id.into(), self.descending);
        let mut bound = None;
        for ((key, nullable), end) in keys.iter().zip(cursor.keys.iter().skip(skipped)).rev() {
            let value = || key.value.clone();
            after = match end.bind(self.dialect, key.shape)? {
                None => value().is_null().and(after),
                Some(end) => {
                    let mut further = beyond(value(), end.clone(), key.descending);
                    if *nullable {
                        further = further.or(value().is_null());
                    }
                    bound = Some(at_or_beyond(value(), end.clone(), key.descending));
                    further.or(value().eq(end).and(after))
                }
            };
        }
        // Said once more for the planner, which does not see it in the chain: where to begin in the index.
        Ok(match bound.filter(|_| walk != Walk::Empty && !keys.first().is_some_and(|key| key.1)) {
            Some(bound) => bound.and(after),
            None => after,
        })
    }

    async fn count_filled(&self, db: &mut Reader) -> Result<u64> {
        let mut select = Sql::select();
        select.expr(Expr::cust("count(*)")).from_as(self.table.name(), "t");
        self.narrow(&mut select, Walk::Filled)?;
        let rows = db.select(&select).await?;
        rows.first().map_or(Ok(0), |row| row.get::<i64>(0).map(|count| count as u64))
    }
}

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

fn beyond(value: Expr, end: sea_query::Value, descending: bool) -> Expr {
    if descending { value.lt(end) } else { value.gt(end) }
}

fn at_or_beyond(value: Expr, end: sea_query::Value, descending: bool) -> Expr {
    if descending { value.lte(end) } else { value.gte(end) }
}

/// The statement of a page's first walk: for tests that ask how the database answers it.
#[cfg(test)]
pub(super) async fn first_statement(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    query: &Query,
    context: &Context,
) -> (String, sea_query::Values) {
    let list = List::new(db, access, form, query, context).await.unwrap().unwrap();
    let skip = match query.from {
        From::Offset(skip) => skip,
        From::Start | From::After(_) => 0,
    };
    let walk = list.walks().first().copied().unwrap();
    db.dialect().select(&list.select(walk, u64::from(query.limit) + 1, skip).unwrap())
}
