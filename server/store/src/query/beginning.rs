//! The records that somebody means who types the beginning of what they are called by. Each way of typing it is one range of
//! one index, read until there are enough.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::access::{Access, Operation};
use engine::condition::{Checked, Reach};
use engine::context::Context;
use engine::value::{Id, fold};
use sea_query::{Expr, ExprTrait, Func, Order, SelectStatement};

use super::Shelf;
use super::condition::{Conditions, begins_with};
use super::page::on_shelf;
use super::sort::closed_on_some;
use super::terms::Terms;
use crate::connection::Reader;
use crate::error::Result;
use crate::record::{Record, read_record, scoped, select_fields};
use crate::table::{Column, FormRef, Part, Table};

/// Records that are looked through in one go, where no index helps.
const SLICE: u64 = 5_000;

/// How a text is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// As it is written, whatever its case and width.
    Text,
    /// By the first letters of its syllables.
    Initials,
    /// Spelled out, without blanks.
    Sound,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Beginning<'b> {
    pub filter: Checked,
    /// A text of the record.
    pub field: &'b str,
    pub by: By,
    pub text: &'b str,
    pub limit: u32,
}

/// Records whose text begins so, in the order of what follows; those that are nothing but the beginning first. None where
/// the field is no text of the record, or has no sound.
///
/// # Errors
/// [`crate::Error::NotAskable`] for a filter that the database can't ask.
pub async fn beginning(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    wanted: &Beginning<'_>,
    context: &Context,
) -> Result<Vec<Record>> {
    let Some(Asked { table, part, select }) = Asked::of(db, access, form, wanted, context).await? else {
        return Ok(Vec::new());
    };
    let started = Instant::now();
    let records = read(db, &table, &select).await?;
    db.tables.observer.note(&table, vec![part], started.elapsed());
    Ok(records)
}

/// A question for a beginning, as it goes to the database.
struct Asked {
    table: Arc<Table>,
    /// What an index that answers it is on.
    part: Part,
    select: SelectStatement,
}

impl Asked {
    /// None where there is nothing to be found.
    async fn of(
        db: &mut Reader,
        access: &Access,
        form: FormRef,
        wanted: &Beginning<'_>,
        context: &Context,
    ) -> Result<Option<Asked>> {
        let Some(visible) = access.rows(Operation::View) else { return Ok(None) };
        if wanted.text.contains('\0') {
            // No stored text has it, and PostgreSQL takes none that has.
            return Ok(None);
        }
        let table = db.table(form).await?;
        let Some((value, part)) = table.column(wanted.field).and_then(|column| wanted.by.of(column)) else {
            return Ok(None);
        };
        let readable = closed_on_some(access, &Reach::own(wanted.field)).unwrap_or_else(Checked::always);
        let filter = visible.and(readable).and(access.guard(wanted.filter.clone()));
        let mut conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
        let has_index = table.has_index(std::slice::from_ref(&part));
        // A filter that leaves little is looked up, and anything else is not.
        conditions.searchable =
            Some(Vec::new()).filter(|_| has_index && !Terms::of(&filter, &table).selective);
        let mut select = select_fields(conditions.dialect, &table, None);
        select
            .and_where(on_shelf(&conditions, Shelf::Live))
            .and_where(conditions.holds(&filter)?)
            .and_where(begins_with(value.clone(), &fold(wanted.text)))
            .order_by_expr(value, Order::Asc)
            .order_by(("t", "id"), Order::Asc)
            .limit(wanted.limit.into());
        Ok(Some(Asked { table, part, select }))
    }
}

/// The statement of a question for a beginning: for tests that ask how the database answers it.
#[cfg(test)]
pub(super) async fn statement(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    wanted: &Beginning<'_>,
    context: &Context,
) -> (String, sea_query::Values) {
    let asked = Asked::of(db, access, form, wanted, context).await.unwrap().unwrap();
    db.dialect().select(&asked.select)
}

impl By {
    /// The text of a column so looked at, and what an index on that is on.
    fn of(self, column: &Column) -> Option<(Expr, Part)> {
        if !column.is_searched() || (self != By::Text && !column.spelled) {
            return None;
        }
        let (name, number) = (column.name(), column.number);
        Some(match self {
            By::Text => {
                let of = |name: String| Expr::col(("t", name));
                let folded = Func::coalesce([of(column.folded_name()?), of(name)]);
                (folded.into(), Part::Folded(number))
            }
            By::Initials => (Expr::cust(format!("t.{name}i")), Part::Initials(number)),
            By::Sound => (Expr::cust(format!("replace(t.{name}p, ' ', '')")), Part::Spelled(number)),
        })
    }
}

/// The newest records that meet a filter for which there is no index, as far back as can be looked in this time: the answer
/// is for somebody who types.
///
/// # Errors
/// [`crate::Error::NotAskable`] for a filter that the database can't ask.
pub async fn newest(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    filter: &Checked,
    (limit, within): (u32, Duration),
    context: &Context,
) -> Result<Vec<Record>> {
    let started = Instant::now();
    let Some(visible) = access.rows(Operation::View) else { return Ok(Vec::new()) };
    let table = db.table(form).await?;
    let filter = visible.and(access.guard(filter.clone()));
    let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
    let base = on_shelf(&conditions, Shelf::Live).and(conditions.holds(&filter)?);
    // Where little is left to look through, all of it is.
    let is_narrow = Terms::of(&filter, &table).selective;
    let mut found: Vec<Record> = Vec::new();
    let mut below = i64::MAX;
    loop {
        let end = if is_narrow { None } else { end_of_slice(db, &table, (below, SLICE)).await? };
        let id = || Expr::col(("t", "id"));
        let mut select = select_fields(conditions.dialect, &table, None);
        select.and_where(base.clone()).and_where(id().lt(below));
        if let Some(end) = end {
            select.and_where(id().gte(end));
        }
        let left = u64::from(limit).saturating_sub(found.len() as u64);
        select.order_by(("t", "id"), Order::Desc).limit(left);
        found.extend(read(db, &table, &select).await?);
        match end {
            Some(end) if found.len() < limit as usize && started.elapsed() < within => below = end,
            Some(_) | None => return Ok(found),
        }
    }
}

/// Whether an index leads to the beginnings of a text, looked at so.
///
/// # Errors
/// When the database can't be read.
pub async fn is_indexed(db: &mut Reader, form: FormRef, field: &str, by: By) -> Result<bool> {
    let table = db.table(form).await?;
    let part = table.column(field).and_then(|column| by.of(column)).map(|(_, part)| part);
    Ok(part.is_some_and(|part| table.has_index(std::slice::from_ref(&part))))
}

/// Which of the newest records meet a filter for which there is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// The newest first.
    pub ids: Vec<Id>,
    /// Whether there are more than these among the records that were looked through.
    pub is_cut: bool,
    /// Whether all records were looked through.
    pub is_all: bool,
}

/// Which records meet a filter, `limit` of them at most, of the newest `within`: the same for everybody who asks while nothing
/// is written, so that a list and its sums are of the same records.
///
/// # Errors
/// [`crate::Error::NotAskable`] for a filter that the database can't ask.
pub async fn newest_ids(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    filter: &Checked,
    (limit, within): (u32, u64),
    context: &Context,
) -> Result<Newest> {
    let nothing = Newest { ids: Vec::new(), is_cut: false, is_all: true };
    let Some(visible) = access.rows(Operation::View) else { return Ok(nothing) };
    let table = db.table(form).await?;
    let filter = visible.and(access.guard(filter.clone()));
    let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
    // Where little is left to look through, all of it is.
    let is_narrow = Terms::of(&filter, &table).selective;
    let end = if is_narrow { None } else { end_of_slice(db, &table, (i64::MAX, within)).await? };
    let mut select = sea_query::Query::select();
    select
        .column(("t", "id"))
        .from_as(table.name(), "t")
        .and_where(on_shelf(&conditions, Shelf::Live))
        .and_where(conditions.holds(&filter)?)
        .order_by(("t", "id"), Order::Desc)
        .limit(u64::from(limit) + 1);
    if let Some(end) = end {
        select.and_where(Expr::col(("t", "id")).gte(end));
    }
    let rows = db.select(&select).await?;
    let mut ids = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<Id>>>()?;
    let is_cut = ids.len() > limit as usize;
    ids.truncate(limit as usize);
    Ok(Newest { ids, is_cut, is_all: end.is_none() })
}

/// The oldest of the next `many` records before `below`, which are looked through together; `None` where these are the last.
async fn end_of_slice(db: &mut Reader, table: &Table, (below, many): (i64, u64)) -> Result<Option<i64>> {
    let mut select = sea_query::Query::select();
    select
        .column(("t", "id"))
        .from_as(table.name(), "t")
        .and_where(scoped(db.dialect(), table, "t", Expr::cust("t.live = 1")))
        .and_where(Expr::col(("t", "id")).lt(below))
        .order_by(("t", "id"), Order::Desc)
        .limit(1)
        .offset(many.saturating_sub(1));
    let rows = db.select(&select).await?;
    rows.first().map(|row| row.get(0)).transpose()
}

async fn read(db: &mut Reader, table: &Table, select: &SelectStatement) -> Result<Vec<Record>> {
    let rows = db.select(select).await?;
    rows.iter().map(|row| read_record(table, None, row)).collect()
}

#[cfg(test)]
mod tests {
    use engine::condition::Condition;
    use serde_json::json;

    use super::*;
    use crate::testing::{TestForms, context, insert, on_both, on_sqlite};

    /// What is typed is a range of an index, and nothing is sorted.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_beginning_is_a_range_of_an_index() {
        on_sqlite(async |store| {
            let mut forms = TestForms::new();
            forms
                .publish(
                    store,
                    json!({"key": "people", "label": "人", "fields": [
                        {"key": "name", "label": "名", "kind": "text"},
                        {"key": "active", "label": "在", "kind": "select",
                         "options": {"choices": [{"key": "yes", "label": "是"}]}}]}),
                )
                .await;
            let form = forms.form_ref("people");
            let done: Result<(), crate::Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let titles = ["name".to_string()];
                        crate::table::searchable(tx, form.workspace, form.form, &titles, &[]).await
                    })
                })
                .await;
            done.unwrap();
            let mut db = store.read().await.unwrap();
            let table = db.table(form).await.unwrap();
            let column = table.column("name").unwrap();
            for (by, index) in [(By::Text, "_f"), (By::Initials, "_i"), (By::Sound, "_p")] {
                let (value, _) = by.of(column).unwrap();
                let mut select = select_fields(db.dialect(), &table, None);
                select
                    .and_where(Expr::cust("t.live = 1"))
                    .and_where(begins_with(value.clone(), "zs"))
                    .order_by_expr(value, Order::Asc)
                    .order_by(("t", "id"), Order::Asc)
                    .limit(20);
                let (sql, values) = db.dialect().select(&select);
                db.fetch_all(sql.clone(), values.0.clone()).await.unwrap();
                let explain = format!("EXPLAIN QUERY PLAN {sql} -- {}", crate::ids::next());
                let rows = db.fetch_all(explain, values.0).await.unwrap();
                let steps: Vec<String> = rows.iter().map(|row| row.get(3).unwrap()).collect();
                let plan = steps.join("; ");
                let index = format!("SEARCH t USING INDEX {}{index}{}", table.name(), column.number);
                assert!(plan.contains(&index) && !plan.contains("FOR ORDER BY"), "{by:?}: {plan}");
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_newest_that_fit_are_found_slice_by_slice() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            let people = json!({"key": "people", "label": "人", "fields": [
                {"key": "name", "label": "名", "kind": "text"}]});
            let form = forms.publish(store, people).await;
            let records: Vec<Record> = (0..SLICE * 2 + 10)
                .map(|n| forms.record("people", json!({"name": format!("a {} b", n % 4_000)})))
                .collect();
            let table = forms.form_ref("people");
            for some in records.chunks(1_000) {
                insert(store, table, some).await.unwrap();
            }
            let condition: Condition =
                serde_json::from_value(json!({"field": "name", "op": "contains", "value": " 7 b"})).unwrap();
            let filter = form.check(&condition, &forms).unwrap();
            let mut db = store.read().await.unwrap();
            let access = Access::system("test");
            let all = (20, Duration::from_secs(60));
            let found = newest(&mut db, &access, table, &filter, all, &context()).await.unwrap();
            let ids: Vec<_> = found.iter().map(|record| record.id).collect();
            assert_eq!(ids, [records[8_007].id, records[4_007].id, records[7].id]);
            let no_time = (20, Duration::ZERO);
            let found = newest(&mut db, &access, table, &filter, no_time, &context()).await.unwrap();
            assert_eq!(found.iter().map(|record| record.id).collect::<Vec<_>>(), [records[8_007].id]);
            let one = (1, Duration::from_secs(60));
            assert_eq!(newest(&mut db, &access, table, &filter, one, &context()).await.unwrap().len(), 1);
            // So many records are looked through, however long that takes.
            for (wanted, ids, is_cut, is_all) in [
                ((20, 100_000), vec![records[8_007].id, records[4_007].id, records[7].id], false, true),
                ((20, 3_000), vec![records[8_007].id], false, false),
                ((1, 100_000), vec![records[8_007].id], true, true),
            ] {
                let found = newest_ids(&mut db, &access, table, &filter, wanted, &context()).await.unwrap();
                assert_eq!(found, Newest { ids, is_cut, is_all });
            }
            assert!(!is_indexed(&mut db, table, "name", By::Text).await.unwrap());
        })
        .await;
    }
}
