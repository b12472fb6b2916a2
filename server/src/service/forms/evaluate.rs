//! A dry run: what a save would make of a record. Nothing is stored.

use std::collections::BTreeMap;

use engine::access::FieldRight;
use engine::formula::Answers;
use engine::record::{Draft, Linked, ReadPolicy, Sent, read_fields, read_new_fields, values_to_json};
use engine::text::Faults;
use engine::value::Values;
use serde_json::Map;
use store::Reader;
use store::record::Record;

use crate::service::faults::labelled_fields;
use crate::service::people::Caller;
use crate::service::records::{Eyes, FieldRights, Order, read, system_values};
use crate::service::{Installation, Refusal};

/// How often what other forms answered leads to further questions.
const ROUNDS: usize = 4;

/// # Errors
/// Not found for a form, or a record, that the caller may not see. What is wrong with the values is in the answer.
pub async fn evaluate(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: wire::EvaluateInput,
) -> Result<wire::Evaluated, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let stored = match input.id {
        None => None,
        Some(id) => Some(read::find(&mut db, &order, id).await?.ok_or_else(Refusal::missing)?),
    };
    let rights = rights_of(&mut db, &order, stored.as_ref()).await?;
    let before = stored.as_ref().map(|record| record.values.clone()).unwrap_or_default();
    let (sent, mut faults) = sent(&order, rights.as_ref(), &input, &before);
    let mut merged = before.clone();
    merged.extend(sent.values.clone());
    let mut linked = Linked::default();
    order.load_links(&mut db, std::iter::once(&merged), &mut linked, Eyes::Viewer).await?;
    let mut draft = match &stored {
        Some(record) => {
            let mut given = system_values(record);
            let mut rollups = order.rollups(&mut db, std::slice::from_ref(record)).await?;
            given.extend(rollups.remove(&record.id).unwrap_or_default());
            let (form, context) = (order.compiled.form.clone(), order.context.clone());
            Draft::edit(form, context, linked.clone(), before, given)
        }
        None => Draft::new_with(order.compiled.form.clone(), order.context.clone(), linked.clone()),
    };
    draft.apply(sent);
    // What was filled in by rules may lead to further records.
    let filled = draft.values().clone();
    if order.load_links(&mut db, std::iter::once(&filled), &mut linked, Eyes::Viewer).await? {
        draft.learn(linked.clone());
    }
    let mut answers = Answers::default();
    order.answer(&mut db, &mut draft, &mut answers).await?;
    for _ in 0..ROUNDS {
        if !order.answer_defaults(&mut db, &mut draft).await? {
            break;
        }
        let filled = draft.values().clone();
        if order.load_links(&mut db, std::iter::once(&filled), &mut linked, Eyes::Viewer).await? {
            draft.learn(linked.clone());
        }
        order.answer(&mut db, &mut draft, &mut answers).await?;
    }
    // As for a save, what must be filled in is asked of who may fill it in on the record as it becomes.
    let becomes = stored.map(|record| Record { values: draft.stored_values(), ..record });
    let after = rights_of(&mut db, &order, becomes.as_ref()).await?;
    faults.extend(draft.faults(&|path: &str| right(&order, after.as_ref(), path) >= FieldRight::Edit));
    let readable = |path: &str| right(&order, rights.as_ref(), path) >= FieldRight::Read;
    let faults = labelled_fields(&order.compiled.form, faults, &readable);
    Ok(answer(&order, rights.as_ref(), &draft, &faults, caller))
}

/// The caller's rights on a stored record; none of its own for a new one.
async fn rights_of(
    db: &mut Reader,
    order: &Order,
    stored: Option<&Record>,
) -> Result<Option<FieldRights>, Refusal> {
    let Some(record) = stored else { return Ok(None) };
    Ok(order.rights_on(db, std::slice::from_ref(record)).await?.remove(&record.id))
}

/// The right on a field: the one on the record, or for a new one the highest that groups give.
fn right(order: &Order, rights: Option<&FieldRights>, path: &str) -> FieldRight {
    match rights {
        Some(rights) => rights.get(path).copied().unwrap_or_default(),
        None => order.access.right(path),
    }
}

/// The values that can be read, and what is wrong with the others.
fn sent(
    order: &Order,
    rights: Option<&FieldRights>,
    input: &wire::EvaluateInput,
    stored: &Values,
) -> (Sent, Faults) {
    let readable = |path: &str| right(order, rights, path) >= FieldRight::Read;
    let writable = |path: &str| right(order, rights, path) >= FieldRight::Edit;
    let policy = ReadPolicy { readable: &readable, writable: &writable, serials: false, scripts: false };
    let mut sent = Sent::default();
    let mut faults = Faults::new();
    for (key, json) in &input.record {
        let one = Map::from_iter([(key.clone(), json.clone())]);
        let form = &order.compiled.form;
        let read = match &input.id {
            Some(_) => read_fields(form, &one, stored, &policy),
            None => read_new_fields(form, &one, &policy),
        };
        match read {
            Ok(read) => sent.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    (sent, faults)
}

fn answer(
    order: &Order,
    rights: Option<&FieldRights>,
    draft: &Draft,
    faults: &Faults,
    caller: &Caller,
) -> wire::Evaluated {
    let form = &order.compiled.form;
    let readable = |path: &str| right(order, rights, path) >= FieldRight::Read;
    let columns = || form.all_columns().filter(|column| column.subform().is_none() && readable(&column.path));
    wire::Evaluated {
        values: values_to_json(form, draft.values(), &readable),
        visible: columns().map(|column| (column.path.clone(), !draft.is_hidden(&column.path))).collect(),
        required: columns()
            .map(|column| (column.path.clone(), draft.is_required(column, None)))
            .collect::<BTreeMap<String, bool>>(),
        faults: super::view::errors(faults, caller.language()),
    }
}
