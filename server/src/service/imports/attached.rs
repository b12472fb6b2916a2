//! Files that rows name by their ids, as an export writes them. A file belongs to one field of one record: what another
//! record holds comes in as a copy of its own, of the same bytes, for whoever may read it there.

use engine::text::Fault;
use engine::value::Id;
use serde_json::Value as Json;
use store::Tx;
use store::file::File;
use wire::ImportMode;

use super::cells::{Line, NamedFile, Place};
use super::plan::Plan;
use crate::service::Refusal;
use crate::service::files::{has, insert, is_export};
use crate::service::records::{Order, Path};

/// Puts the files that are named into the lines; what stands for no file that the importer may have becomes a fault.
pub async fn attach(tx: &mut Tx, order: &Order, plan: &Plan, lines: &mut [Line]) -> Result<(), Refusal> {
    for line in lines {
        for NamedFile { place, id } in std::mem::take(&mut line.files) {
            match usable(tx, order, plan, &place, id).await? {
                Some(id) => place.put(&mut line.fields, Json::String(id.to_string()), true),
                None => line.faults.push(Fault::new(place.path(), "not_an_id")),
            }
        }
    }
    Ok(())
}

/// The file that can be put there: the one that is named, or a copy of it.
async fn usable(
    tx: &mut Tx,
    order: &Order,
    plan: &Plan,
    place: &Place,
    id: Id,
) -> Result<Option<Id>, Refusal> {
    let Some(file) = File::find(tx, order.caller.workspace_id(), id).await? else { return Ok(None) };
    let (Some(form), Some(record)) = (file.form, file.record) else {
        let is_own = file.created_by == Some(order.caller.id()) && !is_export(&file);
        return Ok(is_own.then_some(id));
    };
    let field = file.field.clone().unwrap_or_default();
    if !shows(tx, order, (form, record), &field).await? {
        return Ok(None);
    }
    // A record that is changed may hold it already; where it is another one, the save says that the file is taken.
    if plan.mode != ImportMode::Create && form == order.form && field == place.column() {
        return Ok(Some(id));
    }
    let copy = File::copy(tx, &file, order.caller.id(), order.now()).await?;
    let Some(copy) = copy else { return Ok(None) };
    insert(tx, &order.installation, &copy).await?;
    Ok(Some(copy.id))
}

/// Whether the importer may read that field of that record.
async fn shows(tx: &mut Tx, order: &Order, (form, record): (Id, Id), field: &str) -> Result<bool, Refusal> {
    if order.designs.published(form).is_err() {
        return Ok(false);
    }
    let there = order.with_form(form, Path::Import)?;
    let found = store::record::get(tx, &there.access, there.table(), record, &there.context).await?;
    let Some(found) = found.filter(|record| record.system.is_live()) else { return Ok(false) };
    let own = field.split('.').next().unwrap_or_default().to_string();
    let views = there.view_all(tx, std::slice::from_ref(&found), Some(&[own]), None).await?;
    Ok(views.first().is_some_and(|view| has(&view.fields, field)))
}
