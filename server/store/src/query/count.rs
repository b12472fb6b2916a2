//! How many records there are.

use std::time::Instant;

use engine::access::{Access, Operation};
use engine::condition::Checked;
use engine::context::Context;
use sea_query::{Expr, Query as Sql};

use super::Shelf;
use super::condition::Conditions;
use super::page::on_shelf;
use super::terms::Terms;
use crate::connection::Reader;
use crate::error::Result;
use crate::table::FormRef;

/// How exactly it must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exact up to some thousands; beyond them at least so many.
    Estimate,
    Exact,
}

/// An answer to "how many".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub value: u64,
    pub exact: bool,
}

/// An estimate counts no further.
const ENOUGH: u64 = 10_000;

/// How many records meet `filter` and may be viewed.
pub async fn count(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    shelf: Shelf,
    filter: &Checked,
    how: Count,
    context: &Context,
) -> Result<Counted> {
    let Some(visible) = access.rows(Operation::View) else { return Ok(Counted { value: 0, exact: true }) };
    let table = db.table(form).await?;
    let filter = visible.and(access.guard(filter.clone()));
    let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
    let mut matching = Sql::select();
    matching
        .from_as(table.name(), "t")
        .and_where(on_shelf(&conditions, shelf))
        .and_where(conditions.holds(&filter)?);
    let mut select = Sql::select();
    match how {
        Count::Exact => {
            select = matching;
            select.expr(Expr::cust("count(*)"));
        }
        Count::Estimate => {
            matching.expr(Expr::cust("1")).limit(ENOUGH + 1);
            select.expr(Expr::cust("count(*)")).from_subquery(matching, "some");
        }
    }
    let started = Instant::now();
    let rows = db.select(&select).await?;
    if let (Some(wish), Shelf::Live) = (Terms::of(&filter, &table).covering(), shelf) {
        db.tables.observer.note(&table, wish, started.elapsed());
    }
    let value: i64 = rows.first().map_or(Ok(0), |row| row.get(0))?;
    let value = value as u64;
    let exact = how == Count::Exact || value <= ENOUGH;
    Ok(Counted { value: if exact { value } else { ENOUGH }, exact })
}
