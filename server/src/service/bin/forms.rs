//! Forms in the recycle bin.

use engine::form::Asked;
use engine::text::Fault;
use engine::value::Id;
use store::form::FormRow;

use super::binned;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::designs::{Designs, FormDesign};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, forms};

/// Puts a form with its records into the bin; its flow, its groups and everything else of it stay with it.
///
/// # Errors
/// Not found, forbidden; `form_in_use` where another form links to it, counts its records or asks for them, `aggregate_in_use` where an
/// aggregate table counts it beside others.
pub async fn delete(installation: &Installation, caller: &Caller, name: String) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = parts.designs.held(&parts.store, tx, workspace).await?;
                let design = designs.form_of_app_to_administer(&name, &actor)?;
                may_go(&designs, design)?;
                let row = FormRow::lock(tx, workspace, design.row.id, false).await?;
                let mut row = row.ok_or_else(Refusal::missing)?;
                row.deleted_at = Some(clock::now());
                row.update(tx).await?;
                let note = Note {
                    action: "form.delete",
                    object: Some(row.id),
                    label: Some(&row.key),
                    changes: None,
                };
                audit::note(tx, &actor, note).await?;
                parts.designs.changed(tx, workspace).await
            })
        })
        .await
}

/// Whether everything else goes on working without the form. Dashboards and reports rest until it is back.
fn may_go(designs: &Designs, design: &FormDesign) -> Result<(), Refusal> {
    let form = design.row.id;
    for other in designs.forms.values().filter(|other| other.row.id != form && other.sketch.is_some()) {
        let Ok(compiled) = designs.compiled(other) else { continue };
        // Which of its fields that is, is not for everybody who designs this one.
        let leads_here = compiled.form.all_columns().any(|column| {
            let asked = column.linkage().map(|linkage| linkage.question.of);
            column.target == Some(form) || asked == Some(Asked::Records(form))
        });
        if leads_here || compiled.form.figures().any(|figure| figure.form == form) {
            return Err(Refusal::conflict("form_in_use").arg("form", &other.row.key));
        }
    }
    for table in designs.aggregates_of(form) {
        let Ok(aggregate) = designs.aggregate(table) else { continue };
        if aggregate.sources.iter().any(|source| source.form != form) {
            return Err(Refusal::conflict("aggregate_in_use").arg("aggregate", &table.row.key));
        }
    }
    Ok(())
}

/// Takes a form out of the bin, as it was.
///
/// # Errors
/// Not found; `form_taken` where another form has its key by now; `form_broken` where it links to a form that is gone.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let mut row = binned(tx, &actor, id).await?;
                if FormRow::by_key(tx, row.workspace, row.app, &row.key).await?.is_some() {
                    let faults = vec![Fault::new("/key", "not_unique")];
                    return Err(Refusal { faults, ..Refusal::conflict("form_taken") });
                }
                row.deleted_at = None;
                row.update(tx).await?;
                let note = Note {
                    action: "form.restore",
                    object: Some(row.id),
                    label: Some(&row.key),
                    changes: None,
                };
                audit::note(tx, &actor, note).await?;
                parts.designs.changed(tx, row.workspace).await?;
                let designs = Designs::load(tx, row.workspace).await?;
                let design = designs.forms.get(&row.id).ok_or_else(Refusal::missing)?;
                if design.sketch.is_some() {
                    // What it links to may have gone since.
                    designs.compiled(design)?;
                }
                let version = design.row.draft_version;
                Ok(Answer::done(&forms::view::whole(&designs, design, &actor)?)?.version(version))
            })
        })
        .await
}
