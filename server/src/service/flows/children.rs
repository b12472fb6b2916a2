//! Flows that a step of another one starts: the records that they begin with, and what they give back.

use engine::field::Shape;
use engine::flow::document::Subflow;
use engine::flow::{InForm, OnRecord};
use engine::form::Catalogue;
use engine::value::{Id, get};
use serde_json::{Map, Value as Json, json};
use store::instance::Instance;
use store::record::Record;
use store::{Reader, Tx};
use wire::records::Fields;

use super::found::Found;
use super::instances::record_of;
use crate::service::records::Order;
use crate::service::records::save::{Change, Create, Origin, Saved, save_alone};
use crate::service::{Cause, Refusal};

/// Creates the record of another form with the fields that the step maps in, and starts its flow under these ids (of the
/// record, and of the instance), for one row where it is one of several.
///
/// # Errors
/// Not found where the form is gone; `step_without_flow`; everything that the save refuses.
pub async fn start(
    tx: &mut Tx,
    parent: &Found,
    step: &str,
    (record, instance): (Id, Id),
    row: Option<Id>,
) -> Result<Vec<Saved>, Refusal> {
    let subflow = parent.flow.subflow(step).ok_or_else(|| Refusal::internal("this step starts no flow"))?;
    let app = &parent.order.compiled.form.sketch.app;
    let form = parent.order.designs.form(app, &subflow.form).ok_or_else(Refusal::missing)?.id;
    let there = parent.order.of_product(tx, parent.order.caller.id(), form).await?;
    if there.design()?.flow.is_none() {
        return Err(Refusal::conflict("step_without_flow"));
    }
    let stored = record_of(tx, &parent.order, parent.instance.record).await?;
    let fields = mapped_in(tx, &parent.order, &stored, subflow, row).await?;
    let create = Create {
        id: Some(record),
        fields,
        start_flow: Some(true),
        origin: Some(Origin { instance, parent: parent.instance.id }),
        ..Create::default()
    };
    save_alone(tx, &there, Change::Create(create)).await
}

/// The fields that a flow begins with. What is empty is left to the other form's defaults.
async fn mapped_in(
    db: &mut Reader,
    order: &Order,
    record: &Record,
    subflow: &Subflow,
    row: Option<Id>,
) -> Result<Fields, Refusal> {
    let reads = InForm { form: &order.compiled.form, catalogue: &*order.designs }.mapped_reads(subflow);
    let around = order.around(db, std::slice::from_ref(record), &reads).await?;
    let draft = order.draft_of(record, &around);
    let source = draft.source(None);
    let read = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let written = subflow.map_in.iter().map(|(target, path)| (target.clone(), read.written(path, row)));
    Ok(written.filter(|(_, value)| !value.is_null()).collect())
}

/// The fields that a flow which has ended gives back to the one that waits for it; none where its record is gone.
///
/// # Errors
/// When the database can't be read.
pub async fn given_back(tx: &mut Tx, parent: &Found, child: Id) -> Result<Fields, Refusal> {
    let Some(known) = parent.state.child(child) else { return Ok(Fields::new()) };
    let subflow = parent.flow.subflow(&known.step).filter(|subflow| !subflow.map_out.is_empty());
    let Some(subflow) = subflow else { return Ok(Fields::new()) };
    let workspace = parent.order.caller.workspace_id();
    let Some(instance) = Instance::find(tx, workspace, child).await? else { return Ok(Fields::new()) };
    let read = read_child(tx, parent, &instance, subflow).await;
    let written = match read {
        Err(refusal) if refusal.cause == Cause::Missing => return Ok(Fields::new()),
        written => written?,
    };
    let stored = record_of(tx, &parent.order, parent.instance.record).await?;
    Ok(mapped_out(&parent.order, &stored, known.row, written))
}

/// What the fields of a child's record hold, by the field of its parent that they go to.
async fn read_child(
    tx: &mut Tx,
    parent: &Found,
    child: &Instance,
    subflow: &Subflow,
) -> Result<Vec<(String, Json)>, Refusal> {
    let order = parent.order.of_product(tx, parent.order.caller.id(), child.form).await?;
    let record = record_of(tx, &order, child.record).await?;
    let around = order.around(tx, std::slice::from_ref(&record), &[]).await?;
    let draft = order.draft_of(&record, &around);
    let source = draft.source(None);
    let read = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let pairs = subflow.map_out.iter();
    Ok(pairs.map(|(target, path)| (target.clone(), read.written(path, None))).collect())
}

/// The fields of the parent; a column is set in the row that the child was for, as long as it is there.
fn mapped_out(order: &Order, record: &Record, row: Option<Id>, written: Vec<(String, Json)>) -> Fields {
    let mut fields = Fields::new();
    let mut cells: Map<String, Json> = Map::new();
    let mut subform: Option<String> = None;
    for (target, value) in written {
        match target.split_once('.') {
            None => drop(fields.insert(target, value)),
            Some((rows, column)) => {
                subform = Some(rows.to_string());
                cells.insert(column.to_string(), value);
            }
        }
    }
    let (Some(subform), Some(row)) = (subform, row) else { return fields };
    let is_rows = order.compiled.form.column(&subform).is_some_and(|column| column.shape == Shape::Rows);
    let rows = get(&record.values, &subform).rows();
    if is_rows && rows.iter().any(|known| known.id == Some(row)) {
        let all = rows.iter().map(|known| {
            let mut cells = if known.id == Some(row) { cells.clone() } else { Map::new() };
            cells.insert("id".to_string(), json!(known.id));
            Json::Object(cells)
        });
        fields.insert(subform, Json::Array(all.collect()));
    }
    fields
}
