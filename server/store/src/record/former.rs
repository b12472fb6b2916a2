//! What lies aside of a record since its fields became others.

use engine::field::FieldKind;
use engine::value::{Id, Timestamp, Value};
use sea_query::Query;

use super::read::id_is;
use crate::cell;
use crate::connection::Reader;
use crate::error::Result;
use crate::table::{self, FormRef};

/// What a record held in a field before that became another.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    pub path: String,
    /// The kind that the field had.
    pub kind: FieldKind,
    pub value: Value,
    /// Since when it lies aside.
    pub at: Timestamp,
}

/// What lies aside of a record, which somebody has found by their rights, of fields that are in use as others: of each what it held
/// last. Fields of several values, and columns of sub-forms, are not looked at.
pub async fn former(db: &mut Reader, form: FormRef, id: Id) -> Result<Vec<Former>> {
    let table = db.table(form).await?;
    let aside = if table.has_aside { table::former(db, &table).await? } else { Vec::new() };
    if aside.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select.from_as(table.name(), "t").and_where(id_is(db.dialect(), &table, id));
    for (column, ..) in &aside {
        select.column(("t", column.name()));
    }
    let Some(row) = db.select(&select).await?.into_iter().next() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (place, (column, kind, at)) in aside.into_iter().enumerate() {
        let value = cell::decode(&row, place, column.shape)?;
        if !value.is_empty() {
            found.push(Former { path: column.path, kind, value, at });
        }
    }
    Ok(found)
}
