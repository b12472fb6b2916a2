//! What the records of a large save ask about other records, those that they link to and those that their formulas count,
//! asked once for all of them. Whoever is not found here asks for itself.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::{Reference, Shape};
use engine::form::{Column, Form};
use engine::formula::Answers;
use engine::record::{Draft, Linked, ReadPolicy, Sent, read_fields, read_new_fields};
use engine::value::{Id, Row, Value, Values};
use serde_json::Value as Json;
use store::Tx;
use wire::records::Fields;

use super::{Change, Item, references};
use crate::service::Refusal;
use crate::service::records::{Eyes, Order, Path};

/// Records whose questions are put together at most: so many are held twice for it.
const TOGETHER: usize = 500;

/// A record by its form and its id.
pub type Name = (Id, Id);

/// What is known of linked records before the first one is prepared.
#[derive(Default)]
pub struct Ahead {
    /// Those that computing reads.
    pub linked: Linked,
    /// What formulas of the save's records asked of others so far: what many ask is counted once.
    pub answers: Answers,
    /// Those that were looked for with the writer's eyes …
    asked: BTreeSet<Name>,
    /// … and found.
    alive: BTreeSet<Name>,
    /// Those of them that a link offers whose filter asks the same for all records, by the path of the link.
    offered: BTreeMap<String, BTreeSet<Id>>,
}

impl Ahead {
    /// Looks for the records that several changes name.
    pub async fn look(tx: &mut Tx, order: &Order, changes: &[(String, Change)]) -> Result<Ahead, Refusal> {
        let mut ahead = Ahead::default();
        let sent: Vec<&Fields> = changes.iter().filter_map(|(_, change)| sent(change)).collect();
        if sent.len() < 2 {
            return Ok(ahead);
        }
        let mut named: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        let links = sent.iter().map(|fields| links_in(&order.compiled.form, fields, &mut named));
        let links: Vec<Values> = links.filter(|values| !values.is_empty()).collect();
        if order.reads_links() && !links.is_empty() {
            order.load_links(tx, links.iter(), &mut ahead.linked, Eyes::System).await?;
        }
        for (target, ids) in named {
            let ids: Vec<Id> = ids.into_iter().collect();
            let access = references::access(order, target)?;
            let table = order.table_of(target)?;
            store::record::hold(tx, table, &ids, store::record::Hold::Linked).await?;
            let found = store::record::get_many(tx, &access, table, &ids, &order.context).await?;
            let alive = found.values().filter(|record| record.system.is_live());
            ahead.alive.extend(alive.map(|record| (target, record.id)));
            ahead.asked.extend(ids.into_iter().map(|id| (target, id)));
        }
        ahead.offered = offered(tx, order, &ahead.alive).await?;
        Ok(ahead)
    }

    /// Counts what the formulas of several records ask of others, as far as that is known by what was sent.
    pub async fn count(&mut self, tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
        if items.len() < 2 || order.compiled.form.figures().next().is_none() {
            return Ok(());
        }
        for items in items.chunks(TOGETHER) {
            let mut drafts: Vec<Draft> = items.iter().filter_map(|item| as_sent(order, item)).collect();
            let mut asking: Vec<&mut Draft> = drafts.iter_mut().collect();
            order.answer_all(tx, &mut asking, &mut self.answers).await?;
        }
        Ok(())
    }

    /// Whether the record is there and seen by the writer; `None` where nobody has looked.
    pub fn is_alive(&self, target: Id, id: Id) -> Option<bool> {
        self.asked.contains(&(target, id)).then(|| self.alive.contains(&(target, id)))
    }

    /// Whether the link at a path offers the record; `None` where nobody has looked.
    pub fn is_offered(&self, path: &str, name: Name) -> Option<bool> {
        let offered = self.offered.get(path).filter(|_| self.asked.contains(&name))?;
        Some(offered.contains(&name.1))
    }
}

/// Which of the records that were found each link offers whose filter reads nothing of the records that are saved.
async fn offered(
    tx: &mut Tx,
    order: &Order,
    alive: &BTreeSet<Name>,
) -> Result<BTreeMap<String, BTreeSet<Id>>, Refusal> {
    let mut all = BTreeMap::new();
    for column in order.compiled.form.all_columns() {
        let (Some(filter), Some(target)) = (&column.filter, column.target) else { continue };
        let is_link = column.field.kind.reference() == Some(Reference::Record);
        let ids: Vec<Id> = alive.iter().filter(|(form, _)| *form == target).map(|(_, id)| *id).collect();
        if !is_link || ids.is_empty() || !filter.asker_reaches().is_empty() {
            continue;
        }
        let (access, table) = (references::access(order, target)?, order.table_of(target)?);
        let found = store::record::fitting(tx, &access, table, &ids, filter, &order.context).await?;
        all.insert(column.path.clone(), found);
    }
    Ok(all)
}

/// The record with what was sent for it, whoever may set that: what it asks is counted, and nothing else made of it. None
/// where it is not computed, or can't be.
fn as_sent(order: &Order, item: &Item) -> Option<Draft> {
    let is_computed = item.is_submitted() || matches!(item.change, Change::Submit { .. });
    if !is_computed || order.path == Path::Restore {
        return None;
    }
    let (form, all) = (&order.compiled.form, |_: &str| true);
    let policy = ReadPolicy { readable: &all, writable: &all, serials: true, scripts: true };
    let sent: Sent = match (&item.change, &item.old) {
        (Change::Unlink { fields, .. }, _) => fields.clone().into(),
        (change, Some(old)) => read_fields(form, sent(change)?, &old.values, &policy).ok()?,
        (change, None) => read_new_fields(form, sent(change)?, &policy).ok()?,
    };
    let mut draft = item.draft.clone();
    draft.apply(sent);
    Some(draft)
}

fn sent(change: &Change) -> Option<&Fields> {
    match change {
        Change::Create(create) => Some(&create.fields),
        Change::Update { fields, .. } | Change::Submit { fields, .. } => Some(fields),
        Change::Act(_)
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Unlink { .. } => None,
    }
}

/// The links in what was sent, as values; each is noted in `named` by its form.
fn links_in(form: &Form, fields: &Fields, named: &mut BTreeMap<Id, BTreeSet<Id>>) -> Values {
    let mut link = |column: &Column, json: &Json| {
        let target = column.target.filter(|_| column.field.kind.reference() == Some(Reference::Record))?;
        let value = column.field.kind.parse(json).ok().filter(|value| !value.is_empty())?;
        named.entry(target).or_default().extend(value.items().iter().filter_map(Value::as_ref_id));
        Some((column.field.key.clone(), value))
    };
    let mut values = Values::new();
    for column in form.fields() {
        match fields.get(&column.path) {
            Some(Json::Array(rows)) if column.shape == Shape::Rows => {
                let rows = rows.iter().map(|row| {
                    let cells = form.columns_of(&column.path);
                    let cells = cells.filter_map(|inner| link(inner, row.get(&inner.field.key)?));
                    Row { id: None, values: cells.collect() }
                });
                let rows: Vec<Row> = rows.filter(|row| !row.values.is_empty()).collect();
                if !rows.is_empty() {
                    values.insert(column.path.clone(), Value::Rows(rows));
                }
            }
            Some(json) => values.extend(link(column, json)),
            None => {}
        }
    }
    values
}
