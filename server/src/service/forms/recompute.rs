//! What formulas have stored is computed again where a new definition has taken over what they read: rounded, read as
//! another kind, lost or brought back. It belongs to the takeover, which raises no version of a record either.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::Access;
use engine::form::Form;
use engine::formula::Answers;
use engine::record::Draft;
use engine::value::{Id, Value, get};
use store::Tx;
use store::record::Record;

use super::publish::held_twice;
use crate::service::designs::Designs;
use crate::service::people::Caller;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// Records that are computed together.
const PAGE: u64 = 500;

/// A value, with its record and in a sub-form its row.
type Placed = (Id, Option<Id>, Value);

/// Computes again what read one of these fields, through others too, in every record that is computed; gives the fields
/// that it was. `designs` have the definition in force.
///
/// # Errors
/// `not_unique` where values that have to be told apart become the same; when the database can't be written.
pub async fn recompute(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (designs, form): (&Arc<Designs>, &Form),
    taken_over: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Refusal> {
    let fields: BTreeSet<String> = form.computed_from(taken_over).into_iter().map(str::to_string).collect();
    if fields.is_empty() {
        return Ok(fields);
    }
    let order = Order::known(installation, caller, designs.clone(), form.id(), Path::Consequence)?;
    let access = Access::system("what formulas gave is computed again");
    let mut after = None;
    loop {
        let page = store::record::walk(tx, &access, order.table(), after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        let ids: Vec<Id> = page.iter().map(|record| record.id).collect();
        let whole = store::record::lock(tx, &access, order.table(), &ids).await?;
        // A draft is kept as it was typed.
        let records: Vec<Record> = whole.into_values().filter(|record| !record.system.is_draft()).collect();
        let drafts = drafts(tx, &order, &records).await?;
        for path in &fields {
            let values = moved(&records, &drafts, path);
            let written = store::table::fill(tx, order.table(), path, &values).await;
            written.map_err(|error| held_twice(form, error))?;
        }
    }
    store::table::spell(tx, order.table(), &fields).await?;
    Ok(fields)
}

/// The records as they are computed now.
async fn drafts(tx: &mut Tx, order: &Order, records: &[Record]) -> Result<Vec<Draft>, Refusal> {
    let around = order.around(tx, records, &[]).await?;
    let mut drafts: Vec<Draft> = records.iter().map(|record| order.draft_of(record, &around)).collect();
    let mut asking: Vec<&mut Draft> = drafts.iter_mut().collect();
    order.answer_all(tx, &mut asking, &mut Answers::default()).await?;
    Ok(drafts)
}

/// The values at a path that are others than those that are stored.
fn moved(records: &[Record], drafts: &[Draft], path: &str) -> Vec<Placed> {
    let mut moved = Vec::new();
    for (record, draft) in records.iter().zip(drafts) {
        let (before, now) = (&record.values, draft.values());
        let Some((rows, column)) = path.split_once('.') else {
            let value = stored(get(now, path));
            if value != *get(before, path) {
                moved.push((record.id, None, value));
            }
            continue;
        };
        for (before, now) in get(before, rows).rows().iter().zip(get(now, rows).rows()) {
            let value = stored(get(&now.values, column));
            if value != *get(&before.values, column) {
                moved.push((record.id, before.id, value));
            }
        }
    }
    moved
}

/// What can't be computed is empty until somebody mends the record.
fn stored(value: &Value) -> Value {
    if matches!(value, Value::Error(_)) { Value::Empty } else { value.clone() }
}
