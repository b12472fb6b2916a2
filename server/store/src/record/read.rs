//! Reading records.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, Operation};
use engine::condition::Checked;
use engine::context::Context;
use engine::field::Shape;
use engine::value::{Id, Row as SubformRow, Value, Values};
use sea_query::{Expr, ExprTrait, Query, SelectStatement, Value as Arg};

use super::{DRAFT, Record, System};
use crate::cell::{self, SEPARATOR};
use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::query::Conditions;
use crate::row::{Bind, Row, args};
use crate::table::{Column, FormRef, Table, read_figure};

/// System columns, in the order in which [`read_record`] expects them.
const SYSTEM: [&str; 13] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "owner",
    "department",
    "flow_state",
    "instance",
    "voided_at",
    "deleted_at",
    "live",
];

/// Ids of one statement at most.
const CHUNK: usize = 500;

/// The record with this id, drafts and those in the bin included, if `access` lets it be viewed.
pub async fn get(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    id: Id,
    context: &Context,
) -> Result<Option<Record>> {
    let table = db.table(form).await?;
    let row = if access.is_unrestricted() {
        by_id(db, &table, id).await?
    } else {
        let Some(rows) = access.rows(Operation::View) else { return Ok(None) };
        let mut select = select_fields(db.dialect(), &table, None);
        select.and_where(id_is(db.dialect(), &table, id));
        let conditions = Conditions::load(db, table.clone(), &[&rows], context).await?;
        select.and_where(conditions.holds(&rows)?);
        db.select(&select).await?.into_iter().next()
    };
    let Some(row) = row else { return Ok(None) };
    let mut record = read_record(&table, None, &row)?;
    attach_rows(db, &table, std::slice::from_mut(&mut record), None, None).await?;
    Ok(Some(record))
}

/// What is known of a record besides its fields, whatever `access` lets be viewed, by one question: whoever asks for what they may
/// not see must not wait longer for what is there than for what is not.
pub async fn system(db: &mut Reader, access: &Access, form: FormRef, id: Id) -> Result<Option<System>> {
    if !access.is_unrestricted() {
        return Ok(None);
    }
    let table = db.table(form).await?;
    let no_field = |_: &str| false;
    let fields: Fields<'_> = Some(&no_field);
    let mut select = select_fields(db.dialect(), &table, fields);
    select.and_where(id_is(db.dialect(), &table, id));
    let rows = db.select(&select).await?;
    rows.first().map(|row| Ok(read_record(&table, fields, row)?.system)).transpose()
}

/// Those of `ids` that `who` knows of: records that `access` lets be viewed, in the bin too, and their own drafts. Whoever is about to
/// write asks this before anything is locked or read, by one question that costs the same for what they may not see and for what
/// is not there. For who administers the form every record is known, and this is not asked.
pub async fn known_to(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    ids: &[Id],
    (who, context): (Id, &Context),
) -> Result<BTreeSet<Id>> {
    let table = db.table(form).await?;
    let is_draft = || Expr::col(("t", "flow_state")).eq(DRAFT);
    let mut known = is_draft().and(Expr::col(("t", "created_by")).eq(who.as_i64()));
    if let Some(rows) = access.rows(Operation::View) {
        let conditions = Conditions::load(db, table.clone(), &[&rows], context).await?;
        let submitted = Expr::col(("t", "flow_state")).is_null().or(is_draft().not());
        known = known.or(submitted.and(conditions.holds(&rows)?));
    }
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let mut select = Query::select();
        select
            .column(("t", "id"))
            .from_as(table.name(), "t")
            .and_where(ids_are(db.dialect(), &table, chunk))
            .and_where(known.clone());
        for row in db.select(&select).await? {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// The row of one record, by a statement that is put together once for each table.
async fn by_id(db: &mut Reader, table: &Table, id: Id) -> Result<Option<Row>> {
    let dialect = db.dialect();
    let sql = table.get_sql.get_or_init(|| {
        let mut select = select_fields(dialect, table, None);
        select.and_where(id_is(dialect, table, id));
        dialect.select(&select).0
    });
    db.fetch_optional(sql.clone(), args![id]).await
}

/// One record whatever may be done with it, as [`fetch`] gives it.
async fn fetch_one(db: &mut Reader, table: &Table, id: Id) -> Result<Option<(Id, Record)>> {
    let Some(row) = by_id(db, table, id).await? else { return Ok(None) };
    let mut record = read_record(table, None, &row)?;
    attach_rows(db, table, std::slice::from_mut(&mut record), None, None).await?;
    Ok(Some((id, record)))
}

/// Those of `ids` that exist and may be viewed, by id.
pub async fn get_many(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    ids: &[Id],
    context: &Context,
) -> Result<BTreeMap<Id, Record>> {
    let Some(rows) = access.rows(Operation::View) else { return Ok(BTreeMap::new()) };
    let table = db.table(form).await?;
    if let ([id], true) = (ids, access.is_unrestricted()) {
        return Ok(fetch_one(db, &table, *id).await?.into_iter().collect());
    }
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut select = select_fields(db.dialect(), &table, None);
        select.and_where(ids_are(db.dialect(), &table, chunk));
        if !access.is_unrestricted() {
            let conditions = Conditions::load(db, table.clone(), &[&rows], context).await?;
            select.and_where(conditions.holds(&rows)?);
        }
        found.extend(fetch(db, &table, &select).await?);
    }
    Ok(found)
}

/// Those of `ids` that count, may be viewed, and meet a filter as far as `access` reads what it asks.
///
/// # Errors
/// [`crate::Error::NotAskable`] for a filter that the database can't ask.
pub async fn fitting(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    ids: &[Id],
    filter: &Checked,
    context: &Context,
) -> Result<BTreeSet<Id>> {
    let Some(rows) = access.rows(Operation::View) else { return Ok(BTreeSet::new()) };
    let table = db.table(form).await?;
    let filter = rows.and(access.guard(filter.clone()));
    let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let mut select = Query::select();
        select
            .column(("t", "id"))
            .from_as(table.name(), "t")
            .and_where(ids_are(db.dialect(), &table, chunk))
            .and_where(Expr::cust("t.live = 1"))
            .and_where(conditions.holds(&filter)?);
        for row in db.select(&select).await? {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// Records in the order of their ids, after `after`: every one that there is, drafts and those in the bin too. For work
/// over all records alone: none for an access that is not.
pub async fn walk(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    after: Option<Id>,
    limit: u64,
) -> Result<Vec<Record>> {
    if !access.is_unrestricted() {
        return Ok(Vec::new());
    }
    let table = db.table(form).await?;
    let dialect = db.dialect();
    let mut select = select_fields(dialect, &table, None);
    let beyond = Expr::col(("t", "id")).gt(after.map_or(0, Id::as_i64));
    select.and_where(scoped(dialect, &table, "t", beyond));
    select.order_by(("t", "id"), sea_query::Order::Asc).limit(limit);
    let found = fetch(db, &table, &select).await?;
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// As [`get_many`] for records that are about to be written: all of `ids` that exist, whatever may be done with them,
/// and nobody else writes them until the transaction ends. Locks are taken in the order of ids.
pub async fn lock(tx: &mut Tx, _access: &Access, form: FormRef, ids: &[Id]) -> Result<BTreeMap<Id, Record>> {
    let table = tx.table(form).await?;
    let mut sorted = ids.to_vec();
    sorted.sort();
    sorted.dedup();
    let mut found = BTreeMap::new();
    for chunk in sorted.chunks(CHUNK) {
        if tx.dialect() == Dialect::Postgres {
            keep(tx, &table, chunk, "NO KEY UPDATE").await?;
        }
        if let [id] = chunk {
            found.extend(lock_one(tx, &table, form, *id).await?);
            continue;
        }
        let mut select = select_fields(tx.dialect(), &table, None);
        select.and_where(ids_are(tx.dialect(), &table, chunk));
        found.extend(fetch(tx, &table, &select).await?);
    }
    Ok(found)
}

/// Until when a record is kept as it is, besides being written: see [`hold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Others link to it: it may change, but not go.
    Linked,
    /// It goes: nobody links to it meanwhile.
    Goes,
}

/// Keeps records from going, or from being linked to, until the transaction ends; where one writes alone there is nobody to
/// keep them from. Locks are taken in the order of ids.
pub async fn hold(tx: &mut Tx, form: FormRef, ids: &[Id], hold: Hold) -> Result<()> {
    if tx.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let table = tx.table(form).await?;
    let mut sorted = ids.to_vec();
    sorted.sort();
    sorted.dedup();
    let how = match hold {
        Hold::Linked => "KEY SHARE",
        Hold::Goes => "UPDATE",
    };
    for chunk in sorted.chunks(CHUNK) {
        keep(tx, &table, chunk, how).await?;
    }
    Ok(())
}

/// Locks records on PostgreSQL, in the order of their ids.
async fn keep(tx: &mut Tx, table: &Table, ids: &[Id], how: &str) -> Result<()> {
    let marks = vec!["?"; ids.len()].join(", ");
    let name = table.name();
    let sql = format!("SELECT id FROM {name} WHERE workspace = ? AND id IN ({marks}) ORDER BY id FOR {how}");
    let args = std::iter::once(table.workspace).chain(ids.iter().copied()).map(Bind::bind).collect();
    tx.fetch_all(Sql::Template(sql), args).await.map(drop)
}

/// One record, with those that others wait for: see [`Foreseen`](crate::database::Foreseen).
async fn lock_one(tx: &mut Tx, table: &Table, form: FormRef, id: Id) -> Result<Option<(Id, Record)>> {
    if let Some(record) = tx.foreseen.take(form, id) {
        return Ok(Some((id, record)));
    }
    let mut ids = tx.foreseen.others(form);
    ids.retain(|other| *other != id);
    if ids.is_empty() {
        return fetch_one(tx, table, id).await;
    }
    ids.insert(0, id);
    let mut asked = None;
    for record in several(tx, table, &ids).await? {
        match record.id == id {
            true => asked = Some((id, record)),
            false => tx.foreseen.keep(form, record),
        }
    }
    Ok(asked)
}

/// Up to sixteen records, by statements that are put together once for each table: for two, four, eight and sixteen.
async fn several(db: &mut Reader, table: &Table, ids: &[Id]) -> Result<Vec<Record>> {
    let places = ids.len().next_power_of_two().max(2);
    let dialect = db.dialect();
    let mut args: Vec<Arg> = ids.iter().map(|id| id.as_i64().into()).collect();
    // What is asked for twice is found once.
    args.resize(places, args.first().cloned().unwrap_or(Arg::BigInt(None)));
    let write = || {
        let mut select = select_fields(dialect, table, None);
        let marks = std::iter::repeat_n(0, places);
        select.and_where(scoped(dialect, table, "t", Expr::col(("t", "id")).is_in(marks)));
        dialect.select(&select).0
    };
    let kept = table.get_several_sql.get(places.trailing_zeros() as usize - 1);
    let sql = kept.map_or_else(write, |kept| kept.get_or_init(write).clone());
    let rows = db.fetch_all(sql, args).await?;
    let mut records: Vec<Record> =
        rows.iter().map(|row| read_record(table, None, row)).collect::<Result<_>>()?;
    attach_rows(db, table, &mut records, None, None).await?;
    Ok(records)
}

async fn fetch(db: &mut Reader, table: &Table, select: &SelectStatement) -> Result<Vec<(Id, Record)>> {
    let rows = db.select(select).await?;
    let mut records: Vec<Record> =
        rows.iter().map(|row| read_record(table, None, row)).collect::<Result<_>>()?;
    attach_rows(db, table, &mut records, None, None).await?;
    Ok(records.into_iter().map(|record| (record.id, record)).collect())
}

pub(super) fn id_is(dialect: Dialect, table: &Table, id: Id) -> Expr {
    scoped(dialect, table, "t", Expr::col(("t", "id")).eq(id.as_i64()))
}

fn ids_are(dialect: Dialect, table: &Table, ids: &[Id]) -> Expr {
    scoped(dialect, table, "t", Expr::col(("t", "id")).is_in(ids.iter().map(|id| id.as_i64())))
}

/// Adds the workspace to a condition where keys and indexes start with it. A form's tables hold one workspace
/// alone, so SQLite need not ask.
pub(crate) fn scoped(dialect: Dialect, table: &Table, alias: &'static str, condition: Expr) -> Expr {
    match dialect {
        Dialect::Sqlite => condition,
        Dialect::Postgres => {
            let workspace = Expr::cust(format!("{alias}.workspace = {}", table.workspace.as_i64()));
            workspace.and(condition)
        }
    }
}

/// The fields that are asked for: all of them, or those named.
pub(crate) type Fields<'f> = Option<&'f (dyn Fn(&str) -> bool + Send + Sync)>;

/// Selects system columns and fields of the records themselves, from the record table under the name `t`.
pub(crate) fn select_fields(dialect: Dialect, table: &Table, fields: Fields) -> SelectStatement {
    let mut select = Query::select();
    select.from_as(table.name(), "t");
    for column in SYSTEM {
        select.column(("t", column));
    }
    for column in asked(table, fields) {
        if column.is_many() {
            select.expr(Expr::cust(list_of(dialect, table, column, "t.id", "0")));
        } else if let Some(kept) = column.figure {
            select.expr(Expr::cust(column.figure_sql(dialect, kept)));
        } else {
            select.column(("t", column.name()));
        }
    }
    select
}

/// The fields that [`select_fields`] selects, in its order.
fn asked<'t>(table: &'t Table, fields: Fields<'t>) -> impl Iterator<Item = &'t Column> {
    table.fields().filter(move |column| {
        let stored = column.shape != Shape::Rows;
        stored && (column.number == 0 || fields.is_none_or(|wanted| wanted(&column.path)))
    })
}

/// The values of a many-valued field as one text, in order.
fn list_of(dialect: Dialect, table: &Table, column: &Column, record: &str, row: &str) -> String {
    let side = table.side_name(column);
    let scope = match dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => format!("m.workspace = {} AND ", table.workspace.as_i64()),
    };
    format!(
        "(SELECT string_agg(CAST(m.value AS TEXT), '{SEPARATOR}' ORDER BY m.position) FROM {side} m \
         WHERE {scope}m.record = {record} AND m.row = {row})"
    )
}

/// Reads what [`select_fields`] selected.
pub(crate) fn read_record(table: &Table, fields: Fields, row: &Row) -> Result<Record> {
    let (mut values, mut figures) = (Values::new(), Values::new());
    let mut collaborators = Vec::new();
    for (place, column) in asked(table, fields).enumerate() {
        if let Some(kept) = column.figure {
            figures.insert(column.path.clone(), read_figure(row, SYSTEM.len() + place, kept)?);
            continue;
        }
        let value = cell::decode(row, SYSTEM.len() + place, column.shape)?;
        if column.number == 0 {
            collaborators = value.items().iter().filter_map(Value::as_ref_id).collect();
        } else if value != Value::Empty {
            values.insert(column.path.clone(), value);
        }
    }
    Ok(Record {
        id: row.get(0)?,
        version: row.get(1)?,
        values,
        system: System {
            created_at: row.get(2)?,
            created_by: row.get(3)?,
            updated_at: row.get(4)?,
            updated_by: row.get(5)?,
            owner: row.get(6)?,
            department: row.get(7)?,
            collaborators,
            flow_state: row.get(8)?,
            instance: row.get(9)?,
            voided_at: row.get(10)?,
            deleted_at: row.get(11)?,
        },
        figures,
        row_counts: BTreeMap::new(),
    })
}

/// How many columns [`select_fields`] selects.
pub(crate) fn selected(table: &Table, fields: Fields) -> usize {
    SYSTEM.len() + asked(table, fields).count()
}

/// Adds the rows of sub-forms; with `first`, so many of each and the true number.
pub(crate) async fn attach_rows(
    db: &mut Reader,
    table: &Table,
    records: &mut [Record],
    fields: Fields<'_>,
    first: Option<u32>,
) -> Result<()> {
    let wanted = |column: &&Column| fields.is_none_or(|wanted| wanted(&column.path));
    if records.is_empty() {
        return Ok(());
    }
    for subform in table.subforms().filter(wanted) {
        let ids: Vec<i64> = records.iter().map(|record| record.id.as_i64()).collect();
        let mut select = select_rows(db.dialect(), table, subform, &ids);
        if let Some(first) = first {
            select.and_where(Expr::col(("r", "position")).lt(i64::from(first)));
        }
        let mut rows: BTreeMap<Id, Vec<SubformRow>> = BTreeMap::new();
        for row in db.select(&select).await? {
            let (record, row) = read_row(table, subform, &row)?;
            rows.entry(record).or_default().push(row);
        }
        let counts = match first {
            Some(_) => count_rows(db, table, subform, &ids).await?,
            None => BTreeMap::new(),
        };
        for record in records.iter_mut() {
            if let Some(rows) = rows.remove(&record.id) {
                if let Some(count) = counts.get(&record.id).filter(|count| **count > rows.len() as u64) {
                    record.row_counts.insert(subform.path.clone(), *count);
                }
                record.values.insert(subform.path.clone(), Value::Rows(rows));
            }
        }
    }
    Ok(())
}

fn select_rows(dialect: Dialect, table: &Table, subform: &Column, ids: &[i64]) -> SelectStatement {
    let mut select = Query::select();
    select.from_as(table.rows_name(subform), "r").column(("r", "record")).column(("r", "id"));
    for column in table.columns_of(&subform.path) {
        if column.is_many() {
            select.expr(Expr::cust(list_of(dialect, table, column, "r.record", "r.id")));
        } else {
            select.column(("r", column.name()));
        }
    }
    select
        .and_where(scoped(dialect, table, "r", records_are(ids)))
        .order_by(("r", "record"), sea_query::Order::Asc)
        .order_by(("r", "position"), sea_query::Order::Asc);
    select
}

fn records_are(ids: &[i64]) -> Expr {
    match ids {
        [one] => Expr::col(("r", "record")).eq(*one),
        many => Expr::col(("r", "record")).is_in(many.iter().copied()),
    }
}

fn read_row(table: &Table, subform: &Column, row: &Row) -> Result<(Id, SubformRow)> {
    let mut values = Values::new();
    for (place, column) in table.columns_of(&subform.path).enumerate() {
        let value = cell::decode(row, 2 + place, column.shape)?;
        if value != Value::Empty {
            values.insert(column.key().to_string(), value);
        }
    }
    Ok((row.get(0)?, SubformRow { id: Some(row.get(1)?), values }))
}

async fn count_rows(
    db: &mut Reader,
    table: &Table,
    subform: &Column,
    ids: &[i64],
) -> Result<BTreeMap<Id, u64>> {
    let mut select = Query::select();
    select
        .from_as(table.rows_name(subform), "r")
        .column(("r", "record"))
        .expr(Expr::cust("count(*)"))
        .and_where(scoped(db.dialect(), table, "r", records_are(ids)))
        .group_by_col(("r", "record"));
    let rows = db.select(&select).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get::<i64>(1)? as u64))).collect()
}
