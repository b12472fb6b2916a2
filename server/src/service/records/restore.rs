//! What was before: a record from the recycle bin, with what its deletion took along, and an earlier version of one.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, Operation};
use engine::field::Reference;
use engine::form::Column;
use engine::record::read_values;
use engine::text::Fault;
use engine::value::{Id, Row, Value, Values, get};
use store::history::HistoryEntry;
use store::record::Record;
use store::{Tx, ids};
use wire::records::{BulkResult, Fields, RestoreInput};

use super::save::{Change, Saved, is_known, save};
use super::{Order, Path, again, change, history};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};

/// Consequences of one deletion that are looked at.
const MOST: i64 = 5_000;
/// Records of one request.
const MOST_AT_ONCE: usize = 5_000;

/// Takes a record out of the recycle bin, or gives it the values of an earlier version, as a new one. `started` is the
/// version that the caller saw, or `Some(None)` for any: what writes over a record says from where it began.
///
/// # Errors
/// Not found, forbidden; `if_match_required`, stale; everything that the save refuses.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (form, id): (String, Id),
    RestoreInput { version }: RestoreInput,
    started: Option<Option<i64>>,
) -> Result<Answer, Refusal> {
    let started = match (version, started) {
        (Some(_), None) => return Err(Refusal::new(Cause::VersionMissing, "if_match_required")),
        (_, started) => started.flatten(),
    };
    let any: &[Operation] = match version {
        None => again::asked_for(&Change::Restore { id }),
        Some(_) => again::EDITS,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    let (there, asking, of) = (installation.clone(), caller.clone(), form.clone());
    installation
        .act_or_tell(
            caller,
            key,
            move |tx| {
                Box::pin(async move {
                    let order = Order::to_write(&parts, tx, &actor, &form, Path::Restore).await?;
                    match version {
                        None => from_bin(tx, &order, id).await,
                        Some(version) => to_version(tx, &order, id, (version, started)).await,
                    }
                })
            },
            move |tx, first| {
                Box::pin(async move {
                    let order = Order::to_write(&there, tx, &asking, &of, Path::Restore).await?;
                    again::told(tx, &order, any, first).await
                })
            },
        )
        .await
}

/// Takes records out of the recycle bin, one after another, each in a transaction of its own. Gives what became of each, in
/// order, and what their saves carry in the history.
///
/// # Errors
/// Faults of the request as a whole: too many, one twice, a form that is not there. What keeps a record in the bin is in its
/// result.
pub async fn many(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    ids: Vec<Id>,
) -> Result<(Vec<Result<BulkResult, Refusal>>, Id), Refusal> {
    if ids.len() > MOST_AT_ONCE {
        return Err(Refusal::invalid(vec![Fault::new("ids", "too_many").arg("max", MOST_AT_ONCE)]));
    }
    let mut seen = BTreeSet::new();
    if let Some(place) = ids.iter().position(|id| !seen.insert(*id)) {
        return Err(Refusal::fault(format!("ids.{place}"), "twice"));
    }
    Order::to_read(installation, caller, &form).await?;
    let batch = ids::next();
    let mut results = Vec::with_capacity(ids.len());
    for (number, id) in ids.into_iter().enumerate() {
        let row_key = key.as_ref().map(|key| key.row(number));
        let (parts, actor, name) = (installation.clone(), caller.clone(), form.clone());
        let (there, asking, of) = (installation.clone(), caller.clone(), form.clone());
        let answer = installation
            .act_or_tell(
                caller,
                row_key,
                move |tx| {
                    Box::pin(async move {
                        let order = Order::to_write(&parts, tx, &actor, &name, Path::Restore).await?;
                        let order = Order { batch: Some(batch), ..order };
                        let (saved, left_behind) = back(tx, &order, id).await?;
                        let version = Some(saved.record.version);
                        Answer::done(&BulkResult { id: Some(id), version, problem: None, left_behind })
                    })
                },
                move |tx, first| {
                    Box::pin(async move {
                        let order = Order::to_write(&there, tx, &asking, &of, Path::Restore).await?;
                        again::check_may(&order, again::asked_for(&Change::Restore { id }))?;
                        Ok(first)
                    })
                },
            )
            .await;
        results.push(answer.and_then(|answer| serde_json::from_str(&answer.body).map_err(Refusal::internal)));
    }
    Ok((results, batch))
}

async fn one(tx: &mut Tx, order: &Order, change: Change) -> Result<Answer, Refusal> {
    let saved = save(tx, order, vec![change]).await?;
    let saved = saved.first().ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
    change::answer(tx, order, saved).await
}

/// # Errors
/// Not found for a version that there was not.
async fn to_version(
    tx: &mut Tx,
    order: &Order,
    id: Id,
    (version, started): (i64, Option<i64>),
) -> Result<Answer, Refusal> {
    is_known(tx, order, id).await?;
    let access = Access::system("who may change it is said by the save");
    let record = store::record::get(tx, &access, order.table(), id, &order.context).await?;
    let record = record.ok_or_else(Refusal::missing)?;
    // Who may not see the record hears nothing of its versions.
    let fields = history::fields_at(tx, order, &record, version).await?;
    let fields = match fields {
        Some(fields) => fields,
        None => {
            save(tx, order, vec![unchanged(id)]).await?;
            return Err(Refusal::fault("version", "unknown_version"));
        }
    };
    one(tx, order, Change::Update { id, version: started, fields, system: None }).await
}

/// A change that changes nothing: whoever may make it may know the record.
fn unchanged(id: Id) -> Change {
    Change::Update { id, version: None, fields: Fields::new(), system: None }
}

async fn from_bin(tx: &mut Tx, order: &Order, id: Id) -> Result<Answer, Refusal> {
    let (saved, left_behind) = back(tx, order, id).await?;
    let view = order.view(tx, &saved.record).await?;
    let view = wire::records::Record { left_behind, ..view };
    Ok(Answer::done(&view)?.version(view.version))
}

/// Brings a record back with what its deletion took along, and counts what of that is not as it was.
async fn back(tx: &mut Tx, order: &Order, id: Id) -> Result<(Saved, u64), Refusal> {
    is_known(tx, order, id).await?;
    let along = Along::of(tx, order, id).await?;
    let saved = save(tx, order, vec![Change::Restore { id }]).await?;
    let saved = saved.into_iter().next().ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
    let left_behind = along.bring_back(tx, order).await?;
    Ok((saved, left_behind))
}

/// What a deletion did to other records, as far as nothing happened to them since.
struct Along {
    /// In the order in which it comes back: what links to a record after that.
    changes: Vec<(Id, Change)>,
}

/// A record that a deletion took along, or took a link from.
struct Consequence {
    order: Order,
    record: Record,
    /// The first version that the deletion made of it: it may have taken one link after another.
    oldest: i64,
    /// The values that it had, where it stayed, of the fields that were changed.
    former: Values,
    changed: BTreeSet<String>,
}

impl Along {
    /// Looks for what links to the record, and to what comes back with it.
    async fn of(tx: &mut Tx, order: &Order, id: Id) -> Result<Along, Refusal> {
        let mut along = Along { changes: Vec::new() };
        let workspace = order.caller.workspace_id();
        let last = HistoryEntry::of_record(tx, workspace, order.form, id, None, 1).await?;
        let Some(batch) = last.first().and_then(|entry| entry.batch) else { return Ok(along) };
        let found = consequences(tx, order, batch, id).await?;
        let is_deleted = |one: &Consequence| one.record.system.deleted_at.is_some();
        let (mut left, stayed): (Vec<_>, Vec<_>) = found.into_iter().partition(is_deleted);
        let mut back: BTreeSet<(Id, Id)> = BTreeSet::from([(order.form, id)]);
        loop {
            let (next, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| one.links_to(&back));
            if next.is_empty() {
                break;
            }
            for one in next {
                back.insert((one.order.form, one.record.id));
                along.changes.push((one.order.form, Change::Restore { id: one.record.id }));
            }
            left = rest;
        }
        // Links are put back once everything is known that they can lead to again.
        for one in stayed {
            let (id, fields) = (one.record.id, one.fields(&back));
            if !fields.is_empty() {
                along.changes.push((one.order.form, Change::Unlink { id, fields }));
            }
        }
        Ok(along)
    }

    /// Brings each back by itself: what can't come back, because another record that it needs is gone, stays in the bin and
    /// is counted.
    async fn bring_back(self, tx: &mut Tx, order: &Order) -> Result<u64, Refusal> {
        let mut left = 0;
        for (form, change) in self.changes {
            let there = order.with_form(form, Path::Consequence)?;
            let saved = tx.nested(|tx| Box::pin(async move { save(tx, &there, vec![change]).await })).await?;
            if let Err(refusal) = saved {
                if matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull) {
                    return Err(refusal);
                }
                tracing::info!(%form, %refusal, "a record does not come back with what it was deleted with");
                left += 1;
            }
        }
        Ok(left)
    }
}

/// The records that were changed in consequence of a deletion and are still as it left them.
async fn consequences(
    tx: &mut Tx,
    order: &Order,
    batch: Id,
    deleted: Id,
) -> Result<Vec<Consequence>, Refusal> {
    let workspace = order.caller.workspace_id();
    let entries = HistoryEntry::of_batch(tx, workspace, batch, None, MOST).await?;
    let access = Access::system("what a deletion did to other records");
    let mut found: Vec<Consequence> = Vec::new();
    // Of each record the last version comes first.
    for entry in entries.into_iter().filter(|entry| entry.path == Path::Consequence.name()) {
        if let Some(known) = found.last_mut().filter(|known| known.record.id == entry.record) {
            known.go_back(&entry);
            continue;
        }
        // A form that is gone brings nothing back.
        let Ok(there) = order.with_form(entry.form, Path::Consequence) else { continue };
        let record = store::record::get(tx, &access, there.table(), entry.record, &there.context).await?;
        let Some(record) = record.filter(|record| record.version == entry.version) else { continue };
        if (entry.form, record.id) == (order.form, deleted) {
            continue;
        }
        let (oldest, former, changed) = (entry.version + 1, Values::new(), BTreeSet::new());
        let mut one = Consequence { order: there, record, oldest, former, changed };
        one.go_back(&entry);
        found.push(one);
    }
    Ok(found)
}

impl Consequence {
    /// Takes in what the record held before a version, if that is the one before those that are known.
    fn go_back(&mut self, entry: &HistoryEntry) {
        if entry.version + 1 != self.oldest {
            return;
        }
        self.oldest = entry.version;
        let changes: Option<Fields> = entry.changes.as_deref().and_then(|it| serde_json::from_str(it).ok());
        let changes = changes.unwrap_or_default();
        self.former.extend(read_values(&self.order.compiled.form, &changes));
        self.changed.extend(changes.into_iter().map(|(path, _)| path));
    }

    /// Links of this record, each with the form that it leads to.
    fn links(&self) -> impl Iterator<Item = (&Column, Id)> {
        self.order.compiled.form.all_columns().filter_map(|column| Some((column, linked(column)?)))
    }

    fn links_to(&self, back: &BTreeSet<(Id, Id)>) -> bool {
        let leads = |value: &Value, target: Id| {
            value.items().iter().filter_map(Value::as_ref_id).any(|id| back.contains(&(target, id)))
        };
        self.links().any(|(column, target)| match column.subform() {
            None => leads(get(&self.record.values, &column.path), target),
            Some(subform) => {
                let rows = get(&self.record.values, subform).rows();
                rows.iter().any(|row| leads(get(&row.values, &column.field.key), target))
            }
        })
    }

    /// The fields and sub-forms with the links that lead to records of `back` again, and with what they had filled in.
    fn fields(&self, back: &BTreeSet<(Id, Id)>) -> Values {
        let mut fields = self.own_fields(back);
        let mut rows_of: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for (column, target) in self.links() {
            let Some(subform) = column.subform() else { continue };
            let key = &column.field.key;
            let now = get(&self.record.values, subform).rows();
            let rows = rows_of.entry(subform).or_insert_with(|| now.to_vec());
            for row in rows.iter_mut() {
                let former = get(&self.former, subform).rows().iter().find(|former| former.id == row.id);
                let lost = |former: &&Row| {
                    let now = get(&row.values, key);
                    get(&former.values, key) != now && leads_back(get(&former.values, key), target, back)
                };
                if let Some(former) = former.filter(lost) {
                    self.put_back(subform, row, former, back);
                }
            }
        }
        for (subform, rows) in rows_of {
            if get(&self.record.values, subform).rows() != rows {
                fields.insert(subform.to_string(), Value::Rows(rows));
            }
        }
        fields
    }

    fn put_back(&self, subform: &str, row: &mut Row, former: &Row, back: &BTreeSet<(Id, Id)>) {
        for column in self.order.compiled.form.columns_of(subform).filter(|column| column.field.is_input()) {
            let key = &column.field.key;
            match as_before(column, get(&former.values, key), get(&row.values, key), back) {
                Value::Empty => row.values.remove(key),
                value => row.values.insert(key.clone(), value),
            };
        }
    }

    fn own_fields(&self, back: &BTreeSet<(Id, Id)>) -> Values {
        let links: BTreeMap<&str, Id> =
            self.links().map(|(column, target)| (column.path.as_str(), target)).collect();
        let leads = |path: &str, target: Id| leads_back(get(&self.former, path), target, back);
        if !links.iter().any(|(path, target)| self.changed.contains(*path) && leads(path, *target)) {
            return Values::new();
        }
        let own = self.order.compiled.form.fields();
        let own = own.filter(|column| column.field.is_input() && column.field.columns().is_empty());
        let own = own.filter(|column| self.changed.contains(&column.path));
        let own =
            own.filter(|column| links.get(column.path.as_str()).is_none_or(|it| leads(&column.path, *it)));
        own.map(|column| {
            let (former, now) = (get(&self.former, &column.path), get(&self.record.values, &column.path));
            (column.path.clone(), as_before(column, former, now, back))
        })
        .collect()
    }
}

/// The form that a link leads to.
fn linked(column: &Column) -> Option<Id> {
    column.target.filter(|_| column.field.kind.reference() == Some(Reference::Record))
}

/// Whether a link leads to a record that comes back.
fn leads_back(value: &Value, target: Id, back: &BTreeSet<(Id, Id)>) -> bool {
    value.items().iter().filter_map(Value::as_ref_id).any(|id| back.contains(&(target, id)))
}

/// What a field held; of several links those that still lead somewhere, or do so again.
fn as_before(column: &Column, former: &Value, now: &Value, back: &BTreeSet<(Id, Id)>) -> Value {
    let (Value::List(ids), Some(target)) = (former, linked(column)) else { return former.clone() };
    let leads = |id: &&Value| now.items().contains(id) || leads_back(id, target, back);
    let ids: Vec<Value> = ids.iter().filter(leads).cloned().collect();
    if ids.is_empty() { Value::Empty } else { Value::List(ids) }
}
