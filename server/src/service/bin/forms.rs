//! Forms in the recycle bin.

use std::collections::BTreeSet;

use engine::form::{Asked, Form};
use engine::value::Id;
use serde_json::Value as Json;
use store::Tx;
use store::app::App;
use store::bin_line::{BinKind, BinLine};
use store::form::{FormRow, FormVersion};

use super::line::{Binning, key_taken, put};
use super::many::one;
use crate::service::answer::Answer;
use crate::service::apps::{is_key, label, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::designs::{Designs, FormDesign, InTheWay, stored};
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
                may_go(&designs, &actor, design)?;
                let row = FormRow::lock(tx, workspace, design.row.id, false).await?;
                // Of two who delete it at once the second finds nothing.
                let mut row = row.filter(|row| row.deleted_at.is_none()).ok_or_else(Refusal::missing)?;
                row.deleted_at = Some(clock::now());
                row.update(tx).await?;
                let thing = Binning {
                    kind: BinKind::Form,
                    id: row.id,
                    app: row.app,
                    form: None,
                    key: row.key.clone(),
                    label: label(&row.label),
                    document: None,
                    version: row.draft_version,
                };
                put(tx, &actor, thing).await?;
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
fn may_go(designs: &Designs, caller: &Caller, design: &FormDesign) -> Result<(), Refusal> {
    let form = design.row.id;
    let mut uses = InTheWay::of(designs, caller);
    for other in designs.forms.values().filter(|other| other.row.id != form && other.sketch.is_some()) {
        let Ok(compiled) = designs.compiled(other) else { continue };
        // Which of its fields that is, is not for everybody who designs this one.
        if stands_on(&compiled.form).contains(&form) {
            uses.form(other);
        }
    }
    uses.none_or("form_in_use")?;
    let mut uses = InTheWay::of(designs, caller);
    for table in designs.aggregates_of(form) {
        let Ok(aggregate) = designs.aggregate(table) else { continue };
        if aggregate.sources.iter().any(|source| source.form != form) {
            uses.aggregate(table);
        }
    }
    uses.none_or("aggregate_in_use")
}

/// The forms that a form stands on: it links to them, counts their records or asks for them.
pub(super) fn stands_on(form: &Form) -> BTreeSet<Id> {
    let mut forms = BTreeSet::new();
    for column in form.all_columns() {
        forms.extend(column.target);
        if let Some(Asked::Records(asked)) = column.linkage().map(|linkage| linkage.question.of) {
            forms.insert(asked);
        }
    }
    forms.extend(form.figures().map(|figure| figure.form));
    forms
}

/// Takes a form out of the bin, as it was.
///
/// # Errors
/// Not found; `key_taken` where another form has its key by now; `form_broken` where it links to a form that is gone.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    one(installation, caller, key, (BinKind::Form, id), move |designs: &Designs, caller| {
        let design = designs.forms.get(&id).ok_or_else(Refusal::missing)?;
        let version = design.row.draft_version;
        Ok(Answer::done(&forms::view::whole(designs, design, caller)?)?.version(version))
    })
    .await
}

/// As [`restore`], inside a transaction, under a key.
pub async fn restore_in(
    installation: &Installation,
    tx: &mut Tx,
    line: &BinLine,
    key: &str,
) -> Result<(), Refusal> {
    let row = FormRow::lock(tx, line.workspace, line.id, false).await?;
    let mut row = row.filter(|row| row.deleted_at.is_some()).ok_or_else(Refusal::missing)?;
    if FormRow::by_key(tx, row.workspace, row.app, key).await?.is_some() {
        return Err(key_taken());
    }
    if key != row.key {
        rename(tx, &mut row, key).await?;
    }
    row.deleted_at = None;
    match row.update(tx).await {
        // Another one has come in the same moment.
        Err(store::Error::Conflict { .. }) => return Err(key_taken()),
        other => other?,
    }
    installation.designs.changed(tx, row.workspace).await?;
    let designs = Designs::load(tx, row.workspace).await?;
    let design = designs.forms.get(&row.id).ok_or_else(Refusal::missing)?;
    if design.sketch.is_some() {
        // What it links to may have gone since.
        designs.compiled(design).map_err(Refusal::opened)?;
    }
    Ok(())
}

/// Gives a form that nothing else names another key, in its draft and in every version. What it says of itself follows.
async fn rename(tx: &mut Tx, row: &mut FormRow, key: &str) -> Result<(), Refusal> {
    if !is_key(key) {
        return Err(Refusal::fault("key", "invalid_key"));
    }
    let app = App::find(tx, row.workspace, row.app).await?.ok_or_else(Refusal::missing)?;
    let names = Names { own: row.key.clone(), whole: format!("{}/{}", app.key, row.key), new: key };
    let mut draft: Json = stored("form", &row.draft)?;
    if let Some(definition) = draft.get_mut("definition") {
        names.rename(definition);
    }
    row.draft = to_json(&draft)?;
    row.draft_version += 1;
    for mut version in FormVersion::list(tx, row.workspace, row.id).await? {
        let mut document: Json = stored("form_version", &version.document)?;
        names.rename(&mut document);
        version.document = to_json(&document)?;
        version.update(tx).await?;
    }
    follow_elsewhere(tx, row, &app, &names).await?;
    row.key = key.to_string();
    Ok(())
}

/// Versions of other forms that were published while the form had its former key mean it, and go on doing so: whoever takes
/// one up again does not link to the form that has the key by now.
async fn follow_elsewhere(tx: &mut Tx, row: &FormRow, app: &App, names: &Names<'_>) -> Result<(), Refusal> {
    let Some(deleted_at) = row.deleted_at else { return Ok(()) };
    let whole = format!("{}/{}", app.key, names.new);
    // Another app has a form of its own under the bare key.
    let from_afar = Names { own: names.whole.clone(), whole: names.whole.clone(), new: &whole };
    for other in FormRow::list(tx, row.workspace).await? {
        let names = if other.app == row.app { names } else { &from_afar };
        let versions = FormVersion::list(tx, row.workspace, other.id).await?.into_iter();
        for mut version in versions.filter(|one| (row.created_at..=deleted_at).contains(&one.published_at)) {
            let before: Json = stored("form_version", &version.document)?;
            let mut document = before.clone();
            names.follow(&mut document);
            if document != before {
                version.document = to_json(&document)?;
                version.update(tx).await?;
            }
        }
    }
    Ok(())
}

/// How a form was called, and how it is called from now on.
struct Names<'n> {
    own: String,
    whole: String,
    new: &'n str,
}

impl Names<'_> {
    fn rename(&self, definition: &mut Json) {
        if let Some(key) = definition.get_mut("key") {
            *key = Json::String(self.new.to_string());
        }
        self.follow(definition);
    }

    /// Documents name forms in members that are called so.
    fn follow(&self, json: &mut Json) {
        match json {
            Json::Object(members) => {
                for (name, inner) in members {
                    let is_own = |text: &str| text == self.own || text == self.whole;
                    if name == "form" && inner.as_str().is_some_and(is_own) {
                        *inner = Json::String(self.new.to_string());
                    } else {
                        self.follow(inner);
                    }
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|inner| self.follow(inner)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_that_is_called_otherwise_names_itself_so() {
        let field = |form: &str| json!({"key": "parent", "kind": "link", "options": {"form": form}});
        let mut document =
            json!({"key": "order", "fields": [field("order"), field("crm/order"), field("item")]});
        let names = Names { own: "order".into(), whole: "crm/order".into(), new: "order_2" };
        names.rename(&mut document);
        let renamed =
            json!({"key": "order_2", "fields": [field("order_2"), field("order_2"), field("item")]});
        assert_eq!(document, renamed);
    }
}
