//! Records that link to a deleted one: they stand in its way, go with it, or lose the link.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::once;

use engine::access::Access;
use engine::field::{FieldKind, OnTargetDelete};
use engine::form::{Catalogue, Column, Sketch};
use engine::value::{Id, Row, Value, Values, get};
use store::Tx;
use store::query::{From, Query, Shelf};
use store::record::{Hold, Record};

use super::{Change, Item};
use crate::service::Refusal;
use crate::service::apps::label;
use crate::service::records::live::among;
use crate::service::records::{Order, Path};

/// Records that one deletion may take along or change.
const MOST: u32 = 500;

/// Looks for everything that follows from the deletions among `items`, however far it leads and whether or not it leads
/// back, before any of it is done; then does it form by form.
pub async fn release(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    // Whoever drew this consequence has looked further already.
    if order.path == Path::Consequence {
        return Ok(());
    }
    let deleted: Vec<Id> = items
        .iter()
        .filter(|item| {
            matches!(item.change, Change::Delete { .. })
                && item.old.as_ref().is_some_and(|old| old.system.is_live())
        })
        .map(|item| item.new.id)
        .collect();
    if deleted.is_empty() {
        return Ok(());
    }
    let follows = Follows::look(tx, order, &deleted).await?;
    for (form, changes) in follows.changes(&deleted) {
        let there = order.with_form(form, Path::Consequence)?;
        Box::pin(super::save(tx, &there, changes)).await?;
    }
    Ok(())
}

/// Whether a record that is in the lists links to one, other than that one itself.
pub async fn linked_from_outside(tx: &mut Tx, order: &Order, id: Id) -> Result<bool, Refusal> {
    for link in links(order).iter().filter(|link| link.target == order.form) {
        let there = order.with_form(link.form, Path::Consequence)?;
        let page = linking_page(tx, &there, &link.path, &[id], 2).await?;
        if page.iter().any(|record| (link.form, record.id) != (order.form, id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A field or column that links to records of another form, or of its own.
struct Link {
    form: Id,
    path: String,
    target: Id,
    policy: OnTargetDelete,
}

/// What follows from deletions.
#[derive(Default)]
struct Follows {
    /// The records that go, by form: those that were asked for and those that go with them.
    going: BTreeMap<Id, BTreeSet<Id>>,
    /// The records that lose links, by form, with the fields that held them and the forms that those lead to.
    cleared: BTreeMap<Id, BTreeMap<Id, Cleared>>,
}

struct Cleared {
    record: Record,
    links: BTreeMap<String, Id>,
}

impl Follows {
    /// # Errors
    /// `linked` where a record stands in the way that does not go itself; `too_many_links`.
    async fn look(tx: &mut Tx, order: &Order, deleted: &[Id]) -> Result<Follows, Refusal> {
        let links = links(order);
        let mut follows = Follows::default();
        let mut in_the_way: Vec<(Id, Id)> = Vec::new();
        follows.going.entry(order.form).or_default().extend(deleted);
        let mut waves = vec![(order.form, deleted.to_vec())];
        while let Some((target, ids)) = waves.pop() {
            for link in links.iter().filter(|link| link.target == target) {
                let there = order.with_form(link.form, Path::Consequence)?;
                let mut linking = linking(tx, &there, &link.path, &ids).await?;
                linking.retain(|record| !follows.goes(link.form, record.id));
                match link.policy {
                    OnTargetDelete::Restrict => {
                        in_the_way.extend(linking.iter().map(|record| (link.form, record.id)));
                    }
                    OnTargetDelete::Cascade => {
                        let wave: Vec<Id> = linking.iter().map(|record| record.id).collect();
                        store::record::hold(tx, order.table_of(link.form)?, &wave, Hold::Goes).await?;
                        follows.going.entry(link.form).or_default().extend(&wave);
                        if !wave.is_empty() {
                            waves.push((link.form, wave));
                        }
                    }
                    OnTargetDelete::Clear => follows.clear(link, linking),
                }
                if follows.count() > MOST as usize + deleted.len() {
                    return Err(Refusal::conflict("too_many_links"));
                }
            }
        }
        match in_the_way.into_iter().find(|(form, record)| !follows.goes(*form, *record)) {
            Some((form, _)) => Err(linked(&order.with_form(form, Path::Consequence)?)?),
            None => Ok(follows),
        }
    }

    fn goes(&self, form: Id, record: Id) -> bool {
        self.going.get(&form).is_some_and(|records| records.contains(&record))
    }

    fn clear(&mut self, link: &Link, linking: Vec<Record>) {
        let there = self.cleared.entry(link.form).or_default();
        for record in linking {
            let id = record.id;
            let cleared = there.entry(id).or_insert_with(|| Cleared { record, links: BTreeMap::new() });
            cleared.links.insert(link.path.clone(), link.target);
        }
    }

    /// Records that go or change.
    fn count(&self) -> usize {
        let going = self.going.values().map(BTreeSet::len);
        going.chain(self.cleared.values().map(BTreeMap::len)).sum()
    }

    /// What is to be done beside the deletions of `asked`, each record once.
    fn changes(&self, asked: &[Id]) -> BTreeMap<Id, Vec<Change>> {
        let asked: BTreeSet<&Id> = asked.iter().collect();
        let mut changes: BTreeMap<Id, Vec<Change>> = BTreeMap::new();
        for (form, records) in &self.cleared {
            let staying = records.values().filter(|cleared| !self.goes(*form, cleared.record.id));
            let unlinked = staying
                .map(|cleared| Change::Unlink { id: cleared.record.id, fields: cleared.fields(&self.going) });
            changes.entry(*form).or_default().extend(unlinked);
        }
        for (form, records) in &self.going {
            let along = records.iter().filter(|id| !asked.contains(id));
            let deletions = along.map(|id| Change::Delete { id: *id, version: None });
            changes.entry(*form).or_default().extend(deletions);
        }
        changes.retain(|_, changes| !changes.is_empty());
        changes
    }
}

impl Cleared {
    /// The fields and sub-forms that held links, without links to what goes.
    fn fields(&self, going: &BTreeMap<Id, BTreeSet<Id>>) -> Values {
        let mut fields = Values::new();
        for (path, target) in &self.links {
            let gone = |id: Id| going.get(target).is_some_and(|records| records.contains(&id));
            let Some((subform, column)) = path.split_once('.') else {
                fields.insert(path.clone(), left_of(get(&self.record.values, path), &gone));
                continue;
            };
            let rows = fields.get(subform).unwrap_or_else(|| get(&self.record.values, subform)).rows();
            let mut rows: Vec<Row> = rows.to_vec();
            for row in &mut rows {
                match left_of(get(&row.values, column), &gone) {
                    Value::Empty => drop(row.values.remove(column)),
                    left => drop(row.values.insert(column.to_string(), left)),
                }
            }
            fields.insert(subform.to_string(), Value::Rows(rows));
        }
        fields
    }
}

/// A link, or several, without those that lead to what is gone.
fn left_of(value: &Value, gone: &dyn Fn(Id) -> bool) -> Value {
    let is_gone = |item: &Value| item.as_ref_id().is_some_and(gone);
    match value {
        Value::List(items) => {
            let left: Vec<Value> = items.iter().filter(|item| !is_gone(item)).cloned().collect();
            if left.is_empty() { Value::Empty } else { Value::List(left) }
        }
        one if is_gone(one) => Value::Empty,
        other => other.clone(),
    }
}

/// The links of all published forms. Those of a form that rests count as well: what it links to stays until it is whole again,
/// and nothing else waits for that.
fn links(order: &Order) -> Vec<Link> {
    let mut links = Vec::new();
    for design in order.designs.forms.values() {
        let Some(sketch) = &design.sketch else { continue };
        match order.designs.compiled(design) {
            Ok(compiled) => links.extend(compiled.form.all_columns().filter_map(|column| {
                let (target, policy) = (column.target?, policy(column)?);
                Some(Link { form: design.row.id, path: column.path.clone(), target, policy })
            })),
            Err(_) => links.extend(links_as_written(order, sketch)),
        }
    }
    links
}

/// The links of a form that does not compile, by its document; those that lead nowhere are none.
fn links_as_written(order: &Order, sketch: &Sketch) -> Vec<Link> {
    let mut links = Vec::new();
    for field in &sketch.document.fields {
        let columns = match &field.kind {
            FieldKind::Subform(rows) => rows.fields.as_slice(),
            _ => &[],
        };
        let inside = columns.iter().map(|column| (format!("{}.{}", field.key, column.key), column));
        for (path, field) in once((field.key.clone(), field)).chain(inside) {
            let Some(link) = field.kind.as_link() else { continue };
            let Some(target) = order.designs.form(&sketch.app, &link.form) else { continue };
            links.push(Link { form: sketch.id, path, target: target.id, policy: link.on_target_delete });
        }
    }
    links
}

/// The refusal where records of another form stand in the way. The form is named to those who know that it is there.
fn linked(there: &Order) -> Result<Refusal, Refusal> {
    let design = there.design()?;
    let refusal = Refusal::conflict("linked");
    if !there.designs.may_use(design, &there.caller) {
        return Ok(refusal.arg("known", "no"));
    }
    let label = label(&design.row.label);
    Ok(refusal.arg("known", "yes").arg("form", label.get(there.caller.language())))
}

fn policy(column: &Column) -> Option<OnTargetDelete> {
    column.field.kind.as_link().map(|link| link.on_target_delete)
}

/// Records that link to one of `ids`, as lists show them.
async fn linking_page(
    tx: &mut Tx,
    order: &Order,
    path: &str,
    ids: &[Id],
    limit: u32,
) -> Result<Vec<Record>, Refusal> {
    let (reach, kind) =
        order.compiled.form.find(path, &*order.designs).map_err(|fault| Refusal::invalid(vec![fault]))?;
    let query = Query {
        shelf: Shelf::Live,
        filter: among(reach, kind, ids),
        sort: Vec::new(),
        limit,
        from: From::Start,
        fields: None,
    };
    let access = Access::system("records that link to a deleted one");
    Ok(store::query::page(tx, &access, order.table(), &query, &order.context).await?.records)
}

async fn linking(tx: &mut Tx, order: &Order, path: &str, deleted: &[Id]) -> Result<Vec<Record>, Refusal> {
    let page = linking_page(tx, order, path, deleted, MOST + 1).await?;
    if page.len() > MOST as usize {
        return Err(Refusal::conflict("too_many_links"));
    }
    let access = Access::system("records that link to a deleted one");
    let ids: Vec<Id> = page.iter().map(|record| record.id).collect();
    let whole = store::record::get_many(tx, &access, order.table(), &ids, &order.context).await?;
    Ok(whole.into_values().collect())
}
