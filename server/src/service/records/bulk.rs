//! Many records in one request: all or none, or one after another with an answer for each.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Operation;
use engine::text::Fault;
use engine::value::Id;
use store::{Tx, ids};
use wire::records::{BulkAnswer, BulkInput, BulkResult, BulkUpsert, RecordInput};

use super::keys::{Named, find_by_key, key_values, name_of};
use super::save::{Change, Create, Saved, save, save_at};
use super::{Order, Path, again};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Rows of one request at most.
const MOST: usize = 5_000;

/// One row: its place in the request, and what is to happen.
type Row = (String, Wish);

/// What a row asks for; an upsert becomes one or the other when its record is looked for.
#[derive(Clone, Debug)]
enum Wish {
    Change(Change),
    Upsert { key: Vec<String>, row: RecordInput },
}

/// All or none.
///
/// # Errors
/// As the save, with paths such as `create.17.fields.amount`.
pub async fn atomic(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    input: BulkInput,
) -> Result<Answer, Refusal> {
    let rows = rows(input)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    let (asked, name) = (rows.clone(), form.clone());
    let again = Again::of(installation, caller, &form, rows.first());
    let answer = installation
        .act_or_tell(
            caller,
            key,
            move |tx| {
                Box::pin(async move {
                    let order = Order::to_write(&parts, tx, &actor, &form, Path::of(&actor)).await?;
                    let batch = ids::next();
                    let order = Order { batch: Some(batch), ..order };
                    let saved = save_rows(tx, &order, rows).await?;
                    let results = saved.iter().map(result).collect();
                    Answer::done(&BulkAnswer { results, batch })
                })
            },
            move |tx, first| Box::pin(async move { again.tell(tx, first).await }),
        )
        .await;
    match answer {
        Err(refusal) if refusal.code == "not_unique" => {
            Err(with_place(installation, caller, &name, &asked, refusal).await)
        }
        other => other,
    }
}

async fn save_rows(tx: &mut Tx, order: &Order, rows: Vec<Row>) -> Result<Vec<Saved>, Refusal> {
    let keys = rows.iter().filter_map(|(place, wish)| match wish {
        Wish::Upsert { key, row } => Some((place.as_str(), key.as_slice(), &row.fields)),
        Wish::Change(_) => None,
    });
    let keys: Vec<_> = keys.collect();
    let named = Named::look(tx, order, &keys).await?;
    let mut changes = Vec::with_capacity(rows.len());
    let mut seen = BTreeMap::new();
    for (place, wish) in rows {
        let change = decided(tx, order, &place, wish, named.as_ref(), &mut seen).await?;
        changes.push((place, change));
    }
    save_at(tx, order, changes).await
}

/// A request that is sent again. Its first answer names records, for who may still ask for what was done.
#[derive(Clone)]
struct Again {
    installation: Installation,
    caller: Caller,
    form: String,
    any: &'static [Operation],
}

impl Again {
    /// All rows of a request ask for the same as its first.
    fn of(installation: &Installation, caller: &Caller, form: &str, first: Option<&Row>) -> Again {
        let any: &[Operation] = match first.map(|(_, wish)| wish) {
            None => &[],
            Some(Wish::Change(change)) => again::asked_for(change),
            Some(Wish::Upsert { .. }) => again::EDITS,
        };
        Again { installation: installation.clone(), caller: caller.clone(), form: form.to_string(), any }
    }

    async fn tell(self, tx: &mut Tx, first: Answer) -> Result<Answer, Refusal> {
        let path = Path::of(&self.caller);
        let order = Order::to_write(&self.installation, tx, &self.caller, &self.form, path).await?;
        again::check_may(&order, self.any)?;
        Ok(first)
    }
}

/// The refusal of a value that is there already, with the row that brought it. The database names the fields alone, so
/// the row is looked for afterwards; where it can't be found the refusal stays as it is.
async fn with_place(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    rows: &[Row],
    refusal: Refusal,
) -> Refusal {
    let at_field = |fault: &Fault| fault.path.strip_prefix("fields.").map(str::to_string);
    let Some(key) = refusal.faults.iter().map(at_field).collect::<Option<Vec<String>>>() else {
        return refusal;
    };
    let place = clashing(installation, caller, form, rows, &key).await;
    let Ok(Some(place)) = place else { return refusal };
    Refusal { faults: refusal.faults.into_iter().map(|fault| fault.under(&place)).collect(), ..refusal }
}

/// The place of the first row whose values of `key` another record has.
async fn clashing(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    rows: &[Row],
    key: &[String],
) -> Result<Option<String>, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let mut db = order.reader().await?;
    for (place, wish) in rows {
        let (own, fields) = match wish {
            Wish::Change(Change::Create(create)) => (None, &create.fields),
            Wish::Change(Change::Update { id, fields, .. }) => (Some(*id), fields),
            Wish::Change(_) | Wish::Upsert { .. } => continue,
        };
        if !key.iter().all(|field| fields.contains_key(field)) {
            continue;
        }
        let found = find_by_key(&mut db, &order, place, key, fields).await?;
        if found.is_some_and(|(id, _)| Some(id) != own) {
            return Ok(Some(place.clone()));
        }
    }
    Ok(None)
}

/// One after another, each in a transaction of its own; a repeated request does no row twice.
///
/// # Errors
/// Faults of the request as a whole. What is wrong with a row is in its result.
pub async fn one_by_one(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    input: BulkInput,
) -> Result<(Vec<Result<BulkResult, Refusal>>, Id), Refusal> {
    let rows = rows(input)?;
    Order::to_read(installation, caller, &form).await?;
    let batch = ids::next();
    let mut results = Vec::with_capacity(rows.len());
    for (number, row) in rows.into_iter().enumerate() {
        let (parts, actor, form) = (installation.clone(), caller.clone(), form.clone());
        let row_key = key.as_ref().map(|key| key.row(number));
        let again = Again::of(installation, caller, &form, Some(&row));
        let answer = installation
            .act_or_tell(
                caller,
                row_key,
                move |tx| {
                    Box::pin(async move {
                        let order = Order::to_write(&parts, tx, &actor, &form, Path::of(&actor)).await?;
                        let order = Order { batch: Some(batch), ..order };
                        let (place, wish) = row;
                        let change = decided(tx, &order, &place, wish, None, &mut BTreeMap::new()).await?;
                        let saved = save(tx, &order, vec![change]).await?;
                        Answer::done(&saved.first().map(result).unwrap_or_default())
                    })
                },
                move |tx, first| Box::pin(async move { again.tell(tx, first).await }),
            )
            .await;
        results.push(answer.and_then(|answer| serde_json::from_str(&answer.body).map_err(Refusal::internal)));
    }
    Ok((results, batch))
}

fn result(saved: &Saved) -> BulkResult {
    BulkResult { id: Some(saved.record.id), version: Some(saved.record.version), ..BulkResult::default() }
}

/// The rows of a request that asks for exactly one thing.
fn rows(input: BulkInput) -> Result<Vec<Row>, Refusal> {
    let change = |kind: &str, place: usize, change: Change| (format!("{kind}.{place}"), Wish::Change(change));
    let rows: Vec<Row> = match (input.create, input.update, input.upsert, input.delete) {
        (Some(create), None, None, None) => create
            .into_iter()
            .enumerate()
            .map(|(n, row)| change("create", n, Change::Create(new(row))))
            .collect(),
        (None, Some(update), None, None) => update
            .into_iter()
            .enumerate()
            .map(|(n, row)| {
                let (id, version, fields, system) = (row.id, row.version, row.fields, row.system);
                change("update", n, Change::Update { id, version, fields, system })
            })
            .collect(),
        (None, None, Some(BulkUpsert { key, rows }), None) => {
            if key.is_empty() {
                return Err(Refusal::fault("upsert.key", "required"));
            }
            rows.into_iter()
                .enumerate()
                .map(|(n, row)| (format!("upsert.rows.{n}"), Wish::Upsert { key: key.clone(), row }))
                .collect()
        }
        (None, None, None, Some(delete)) => delete
            .into_iter()
            .enumerate()
            .map(|(n, id)| change("delete", n, Change::Delete { id, version: None }))
            .collect(),
        _ => return Err(Refusal::fault("", "one_of_four")),
    };
    if rows.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
    }
    let ids: Vec<Id> = rows
        .iter()
        .filter_map(|(_, wish)| match wish {
            Wish::Change(Change::Update { id, .. } | Change::Delete { id, .. }) => Some(*id),
            Wish::Change(_) | Wish::Upsert { .. } => None,
        })
        .collect();
    let mut seen = BTreeSet::new();
    if let Some(place) = ids.iter().position(|id| !seen.insert(*id)) {
        let path = rows.get(place).map_or("", |(path, _)| path.as_str());
        return Err(Refusal::fault(path, "twice"));
    }
    Ok(rows)
}

fn new(row: RecordInput) -> Create {
    Create {
        fields: row.fields,
        system: row.system,
        draft: row.draft,
        start_flow: row.start_flow,
        chosen: row.chosen,
        ..Create::default()
    }
}

/// What is to be done: an upsert changes the record that has the row's key, or makes one.
async fn decided(
    tx: &mut Tx,
    order: &Order,
    place: &str,
    wish: Wish,
    named: Option<&Named>,
    seen: &mut BTreeMap<String, String>,
) -> Result<Change, Refusal> {
    let (key, row) = match wish {
        Wish::Change(change) => return Ok(change),
        Wish::Upsert { key, row } => (key, row),
    };
    // Two rows have the same key whenever it is the same value, however it was written: `1` and `"1.00"`.
    let name = name_of(&key_values(order, place, &key, &row.fields)?)?;
    let found = match named {
        Some(named) => named.find(place, &name)?,
        None => find_by_key(tx, order, place, &key, &row.fields).await?,
    };
    if seen.insert(name, place.to_string()).is_some() {
        return Err(Refusal::fault(place, "twice"));
    }
    Ok(match found {
        Some((id, _)) => Change::Update { id, version: None, fields: row.fields, system: row.system },
        None => Change::Create(new(row)),
    })
}
