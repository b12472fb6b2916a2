//! The draft of a form: what is being designed, until it is published.
//!
//! Every change raises the draft's version. Edits made on an older version are applied all the same where they touch
//! nothing that changed since.

use engine::form::edit::Edit;
use engine::form::{FormDocument, Sketch};
use engine::text::{Fault, Faults};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use store::form::{FormRow, next_number};
use store::{Tx, ids};

use super::around;
use crate::service::answer::Answer;
use crate::service::apps::{is_key, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::designs::{Designs, With, stored};
use crate::service::live_events::Event;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, strict};

/// How many changes are remembered, so that edits on an older draft can be placed.
const REMEMBERED: usize = 500;
/// What a replacement of the whole draft touches.
const EVERYTHING: &str = "*";

/// The draft as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    pub definition: FormDocument,
    /// What the last changes touched, with the version of the draft after each.
    #[serde(default)]
    touched: Vec<(i64, String)>,
}

impl Stored {
    pub fn new(definition: FormDocument) -> Stored {
        Stored { definition, touched: Vec::new() }
    }

    pub fn read(row: &FormRow) -> Result<Stored, Refusal> {
        stored("form", &row.draft)
    }

    /// Notes what a change touched.
    pub(super) fn touch(&mut self, version: i64, what: String) {
        self.touched.push((version, what));
        let surplus = self.touched.len().saturating_sub(REMEMBERED);
        self.touched.drain(..surplus);
    }

    /// What was touched after `base`; `None` when that is not known any more.
    fn touched_since(&self, base: i64, now: i64) -> Option<Vec<&str>> {
        let oldest = self.touched.first().map_or(now, |(version, _)| version - 1);
        (base >= oldest || base == now).then(|| {
            self.touched
                .iter()
                .filter(|(version, _)| *version > base)
                .map(|(_, what)| what.as_str())
                .collect()
        })
    }
}

/// Makes a form with a draft that is `definition`; nothing is published.
///
/// # Errors
/// `form_taken` for a key that the app has already; `invalid_key`.
pub async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    app: Id,
    definition: FormDocument,
) -> Result<FormRow, Refusal> {
    insert_as(tx, caller, app, ids::next(), definition).await
}

/// As [`insert`], with an id that others know already.
///
/// # Errors
/// As for [`insert`].
pub async fn insert_as(
    tx: &mut Tx,
    caller: &Caller,
    app: Id,
    id: Id,
    definition: FormDocument,
) -> Result<FormRow, Refusal> {
    if !is_key(&definition.key) {
        return Err(Refusal::fault("/key", "invalid_key"));
    }
    let workspace = caller.workspace_id();
    let taken = || {
        let faults = vec![Fault::new("/key", "not_unique")];
        Refusal { faults, ..Refusal::conflict("form_taken") }
    };
    if FormRow::by_key(tx, workspace, app, &definition.key).await?.is_some() {
        return Err(taken());
    }
    let row = FormRow {
        workspace,
        id,
        app,
        key: definition.key.clone(),
        number: next_number(tx, "form").await?,
        label: to_json(&definition.label)?,
        icon: definition.icon.clone(),
        version: 0,
        draft: to_json(&Stored::new(definition))?,
        draft_base: 0,
        draft_edits: 0,
        draft_version: 1,
        created_at: clock::now(),
        deleted_at: None,
    };
    match row.insert(tx).await {
        Err(store::Error::Conflict { .. }) => return Err(taken()),
        other => other?,
    }
    let note = Note { action: "form.create", object: Some(row.id), label: Some(&row.key), changes: None };
    audit::note(tx, caller, note).await?;
    Ok(row)
}

/// Changes what somebody may be working on, with what is about to be in force.
///
/// # Errors
/// What `work` says.
pub fn change(
    row: &mut FormRow,
    work: impl FnOnce(&mut FormDocument) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut draft = Stored::read(row)?;
    work(&mut draft.definition)?;
    draft.touch(row.draft_version + 1, EVERYTHING.to_string());
    row.draft = to_json(&draft)?;
    Ok(())
}

/// The draft with everything that stands in the way of publishing it, and what else is worth a look.
///
/// # Errors
/// Not found; forbidden for who does not administer the app.
pub async fn read(installation: &Installation, caller: &Caller, name: &str) -> Result<wire::Draft, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(name, caller)?;
    let row =
        FormRow::find(&mut installation.store.read().await?, caller.workspace_id(), design.row.id).await?;
    let row = row.ok_or_else(Refusal::missing)?;
    view(&designs, &row, &Stored::read(&row)?, caller)
}

fn view(designs: &Designs, row: &FormRow, draft: &Stored, caller: &Caller) -> Result<wire::Draft, Refusal> {
    let published = designs.forms.get(&row.id).and_then(|design| design.sketch.as_ref());
    let app = designs.app_key(row.app).to_string();
    let sketch = Arc::new(Sketch { id: row.id, app, document: draft.definition.clone() });
    let with = With { designs, sketch };
    // What is gone is called as it is in the form in force.
    let was_called = |path: &str| published?.document.label_at(path);
    let named = |fault: Fault| {
        let rows = draft.definition.rows_at(&fault.path);
        draft.definition.told_removed(fault, rows, &was_called)
    };
    let told = |faults: Faults| {
        let faults: Faults = faults.into_iter().map(named).collect();
        super::view::errors(&faults, caller.language())
    };
    Ok(wire::Draft {
        definition: serde_json::to_value(&draft.definition).map_err(Refusal::internal)?,
        base: row.draft_version,
        changed: published.is_none_or(|sketch| sketch.document != draft.definition),
        edits: row.draft_edits,
        problems: told(problems(&with, caller)),
        warnings: told(around::warnings(&with, caller)),
    })
}

/// What publishing the definition would find, as far as its designer may know it.
fn problems(with: &With<'_>, caller: &Caller) -> Faults {
    let unseen = around::unseen(with, caller);
    if !unseen.is_empty() {
        return unseen;
    }
    match engine::form::Form::publish(with.sketch.clone(), 1, with) {
        Ok(form) => around::holding(with, caller, &form),
        Err(faults) => faults,
    }
}

/// Replaces the whole draft.
///
/// # Errors
/// Not found, forbidden; stale when it changed since `version`; faults of the document's shape; `key_is_fixed`.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    name: String,
    version: Option<i64>,
    definition: Json,
) -> Result<Answer, Refusal> {
    let definition: FormDocument = strict::document(definition)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (designs, row) = lock(tx, &actor, &name).await?;
                let mut draft = Stored::read(&row)?;
                if version.is_some_and(|version| version != row.draft_version) {
                    return Err(stale(&designs, &row, &draft, &actor)?);
                }
                if definition.key != row.key {
                    return Err(Refusal::fault("/key", "key_is_fixed"));
                }
                draft.definition = definition;
                draft.touch(row.draft_version + 1, EVERYTHING.to_string());
                store(&parts, tx, &designs, row, draft, 1, &actor).await
            })
        })
        .await
}

/// Applies editor commands.
///
/// # Errors
/// As for [`replace`]; `edits_collide` with the draft, where they touch what somebody else changed.
pub async fn edit(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    name: String,
    input: wire::Edits,
) -> Result<Answer, Refusal> {
    let edits: Vec<Edit> = strict::document(Json::Array(input.edits)).map_err(|mut refusal| {
        for fault in &mut refusal.faults {
            fault.path = format!("/edits{}", fault.path);
        }
        refusal
    })?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let (designs, row) = lock(tx, &actor, &name).await?;
                let mut draft = Stored::read(&row)?;
                let collide = match draft.touched_since(input.base, row.draft_version) {
                    None => true,
                    Some(touched) => edits.iter().any(|edit| {
                        let what = edit.touches();
                        touched.iter().any(|other| *other == EVERYTHING || Edit::collide(other, &what))
                    }),
                };
                if collide {
                    let current = serde_json::to_value(view(&designs, &row, &draft, &actor)?);
                    let refusal = Refusal::conflict("edits_collide");
                    return Err(refusal.member("current", current.map_err(Refusal::internal)?));
                }
                for (place, edit) in edits.iter().enumerate() {
                    edit.apply(&mut draft.definition).map_err(|fault| {
                        let path = format!("/edits/{place}{}", fault.path);
                        Refusal::invalid(vec![Fault { path, ..fault }])
                    })?;
                    draft.touch(row.draft_version + 1, edit.touches());
                }
                let count = i64::try_from(edits.len()).unwrap_or(i64::MAX);
                store(&parts, tx, &designs, row, draft, count, &actor).await
            })
        })
        .await
}

/// The form's row, kept from others, for one who may design it.
pub async fn lock(tx: &mut Tx, caller: &Caller, name: &str) -> Result<(Designs, FormRow), Refusal> {
    let designs = Designs::load(tx, caller.workspace_id()).await?;
    let id = designs.form_to_administer(name, caller)?.row.id;
    let row = FormRow::lock(tx, caller.workspace_id(), id, false).await?;
    Ok((designs, row.ok_or_else(Refusal::missing)?))
}

fn stale(designs: &Designs, row: &FormRow, draft: &Stored, caller: &Caller) -> Result<Refusal, Refusal> {
    let current = serde_json::to_value(view(designs, row, draft, caller)?).map_err(Refusal::internal)?;
    Ok(Refusal::new(Cause::Stale, "stale").member("current", current))
}

/// Tells those who design the form too, once the draft is stored.
pub(super) fn tell(installation: &Installation, tx: &mut Tx, row: &FormRow, caller: &Caller) {
    let (live, workspace) = (installation.live.clone(), row.workspace);
    let news = Event::Draft {
        form: row.id,
        base: row.draft_version,
        by: caller.id(),
        name: caller.member.name.clone(),
    };
    tx.on_commit(move || live.send(workspace, news));
}

/// Stores a draft that was changed by so many edits.
pub(super) async fn store(
    installation: &Installation,
    tx: &mut Tx,
    designs: &Designs,
    mut row: FormRow,
    draft: Stored,
    edits: i64,
    caller: &Caller,
) -> Result<Answer, Refusal> {
    row.draft = to_json(&draft)?;
    row.draft_version += 1;
    row.draft_edits += edits;
    if row.version == 0 {
        row.label = to_json(&draft.definition.label)?;
        row.icon.clone_from(&draft.definition.icon);
    }
    row.update(tx).await?;
    let changes = Some(json!({ "version": row.draft_version, "edits": edits }));
    let note = Note { action: "form.edit", object: Some(row.id), label: Some(&row.key), changes };
    audit::note(tx, caller, note).await?;
    if row.version == 0 {
        installation.designs.changed(tx, row.workspace).await?;
    }
    tell(installation, tx, &row, caller);
    Ok(Answer::done(&view(designs, &row, &draft, caller)?)?.version(row.draft_version))
}
