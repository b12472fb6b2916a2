//! The value in the record that was made first, or last, among those that a condition holds for.

use engine::access::{Access, Operation};
use engine::condition::{Checked, Reach};
use engine::context::Context;
use engine::value::Value;
use sea_query::{Expr, ExprTrait, Order, Query as Sql};

use super::Shelf;
use super::condition::Conditions;
use super::group::walked;
use super::locate::Place;
use super::page::on_shelf;
use super::sort::closed_on_some;
use crate::cell::decode;
use crate::connection::Reader;
use crate::error::{Error, Result};
use crate::record::scoped;
use crate::table::FormRef;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct First {
    /// Of records, or of the rows of the sub-form that `of` lies in.
    pub filter: Checked,
    pub of: Reach,
    /// Whether the one that was made last is meant.
    pub last: bool,
}

/// The value at [`First::of`] in the first record that counts; in the rows of a sub-form that of the first row. Empty where
/// there is no such record, and where its value is.
///
/// # Errors
/// [`Error::NotAskable`] for a field that has no single stored value, or that this access does not open everywhere.
pub async fn first(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    wanted: &First,
    context: &Context,
) -> Result<Value> {
    let Some(visible) = access.rows(Operation::View) else { return Ok(Value::Empty) };
    let table = db.table(form).await?;
    let filter = visible.and(access.guard(wanted.filter.clone()));
    let not_askable = || Error::NotAskable { path: wanted.of.own_path() };
    if closed_on_some(access, &wanted.of).is_some() {
        return Err(not_askable());
    }
    let mut conditions = Conditions::load(db, table, &[&filter], context).await?;
    conditions.load_reaches(db, std::iter::once(&wanted.of)).await?;
    let Place::One { value, shape } = conditions.place(&wanted.of)? else { return Err(not_askable()) };
    let mut select = Sql::select();
    select.expr(value).from_as(conditions.base.name(), "t");
    let rows = wanted.of.rows.as_deref().or(walked(&wanted.filter));
    if let Some(rows) = rows {
        let subform = conditions.base.column(rows).ok_or_else(not_askable)?;
        let of = Expr::col(("r", "record")).eq(Expr::col(("t", "id")));
        let of = scoped(conditions.dialect, &conditions.base, "r", of);
        select.join_as(sea_query::JoinType::InnerJoin, conditions.base.rows_name(subform), "r", of);
    }
    select.and_where(on_shelf(&conditions, Shelf::Live).and(conditions.holds(&filter)?));
    let order = if wanted.last { Order::Desc } else { Order::Asc };
    select.order_by(("t", "id"), order.clone());
    if rows.is_some() {
        select.order_by(("r", "position"), order);
    }
    select.limit(1);
    match db.select(&select).await?.first() {
        Some(row) => decode(row, 0, shape),
        None => Ok(Value::Empty),
    }
}
