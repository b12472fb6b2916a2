//! A form that is published anew, and the figures that it shows or is counted in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::aggregate::Figure;
use engine::form::{Column, Form};
use engine::value::Id;
use store::Tx;

use super::rebuild;
use crate::service::designs::{Designs, Republished, context};
use crate::service::people::Caller;
use crate::service::{Refusal, clock};

/// Keeps figures right under the new definition of a form, which is in force: those that it shows, where they are new or
/// count otherwise than before, and those of other forms that count its records, where what they read is stored in
/// another way, computed again or no longer stored.
///
/// # Errors
/// When the database can't be read or written.
pub async fn follow_form(tx: &mut Tx, caller: &Caller, republished: &Republished<'_>) -> Result<(), Refusal> {
    let Republished { was, now: designs, before, form, recomputed } = *republished;
    let shows = form.fields().any(|column| column.kept.is_some());
    if before.is_some() && !shows && was.showing(form.id()).is_empty() {
        return Ok(());
    }
    let mut due: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    if let Some(before) = before {
        let fresh = kept(form).filter(|column| !counts_alike(before.column(&column.path), column));
        due.entry(form.id()).or_default().extend(fresh.map(|column| column.path.clone()));
    }
    for id in designs.showing(form.id()) {
        let Some(shown) = compiled(designs, id) else { continue };
        let shown_before = compiled(was, id);
        let former = |column: &Column| shown_before.as_ref()?.column(&column.path);
        let over = kept(&shown).filter(|column| column.target == Some(form.id()));
        let changed = over.filter(|column| {
            let reads_alike = |before: &Form| {
                let figure = Figure::of(&shown, column, form, designs);
                figure.is_some_and(|figure| figure.reads_alike(before, form))
            };
            let is_same = recomputed.is_empty() && before.is_some_and(reads_alike);
            !counts_alike(former(column), column) || !is_same
        });
        due.entry(id).or_default().extend(changed.map(|column| column.path.clone()));
        // What can be kept has changed with the form that is counted: the other one need not be published for that.
        let is_stored_alike =
            shown.fields().all(|column| former(column).is_some_and(|former| former.kept == column.kept));
        if id != form.id() && !is_stored_alike {
            store::table::publish(tx, was.workspace, &shown, None, clock::now()).await?;
        }
    }
    let context = context(caller, clock::now());
    for (form, fields) in due.iter().filter(|(_, fields)| !fields.is_empty()) {
        rebuild(tx, designs, *form, fields, &context).await?;
    }
    Ok(())
}

fn kept(form: &Form) -> impl Iterator<Item = &Column> {
    form.fields().filter(|column| column.kept.is_some())
}

fn compiled(designs: &Designs, form: Id) -> Option<Arc<Form>> {
    let design = designs.published(form).ok()?;
    designs.compiled(design).ok().map(|compiled| compiled.form)
}

/// Whether a figure counts as it did under the former definition of its form.
fn counts_alike(former: Option<&Column>, column: &Column) -> bool {
    former.is_some_and(|former| {
        former.kept == column.kept && former.target == column.target && former.field.kind == column.field.kind
    })
}
