//! What records ask of other forms: the defaults that those give, and the lists that are shown.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, Operation};
use engine::condition::{Checked, Reach, Source};
use engine::field::{FieldKind, MAX_ROWS, Shape, Take};
use engine::form::{Asked, CheckedLinkage, CheckedQuery, Column, Question, system_kind};
use engine::record::{Draft, Linked, OpenQuestion, read_values, title_fields};
use engine::value::{ErrorValue, Id, Row, Value, Values, get};
use store::Reader;
use store::query::{From, Query, Shelf, Sort};
use store::record::Record;
use wire::records::{CountMode, ListAnswer, ListItem};

use super::counting::{Counting, Seen};
use super::live::{Eyes, system_values};
use super::query::{bound_cursor, checked_limit, open_cursor};
use super::read::visible_paths;
use super::{Order, Path};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Records that are asked for where all of them give a default.
const MOST: u32 = 500;

impl Order {
    /// Asks other forms what the defaults of a new record, or of its new rows, want to know; true when there was anything
    /// to ask. They answer what the writer may see there.
    pub async fn answer_defaults(&self, db: &mut Reader, draft: &mut Draft) -> Result<bool, Refusal> {
        let open = draft.open_questions();
        if open.is_empty() {
            return Ok(false);
        }
        let form = self.compiled.form.clone();
        let mut answers = Vec::with_capacity(open.len());
        for OpenQuestion { key, path, filter, .. } in open {
            let Some(linkage) = form.column(&path).and_then(Column::linkage) else { continue };
            answers.push((key, self.ask_default(db, linkage, filter).await?));
        }
        draft.answer_questions(answers);
        Ok(true)
    }

    async fn ask_default(
        &self,
        db: &mut Reader,
        linkage: &CheckedLinkage,
        filter: Checked,
    ) -> Result<Value, Refusal> {
        let found = match linkage.question.of {
            Asked::Records(_) => self.records_asked(db, linkage, filter).await?,
            Asked::Groups(table) => {
                Some(self.groups_asked(db, table, &linkage.question, &filter).await?.groups)
            }
        };
        // What it is chosen by may have become live since this form was published, and can't be asked for.
        Ok(found.map_or(Value::Error(ErrorValue::Ref), |found| copied(linkage, &found)))
    }

    /// What the records hold that a default means; nothing where the database can't find them.
    async fn records_asked(
        &self,
        db: &mut Reader,
        linkage: &CheckedLinkage,
        filter: Checked,
    ) -> Result<Option<Vec<Values>>, Refusal> {
        let Some(there) = self.asked_of(&linkage.question)? else { return Ok(Some(Vec::new())) };
        let limit = if linkage.take == Take::First { 1 } else { MOST };
        let fields = Some(Vec::new());
        let sort = sorted(&linkage.question)?;
        let query = Query { shelf: Shelf::Live, filter, sort, limit, from: From::Start, fields };
        let found = store::query::page(db, &there.access, there.table(), &query, &there.context).await;
        let page = match found {
            Err(store::Error::NotAskable { .. }) => return Ok(None),
            found => found?,
        };
        let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
        let mut whole =
            store::record::get_many(db, &there.access, there.table(), &ids, &there.context).await?;
        let records: Vec<Record> = ids.iter().filter_map(|id| whole.remove(id)).collect();
        let key = |from: &str| from.split('.').next().unwrap_or_default().to_string();
        let fields: BTreeSet<String> = linkage.copies.iter().map(|copied| key(&copied.from)).collect();
        let fields: Vec<String> = fields.into_iter().collect();
        let seen = there.view_all(db, &records, Some(&fields), None).await?;
        let found = seen.iter().map(|record| read_values(&there.compiled.form, &record.fields));
        Ok(Some(found.collect()))
    }

    /// The form that is asked, with what whoever asks may see there; nothing where they see nothing of it.
    fn asked_of(&self, question: &Question) -> Result<Option<Order>, Refusal> {
        let Asked::Records(form) = question.of else { return Ok(None) };
        // One that is gone has no records.
        if self.designs.published(form).is_err() {
            return Ok(None);
        }
        let there = self.with_form(form, self.path)?;
        if matches!(self.path, Path::Flow | Path::Script | Path::Consequence | Path::Demo) {
            let access = Access::system("a default of a record that nobody in particular makes");
            return Ok(Some(Order { access, ..there }));
        }
        let may_see = there.access.may(Operation::View);
        Ok(may_see.then_some(there))
    }
}

/// What is copied of the records that were found.
fn copied(linkage: &CheckedLinkage, found: &[Values]) -> Value {
    let taken = if linkage.take == Take::First { found.get(..1).unwrap_or(found) } else { found };
    if linkage.copies.iter().any(|copied| copied.to.is_some()) {
        let rows: Vec<Row> =
            taken.iter().flat_map(|values| rows_of(linkage, values)).take(MAX_ROWS).collect();
        return if rows.is_empty() { Value::Empty } else { Value::Rows(rows) };
    }
    let Some(from) = linkage.copies.first().map(|copied| copied.from.as_str()) else { return Value::Empty };
    if linkage.take == Take::First {
        return taken.first().map(|values| get(values, from).clone()).unwrap_or_default();
    }
    let mut all: Vec<Value> = Vec::new();
    for item in taken.iter().flat_map(|values| get(values, from).items()) {
        if !all.contains(item) {
            all.push(item.clone());
        }
    }
    if all.is_empty() { Value::Empty } else { Value::List(all) }
}

/// The rows that one record gives: one of its own fields, or one for each of its rows.
fn rows_of(linkage: &CheckedLinkage, values: &Values) -> Vec<Row> {
    let row = |inner: &Values| {
        let cells = linkage.copies.iter().filter_map(|copied| {
            let value = match copied.from.split_once('.') {
                Some((_, column)) => get(inner, column),
                None => get(values, &copied.from),
            };
            (!value.is_empty()).then(|| copied.to.clone().zip(Some(value.clone()))).flatten()
        });
        Row { id: None, values: cells.collect() }
    };
    let rows: Vec<Row> = match linkage.rows_of() {
        Some(rows) => get(values, rows).rows().iter().map(|inner| row(&inner.values)).collect(),
        None => vec![row(&Values::new())],
    };
    rows.into_iter().filter(|row| !row.values.is_empty()).collect()
}

/// The order of what is asked for; the newest first where none is said.
fn sorted(question: &Question) -> Result<Vec<Sort>, Refusal> {
    if question.sort.is_empty() {
        let kind = system_kind("$created_at").ok_or_else(Refusal::missing)?;
        return Ok(vec![Sort { reach: Reach::own("$created_at"), kind, descending: true }]);
    }
    let sort = question.sort.iter().map(|by| Sort {
        reach: by.reach.clone(),
        kind: by.kind.clone(),
        descending: by.descending,
    });
    Ok(sort.collect())
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    pub count: CountMode,
}

/// A part of a list: how many, and after which cursor, that leads on in this list alone.
pub struct Page<'w> {
    pub limit: u32,
    pub cursor: Option<&'w str>,
    pub bound: &'w str,
    pub count: CountMode,
}

/// The list that a query field of a record shows now, to this caller.
///
/// # Errors
/// Not found for a record or a field that the caller may not see, and for a field that is no query; faults of the limit
/// and the cursor.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    (form, id, field): (&str, Id, &str),
    wanted: &Wanted,
) -> Result<ListAnswer, Refusal> {
    let order = Order::to_follow(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let (record, visible) = visible_paths(&mut db, &order, id).await?;
    let form = order.compiled.form.clone();
    let column = form.column(field).filter(|column| visible.contains(&column.path));
    let query = column.and_then(|column| column.query.as_deref()).ok_or_else(Refusal::missing)?;
    let limit = checked_limit(Some(wanted.limit.unwrap_or(query.limit)))?;
    let bound = format!("list {} {} {id} {field} {}", caller.id(), order.form, form.version);
    let page = Page { limit, cursor: wanted.cursor.as_deref(), bound: &bound, count: wanted.count };
    let filter = order.bound_by(&mut db, &query.question.filter, &record, &visible).await?;
    match query.question.of {
        Asked::Records(_) => order.list_records(&mut db, query, filter, &page).await,
        Asked::Groups(table) => order.list_groups(&mut db, (table, query), filter, &page).await,
    }
}

/// The fields of each listed record that are answered.
fn shown(there: &Order, query: &CheckedQuery) -> Vec<String> {
    if !query.columns.is_empty() {
        return query.columns.clone();
    }
    title_fields(&there.compiled.form).into_iter().map(|column| column.path.clone()).collect()
}

/// What the listed records are read with: their own fields, and the sub-forms that are shown.
fn held(there: &Order, query: &CheckedQuery) -> Vec<String> {
    let is_held = |column: &&Column| column.shape != Shape::Rows || query.columns.contains(&column.path);
    there.compiled.form.fields().filter(is_held).map(|column| column.path.clone()).collect()
}

impl Order {
    async fn list_records(
        &self,
        db: &mut Reader,
        query: &CheckedQuery,
        filter: Checked,
        part: &Page<'_>,
    ) -> Result<ListAnswer, Refusal> {
        let (installation, bound) = (&self.installation, part.bound);
        let from = match part.cursor {
            Some(cursor) => From::After(open_cursor(installation, cursor, bound)?),
            None => From::Start,
        };
        let Some(there) = self.asked_of(&query.question)? else {
            return Ok(ListAnswer { items: Vec::new(), next: None, count: None, titles: BTreeMap::new() });
        };
        let columns = shown(&there, query);
        let asked = Query {
            shelf: Shelf::Live,
            filter: filter.clone(),
            sort: sorted(&query.question)?,
            limit: part.limit,
            from,
            fields: Some(held(&there, query)),
        };
        let counting = Counting::begin(&there, db, &there.access, (Shelf::Live, &filter), part.count).await?;
        let page = store::query::page(db, &there.access, there.table(), &asked, &there.context).await?;
        let items = there.view_all(db, &page.records, Some(&columns), None).await?;
        let mut titles = there.titles(db, &page.records, &columns).await?;
        there.file_names(db, &items, &mut titles).await?;
        let names = there.seen_titles(db, &page.records).await?;
        let names = page.records.iter().map(|record| record.id.to_string()).zip(names);
        titles.entry(there.form.to_string()).or_default().extend(names);
        let before = part.cursor.is_none().then_some(0);
        let seen = Seen { before, records: page.records.len() as u64, is_last: page.next.is_none() };
        let count = counting.finish(db, seen).await?;
        let next = page.next.map(|cursor| bound_cursor(installation, &cursor, bound)).transpose()?;
        let item = |record: wire::records::Record| ListItem {
            id: Some(record.id),
            fields: record.fields,
            system: Some(record.system),
        };
        Ok(ListAnswer { items: items.into_iter().map(item).collect(), next, count, titles })
    }

    /// A condition with the values that a record has which the caller may see: of all others nothing is known.
    async fn bound_by(
        &self,
        db: &mut Reader,
        filter: &Checked,
        record: &Record,
        visible: &BTreeSet<String>,
    ) -> Result<Checked, Refusal> {
        let reads = filter.asker_reaches();
        let form = self.compiled.form.clone();
        let mut linked = Linked::default();
        let values = std::iter::once(&record.values);
        self.load_reads(db, values, &reads, &mut linked, Eyes::Viewer).await?;
        let mut given = system_values(record);
        let is_rollup = |reach: &Reach| {
            let column = form.column(&reach.own_path());
            column.is_some_and(|column| matches!(column.field.kind, FieldKind::Rollup(_)))
        };
        if reads.iter().any(is_rollup) || form.needs_rollups() {
            let mut rollups: BTreeMap<Id, Values> = self.rollups(db, std::slice::from_ref(record)).await?;
            given.extend(rollups.remove(&record.id).unwrap_or_default());
        }
        let draft = Draft::edit(form, self.context.clone(), linked, record.values.clone(), given);
        let source = draft.source(None);
        Ok(filter.bound(&|reach| {
            let own = reach.own_path();
            let is_open = own.starts_with('$') || visible.contains(&own);
            if is_open { source.value(reach) } else { Value::Empty }
        }))
    }
}
