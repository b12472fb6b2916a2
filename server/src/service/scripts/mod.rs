//! Transaction scripts of an app: who administers it writes them, and forms bind them.

mod bench;

use engine::form::Catalogue;
use engine::script::{Case, LONGEST_NAME, MOST_CASES, Script};
use engine::text::{Fault, Faults};
use engine::value::{Id, is_key};
use serde_json::json;
use store::document::{AppDocument, DocumentKind};
use store::{Tx, ids};

pub use bench::{test, try_out};

use super::answer::Answer;
use super::apps::to_json;
use super::audit::{self, Note};
use super::designs::{Designs, InTheWay, ScriptDesign, Source, administers};
use super::once::Key;
use super::people::Caller;
use super::{Cause, Installation, Refusal};

/// The scripts of an app.
///
/// # Errors
/// Not found, forbidden for who does not administer it.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::Script>, Refusal> {
    let app = designs.app_to_administer(app, caller)?.id;
    let view = |design: &ScriptDesign| view(designs, &design.row, &design.source, &design.cases);
    Ok(designs.scripts_of(app).map(view).collect())
}

fn view(designs: &Designs, row: &AppDocument, source: &str, cases: &[Case]) -> wire::Script {
    wire::Script {
        key: row.key.clone(),
        source: source.to_string(),
        version: row.version,
        cases: cases.to_vec(),
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
                    document: to_json(&Source { cases: input.cases.clone(), ..Source::new(&input.source) })?,
                    version: 1,
                };
                check(&designs, &actor, (row.app, &row.key), &input.source)?;
                check_cases(&input.cases)?;
                match row.insert(tx).await {
                    Err(store::Error::Conflict { .. }) => return Err(Refusal::conflict("script_taken")),
                    other => other?,
                }
                noted(&parts, tx, &actor, &row, "script.create").await?;
                Ok(Answer::created(&view(&designs, &row, &input.source, &input.cases))?.version(row.version))
            })
        })
        .await
}

/// Writes a script anew, under another key where that is asked for. Every run that begins after this is by the new text.
///
/// # Errors
/// Not found, forbidden; stale; `script_in_use` and `script_taken` for the key; what is wrong with the script, at `source`.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    (app, key): (String, String),
    version: Option<i64>,
    input: wire::ScriptSource,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = parts.designs.held(&parts.store, tx, actor.workspace_id()).await?;
                let mut row = to_change(&designs, &actor, (&app, &key), version)?;
                let cases = match input.cases {
                    Some(cases) => cases,
                    None => designs.cases_of(row.app, &row.key).to_vec(),
                };
                if let Some(name) = input.key.filter(|name| *name != row.key) {
                    rename(&designs, &actor, &mut row, name)?;
                }
                check(&designs, &actor, (row.app, &row.key), &input.source)?;
                check_cases(&cases)?;
                row.document = to_json(&Source { cases: cases.clone(), ..Source::new(&input.source) })?;
                row.version += 1;
                row.update(tx).await?;
                noted(&parts, tx, &actor, &row, "script.update").await?;
                Ok(Answer::done(&view(&designs, &row, &input.source, &cases))?.version(row.version))
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
                unbound(&designs, &actor, &row)?;
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

/// # Errors
/// `script_in_use` where a form binds it.
fn unbound(designs: &Designs, caller: &Caller, row: &AppDocument) -> Result<(), Refusal> {
    let mut uses = InTheWay::of(designs, caller);
    for form in designs.forms_bound_to(row.app, &row.key) {
        if let Some(design) = designs.forms.get(&form) {
            uses.form(design);
        }
    }
    uses.none_or("script_in_use")
}

/// Forms name a script by its key: one that is bound keeps it.
fn rename(designs: &Designs, caller: &Caller, row: &mut AppDocument, key: String) -> Result<(), Refusal> {
    if !is_key(&key) {
        return Err(Refusal::fault("key", "invalid_key"));
    }
    unbound(designs, caller, row)?;
    if designs.scripts_of(row.app).any(|design| design.row.key == key) {
        return Err(Refusal::conflict("script_taken"));
    }
    row.key = key;
    Ok(())
}

/// Cases have names of their own, and there are not too many of them.
fn check_cases(cases: &[Case]) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    if cases.len() > MOST_CASES {
        faults.push(Fault::new("cases", "too_many").arg("max", MOST_CASES));
    }
    for (place, case) in cases.iter().enumerate() {
        let at = format!("cases.{place}.name");
        if case.name.trim().is_empty() {
            faults.push(Fault::new(at, "required"));
        } else if case.name.chars().count() > LONGEST_NAME {
            faults.push(Fault::new(at, "too_long").arg("max", LONGEST_NAME));
        } else if cases.iter().take(place).any(|before| before.name == case.name) {
            faults.push(Fault::new(at, "twice"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// What a script reads and writes is nobody's right: its author administers the forms that it names. The fields that it sets
/// are those of scripts in every form that binds it.
fn check(
    designs: &Designs,
    caller: &Caller,
    (owner, key): (Id, &str),
    source: &str,
) -> Result<Script, Refusal> {
    let at = |fault: Fault| Fault { path: "source".to_string(), ..fault };
    let script = Script::compile(source);
    let script = script.map_err(|faults| Refusal::invalid(faults.into_iter().map(at).collect()))?;
    let mut faults = Faults::new();
    let app = designs.app_key(owner);
    for name in &script.outline.forms {
        let sketch = Catalogue::form(designs, app, name);
        let design = sketch.and_then(|sketch| designs.forms.get(&sketch.id));
        if !design.is_some_and(|design| designs.administers_form(design, caller)) {
            faults.push(Fault::new("source", "unknown_form").arg("form", name));
        }
    }
    for name in &script.outline.tables {
        let table = designs.table_in(owner, name);
        let owner = table.and_then(|table| designs.apps.get(&table.row.app));
        if !owner.is_some_and(|owner| administers(caller, owner)) {
            faults.push(Fault::new("source", "unknown_table").arg("name", name));
        }
    }
    let bound = designs.forms_bound_to(owner, key);
    let sketches = bound.iter().filter_map(|form| designs.forms.get(form)?.sketch.as_ref());
    for sketch in sketches {
        let closed = sketch.document.closed_to_scripts(&script.outline.sets);
        faults.extend(
            closed.into_iter().map(|field| Fault::new("source", "script_sets_field").arg("field", field)),
        );
    }
    if faults.is_empty() { Ok(script) } else { Err(Refusal::invalid(faults)) }
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
