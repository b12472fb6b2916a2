//! Transaction scripts of an app: who administers it writes them, and forms bind them.

use engine::form::Catalogue;
use engine::script::Script;
use engine::text::{Fault, Faults};
use engine::value::is_key;
use serde_json::json;
use store::document::{AppDocument, DocumentKind};
use store::{Tx, ids};

use super::answer::Answer;
use super::apps::to_json;
use super::audit::{self, Note};
use super::designs::{Designs, ScriptDesign, Source};
use super::once::Key;
use super::people::Caller;
use super::{Cause, Installation, Refusal};

/// The scripts of an app.
///
/// # Errors
/// Not found, forbidden for who does not administer it.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::Script>, Refusal> {
    let app = designs.app_to_administer(app, caller)?.id;
    let view = |design: &ScriptDesign| view(designs, &design.row, &design.source);
    Ok(designs.scripts_of(app).map(view).collect())
}

fn view(designs: &Designs, row: &AppDocument, source: &str) -> wire::Script {
    wire::Script {
        key: row.key.clone(),
        source: source.to_string(),
        version: row.version,
        forms: designs.forms_bound_to(row.app, &row.key),
    }
}

/// # Errors
/// Not found, forbidden; `script_taken`; what is wrong with the script, at `source`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    app: String,
    input: wire::ScriptInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let app = designs.app_to_administer(&app, &actor)?.id;
                if !is_key(&input.key) {
                    return Err(Refusal::fault("key", "invalid_key"));
                }
                let row = AppDocument {
                    workspace: actor.workspace_id(),
                    id: ids::next(),
                    app,
                    kind: DocumentKind::Script,
                    key: input.key,
                    document: to_json(&Source::new(&input.source))?,
                    version: 1,
                };
                check(&designs, &actor, &row, &input.source)?;
                match row.insert(tx).await {
                    Err(store::Error::Conflict { .. }) => return Err(Refusal::conflict("script_taken")),
                    other => other?,
                }
                noted(&parts, tx, &actor, &row, "script.create").await?;
                Ok(Answer::created(&view(&designs, &row, &input.source))?.version(row.version))
            })
        })
        .await
}

/// Writes a script anew. Every run that begins after this is by the new text.
///
/// # Errors
/// Not found, forbidden; stale; what is wrong with the script, at `source`.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    (app, key): (String, String),
    version: Option<i64>,
    source: String,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let mut row = to_change(&designs, &actor, (&app, &key), version)?;
                check(&designs, &actor, &row, &source)?;
                row.document = to_json(&Source::new(&source))?;
                row.version += 1;
                row.update(tx).await?;
                noted(&parts, tx, &actor, &row, "script.update").await?;
                Ok(Answer::done(&view(&designs, &row, &source))?.version(row.version))
            })
        })
        .await
}

/// # Errors
/// Not found, forbidden; stale; `script_in_use` where a form binds it.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    (app, key): (String, String),
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                actor.may_change()?;
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let row = to_change(&designs, &actor, (&app, &key), version)?;
                let bound = designs.forms_bound_to(row.app, &row.key);
                if let Some(form) = bound.first().and_then(|form| designs.forms.get(form)) {
                    return Err(Refusal::conflict("script_in_use").arg("form", &form.row.key));
                }
                AppDocument::delete(tx, row.workspace, row.id).await?;
                noted(&parts, tx, &actor, &row, "script.delete").await
            })
        })
        .await
}

fn to_change(
    designs: &Designs,
    caller: &Caller,
    (app, key): (&str, &str),
    version: Option<i64>,
) -> Result<AppDocument, Refusal> {
    let app = designs.app_to_administer(app, caller)?.id;
    let design = designs.scripts_of(app).find(|design| design.row.key == key);
    let row = design.ok_or_else(Refusal::missing)?.row.clone();
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    Ok(row)
}

/// What a script reads and writes is nobody's right: its author administers the forms that it names. The fields that it sets
/// are those of scripts in every form that binds it.
fn check(designs: &Designs, caller: &Caller, row: &AppDocument, source: &str) -> Result<(), Refusal> {
    let at = |fault: Fault| Fault { path: "source".to_string(), ..fault };
    let script = Script::compile(source);
    let script = script.map_err(|faults| Refusal::invalid(faults.into_iter().map(at).collect()))?;
    let mut faults = Faults::new();
    let app = designs.app_key(row.app);
    for name in &script.outline.forms {
        let sketch = Catalogue::form(designs, app, name);
        let design = sketch.and_then(|sketch| designs.forms.get(&sketch.id));
        if !design.is_some_and(|design| designs.administers_form(design, caller)) {
            faults.push(Fault::new("source", "unknown_form").arg("form", name));
        }
    }
    let bound = designs.forms_bound_to(row.app, &row.key);
    let sketches = bound.iter().filter_map(|form| designs.forms.get(form)?.sketch.as_ref());
    for sketch in sketches {
        let closed = sketch.document.closed_to_scripts(&script.outline.sets);
        faults.extend(
            closed.into_iter().map(|field| Fault::new("source", "script_sets_field").arg("field", field)),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

async fn noted(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    row: &AppDocument,
    action: &str,
) -> Result<(), Refusal> {
    let changes = Some(json!({"app": row.app, "version": row.version}));
    audit::note(tx, caller, Note { action, object: Some(row.id), label: Some(&row.key), changes }).await?;
    installation.designs.changed(tx, row.workspace).await
}
