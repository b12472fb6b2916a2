//! Which of some texts records hold: what a choice is held against that another form gives.

use std::collections::BTreeSet;
use std::time::Instant;

use engine::access::{Access, Operation};
use engine::condition::{Checked, Reach};
use engine::context::Context;
use sea_query::{Expr, ExprTrait};

use super::Shelf;
use super::condition::Conditions;
use super::page::on_shelf;
use super::sort::closed_on_some;
use crate::connection::Reader;
use crate::error::Result;
use crate::table::{FormRef, Part};

/// Texts of one statement at most.
const CHUNK: usize = 500;

/// Those of `texts` that a text field of a form holds, in records that can be seen and meet the filter.
///
/// # Errors
/// [`crate::Error::NotAskable`] for a filter that the database can't ask.
pub async fn held(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    (field, texts): (&str, &[String]),
    filter: &Checked,
    context: &Context,
) -> Result<BTreeSet<String>> {
    let Some(visible) = access.rows(Operation::View) else { return Ok(BTreeSet::new()) };
    let table = db.table(form).await?;
    let Some(column) = table.column(field).filter(|column| column.is_searched()) else {
        return Ok(BTreeSet::new());
    };
    let readable = closed_on_some(access, &Reach::own(field)).unwrap_or_else(Checked::always);
    let filter = visible.and(readable).and(access.guard(filter.clone()));
    let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
    let value = || Expr::col(("t", column.name()));
    // No stored text has it, and PostgreSQL takes none that has.
    let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.contains('\0')).collect();
    let mut found = BTreeSet::new();
    for chunk in texts.chunks(CHUNK) {
        let mut select = sea_query::Query::select();
        select
            .distinct()
            .expr(value())
            .from_as(table.name(), "t")
            .and_where(on_shelf(&conditions, Shelf::Live))
            .and_where(value().is_in(chunk.iter().copied()))
            .and_where(conditions.holds(&filter)?);
        let started = Instant::now();
        for row in db.select(&select).await? {
            found.insert(row.get(0)?);
        }
        db.tables.observer.note(&table, vec![Part::Column(column.number)], started.elapsed());
    }
    Ok(found)
}
