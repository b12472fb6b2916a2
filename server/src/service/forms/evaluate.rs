//! A dry run: what a save would make of a record. Nothing is stored.

use std::collections::BTreeMap;

use engine::access::FieldRight;
use engine::record::{Draft, Linked, ReadPolicy, read_fields, read_new_fields, values_to_json};
use engine::text::Faults;
use engine::value::Values;
use serde_json::Map;

use crate::service::people::Caller;
use crate::service::records::{Eyes, Order, read, system_values};
use crate::service::{Installation, Refusal};

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
    let before = stored.as_ref().map(|record| record.values.clone()).unwrap_or_default();
    let (values, mut faults) = sent(&order, &input, &before);
    let mut merged = before.clone();
    merged.extend(values.clone());
    let mut linked = Linked::default();
    order.load_links(&mut db, std::iter::once(&merged), &mut linked, Eyes::Viewer).await?;
    let mut draft = match &stored {
        Some(record) => {
            let mut given = system_values(record);
            given.extend(
                order
                    .rollups(&mut db, &[record.id], Eyes::Viewer)
                    .await?
                    .remove(&record.id)
                    .unwrap_or_default(),
            );
            Draft::edit(order.compiled.form.clone(), order.context.clone(), linked.clone(), before, given)
        }
        None => Draft::new_with(order.compiled.form.clone(), order.context.clone(), linked.clone()),
    };
    draft.apply(values);
    // What was filled in by rules may lead to further records.
    let filled = draft.values().clone();
    if order.load_links(&mut db, std::iter::once(&filled), &mut linked, Eyes::Viewer).await? {
        draft.learn(linked);
    }
    let editable = |path: &str| order.access.right(path) >= FieldRight::Edit;
    faults.extend(draft.faults(&editable));
    Ok(answer(&order, &draft, &faults, caller))
}

/// The values that can be read, and what is wrong with the others.
fn sent(order: &Order, input: &wire::EvaluateInput, stored: &Values) -> (Values, Faults) {
    let readable = |path: &str| order.access.right(path) >= FieldRight::Read;
    let writable = |path: &str| order.access.right(path) >= FieldRight::Edit;
    let policy = ReadPolicy { readable: &readable, writable: &writable, serials: false };
    let mut values = Values::new();
    let mut faults = Faults::new();
    for (key, json) in &input.record {
        let one = Map::from_iter([(key.clone(), json.clone())]);
        let form = &order.compiled.form;
        let read = match &input.id {
            Some(_) => read_fields(form, &one, stored, &policy),
            None => read_new_fields(form, &one, &policy),
        };
        match read {
            Ok(read) => values.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    (values, faults)
}

fn answer(order: &Order, draft: &Draft, faults: &Faults, caller: &Caller) -> wire::Evaluated {
    let form = &order.compiled.form;
    let readable = |path: &str| order.access.right(path) >= FieldRight::Read;
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
