//! Publishing: the draft is checked, becomes a version that never changes, and gets its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::condition::{Checked, Reach};
use engine::field::FieldKind;
use engine::form::{Column, Form, FormDocument, Sketch};
use engine::text::{Fault, Faults};
use engine::value::{Id, format_timestamp};
use serde_json::{Value as Json, json};
use store::form::{FormRow, FormVersion};
use store::{Reader, Tx};

use super::draft::{self, Stored};
use super::recompute::recompute;
use super::{around, newly, settle_search};
use crate::service::aggregates::follow_form;
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::designs::{Designs, InTheWay, Republished, With, administers, pattern_reads, stored};
use crate::service::flows::rereading;
use crate::service::live_events::Event;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, dashboards, figures, hooks, links, strict};

/// Makes a form from its document: published at once, or as a draft where the document says `draft: true`.
///
/// # Errors
/// Not found, forbidden for the app; every fault of the document; `form_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    app: String,
    mut document: Json,
) -> Result<Answer, Refusal> {
    let as_draft = match document.as_object_mut().and_then(|members| members.remove("draft")) {
        None => false,
        Some(Json::Bool(as_draft)) => as_draft,
        Some(_) => return Err(Refusal::fault("/draft", "wrong_type")),
    };
    let definition: FormDocument = strict::document(document)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = parts.designs.newest(&parts.store, tx, actor.workspace_id()).await?;
                let app = designs.app_to_administer(&app, &actor)?.id;
                let row = draft::insert(tx, &actor, app, definition).await?;
                let id = row.id;
                let designs = if as_draft {
                    parts.designs.changed(tx, row.workspace).await?;
                    Arc::new(Designs::load(tx, row.workspace).await?)
                } else {
                    let designs = parts.designs.held(&parts.store, tx, row.workspace).await?;
                    let form = compile(&designs, &actor, &row)?;
                    publish_row(&parts, tx, &actor, row, (&*designs, &*form)).await?.designs
                };
                let design = designs.forms.get(&id).ok_or_else(Refusal::missing)?;
                let version = design.row.draft_version;
                Ok(Answer::created(&super::view::whole(&designs, design, &actor)?)?.version(version))
            })
        })
        .await
}

/// Publishes the draft. It is compiled, and all forms of the workspace against it, before the transaction, which holds the
/// only writer; the transaction looks whether anything that this stood on has changed since, and if so does it anew.
///
/// # Errors
/// Not found, forbidden; every fault of the draft, with JSON pointers; `form_in_use` where another form, or a group,
/// would break, `aggregate_in_use` where an aggregate table would.
pub async fn publish(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    name: String,
) -> Result<Answer, Refusal> {
    let trial = Arc::new(Trial::of(installation, caller, &name).await?);
    let (parts, actor) = (installation.clone(), caller.clone());
    let runtime = tokio::runtime::Handle::current();
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let row = FormRow::lock(tx, workspace, trial.form, false).await?;
                let row = row.ok_or_else(Refusal::missing)?;
                let designs = parts.designs.held(&parts.store, tx, workspace).await?;
                designs.form_to_administer(&trial.form.to_string(), &actor)?;
                let form = if trial.stands_on(&designs, &row) {
                    trial.outcome.clone()?
                } else {
                    compile(&designs, &actor, &row)?
                };
                // By a form that does not fit what it leads to nothing was open.
                let before = in_force(&designs, row.id);
                check_opened(tx, &actor, &designs, (before.as_deref(), &form)).await?;
                let published = publish_row(&parts, tx, &actor, row, (&*designs, &*form)).await?;
                let row = published.row;
                if published.has_moved {
                    rereading::begin(tx, &parts, &actor, runtime, row.id).await?;
                }
                Ok(Answer::done(&wire::Published { version: row.version })?.version(row.draft_version))
            })
        })
        .await
}

/// A draft as it compiled, and what that stood on.
struct Trial {
    form: Id,
    draft_version: i64,
    designs: Arc<Designs>,
    /// Kept where it failed, too: whoever sends a request again gets the answer of the first time before this one.
    outcome: Result<Arc<Form>, Refusal>,
}

impl Trial {
    async fn of(installation: &Installation, caller: &Caller, name: &str) -> Result<Trial, Refusal> {
        let workspace = caller.workspace_id();
        let designs = installation.designs.get(&installation.store, workspace).await?;
        let form = designs.form_to_administer(name, caller)?.row.id;
        let row = FormRow::find(&mut installation.store.read().await?, workspace, form).await?;
        let row = row.ok_or_else(Refusal::missing)?;
        let outcome = compile(&designs, caller, &row);
        Ok(Trial { form, draft_version: row.draft_version, designs, outcome })
    }

    /// Whether it is still the draft, among the same designs.
    fn stands_on(&self, designs: &Arc<Designs>, row: &FormRow) -> bool {
        self.draft_version == row.draft_version && Arc::ptr_eq(&self.designs, designs)
    }
}

/// The draft as its next version, which everything else that is designed goes on working with.
///
/// # Errors
/// Every fault of it, and of what it would break.
pub fn compile(designs: &Designs, caller: &Caller, row: &FormRow) -> Result<Arc<Form>, Refusal> {
    let definition = Stored::read(row)?.definition;
    let app = designs.app_key(row.app).to_string();
    let sketch = Arc::new(Sketch { id: row.id, app, document: definition });
    let with = With { designs, sketch: sketch.clone() };
    let number = u32::try_from(row.version + 1).map_err(Refusal::internal)?;
    // First of all: what is found among all forms would tell of those that the designer does not see.
    none(around::unseen(&with, caller))?;
    let form = Form::publish(sketch, number, &with).map_err(Refusal::invalid)?;
    none(around::holding(&with, caller, &form))?;
    let before = in_force(designs, row.id);
    // Nobody names a form that was never in force.
    if row.version > 0 {
        check_others(designs, caller, &with, row.id)?;
    }
    check_reads(&with, caller, &form, before.as_deref())?;
    check_within(caller, &form)?;
    check_scripts(&with, caller, &form, before.as_deref())?;
    Ok(Arc::new(form))
}

/// What a script writes is nobody's right: whoever newly binds one to a form administers the app that it belongs to.
fn check_scripts(
    with: &With<'_>,
    caller: &Caller,
    form: &Form,
    before: Option<&Form>,
) -> Result<(), Refusal> {
    let known = before.map(|before| &before.sketch.document.scripts);
    for (place, binding) in form.sketch.document.scripts.iter().enumerate() {
        if known.is_some_and(|known| known.contains(binding)) {
            continue;
        }
        let design = with.designs.script_named(&with.sketch.app, &binding.script);
        let app = design.and_then(|design| with.designs.apps.get(&design.row.app));
        if !app.is_some_and(|app| administers(caller, app)) {
            let fault = Fault::new(format!("/scripts/{place}/script"), "script_not_administered");
            return Err(Refusal::invalid(vec![fault.arg("name", &binding.script)]));
        }
    }
    Ok(())
}

fn none(faults: Faults) -> Result<(), Refusal> {
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// Whoever a field says can be chosen must be there: members, departments and roles of this workspace.
fn check_within(caller: &Caller, form: &Form) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    let fields = form.sketch.document.fields.iter().enumerate();
    let placed = fields.flat_map(|(place, field)| {
        let columns = field.columns().iter().enumerate();
        let columns =
            columns.map(move |(inner, column)| (format!("/fields/{place}/options/fields/{inner}"), column));
        std::iter::once((format!("/fields/{place}"), field)).chain(columns)
    });
    for (pointer, field) in placed {
        for (inner, name) in field.kind.within().iter().enumerate() {
            if !caller.people.knows_within(name) {
                faults.push(Fault::new(format!("{pointer}/options/within/{inner}"), "not_an_id"));
            }
        }
    }
    none(faults)
}

/// The form as it is in force; absent before its first version.
pub(super) fn in_force(designs: &Designs, form: Id) -> Option<Arc<Form>> {
    let design = designs.forms.get(&form).filter(|design| design.sketch.is_some())?;
    designs.compiled(design).ok().map(|compiled| compiled.form)
}

/// A form that was put in force.
struct InForce {
    row: FormRow,
    /// Everything that is designed, as it is then.
    designs: Arc<Designs>,
    /// Whether values of its records may be others now.
    has_moved: bool,
}

/// Puts the draft of a form in force inside a transaction, compiled among these designs.
async fn publish_row(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    row: FormRow,
    (designs, form): (&Designs, &Form),
) -> Result<InForce, Refusal> {
    let before = in_force(designs, row.id);
    let (row, taken_over) = put_in_force(installation, tx, caller, row, form, before.as_deref()).await?;
    let mut now = Arc::new(Designs::load(tx, row.workspace).await?);
    // Others go by this form behind their links, and so do its groups and its flow.
    newly::check(designs, &now, caller)?;
    if dashboards::come_whole(tx, caller, designs, &now).await? {
        now = Arc::new(Designs::load(tx, row.workspace).await?);
    }
    // What is computed may read figures of its own record, and be counted in others.
    let nothing = BTreeSet::new();
    let republished =
        Republished { was: designs, now: &now, before: before.as_deref(), form, recomputed: &nothing };
    figures::follow_form(tx, caller, &republished).await?;
    let recomputed = recompute(installation, tx, caller, (&now, form), &taken_over).await?;
    let republished = Republished { recomputed: &recomputed, ..republished };
    follow_form(installation, tx, caller, &republished).await?;
    if !recomputed.is_empty() {
        figures::follow_form(tx, caller, &republished).await?;
    }
    settle_search(tx, &now, &BTreeSet::from([row.id])).await?;
    draft::tell(installation, tx, &row, caller);
    installation.designs.becomes(tx, row.workspace, now.clone()).await?;
    let (live, workspace) = (installation.live.clone(), row.workspace);
    let news = Event::Form { form: row.id, version: row.version };
    tx.on_commit(move || live.send(workspace, news));
    Ok(InForce { row, designs: now, has_moved: !taken_over.is_empty() })
}

/// Whoever designs a form may see what the form newly reads behind its links: what it computes of it, or is called by, is
/// seen by all of its own people. What it keeps, or decides by, goes on when its designer sees a record no more; so does what
/// it shows where a dashboard counts it with eyes for every record.
fn check_reads(with: &With<'_>, caller: &Caller, form: &Form, before: Option<&Form>) -> Result<(), Refusal> {
    if caller.is_administrator() {
        return Ok(());
    }
    let title = |form: &Form| pattern_reads(form.sketch.document.title.as_deref(), form, with);
    let read_by =
        |form: &Form| -> BTreeSet<Reach> { form.link_reads().iter().cloned().chain(title(form)).collect() };
    // The requests of a flow keep their names.
    let design = with.designs.forms.get(&form.sketch.id);
    let has_flow = design.is_some_and(|design| design.flow.is_some());
    let decided_by = |form: &Form| -> BTreeSet<Reach> {
        let name = title(form).into_iter().filter(|_| has_flow);
        form.deciding_reads().into_iter().chain(name).collect()
    };
    let new = |reads: &dyn Fn(&Form) -> BTreeSet<Reach>| -> Vec<Reach> {
        let known = before.map(reads).unwrap_or_default();
        reads(form).difference(&known).cloned().collect()
    };
    with.designs.may_read_behind(caller, &new(&read_by))?;
    with.designs.may_decide_behind(caller, &new(&decided_by))?;
    let elsewhere = led_elsewhere(form, before);
    let is_other = !elsewhere.is_empty() || computes_otherwise(form, before);
    if is_other && with.designs.counted_for_all().contains(&form.sketch.id) {
        // What a dashboard counts with eyes for every record is told to its readers, whoever looks.
        with.designs.may_decide_behind(caller, &Vec::from_iter(read_by(form)))?;
        // And what the records are called by which it groups.
        for target in elsewhere {
            with.designs.may_name_all(caller, target)?;
        }
    }
    for counted in counted_forms(with, form, before)?.into_iter().chain(asked_forms(form, before)) {
        with.designs.may_count_all(caller, counted)?;
    }
    Ok(())
}

/// The forms that fields lead to which were there before, and led to another form or to none.
fn led_elsewhere(form: &Form, before: Option<&Form>) -> BTreeSet<Id> {
    let Some(before) = before else { return BTreeSet::new() };
    let is_turned =
        |column: &&Column| before.column(&column.path).is_some_and(|known| known.target != column.target);
    form.all_columns().filter(is_turned).filter_map(|column| column.target).collect()
}

/// Whether what a form computes and shows of others is made otherwise than before.
fn computes_otherwise(form: &Form, before: Option<&Form>) -> bool {
    let stands = |column: &Column| {
        let known = before.and_then(|before| before.column(&column.path)).map(|known| &known.field);
        known.is_some_and(|known| known.kind == column.field.kind && known.compute == column.field.compute)
    };
    form.all_columns().filter(|column| !column.field.is_input()).any(|column| !stands(column))
}

/// What the form's links and hooks newly open of other forms is for whoever publishes it to see.
pub(super) async fn check_opened(
    db: &mut Reader,
    caller: &Caller,
    designs: &Designs,
    versions: (Option<&Form>, &Form),
) -> Result<(), Refusal> {
    links::change::may_publish(db, caller, designs, versions).await?;
    hooks::change::may_publish(db, caller, designs, versions).await
}

/// The forms whose records the formulas of a form newly count, and those that counting reads behind links.
fn asked_forms(form: &Form, before: Option<&Form>) -> BTreeSet<Id> {
    let figures = |form: &Form| -> BTreeSet<(Id, String)> {
        form.figures().map(|figure| (figure.form, figure.written.clone())).collect()
    };
    let known = before.map(figures).unwrap_or_default();
    let new = form.figures().filter(|figure| !known.contains(&(figure.form, figure.written.clone())));
    let mut asked = BTreeSet::new();
    for figure in new {
        asked.insert(figure.form);
        asked.extend(figure.reaches().into_iter().flat_map(|reach| reach.hops.iter().map(|(_, form)| *form)));
    }
    // What its own records hold is the form's own business.
    asked.remove(&form.sketch.id);
    asked
}

/// The forms whose records the rollups of a form newly count, and those that counting reads behind links.
fn counted_forms(with: &With<'_>, form: &Form, before: Option<&Form>) -> Result<BTreeSet<Id>, Refusal> {
    let mut counted = BTreeSet::new();
    for column in form.fields() {
        let (FieldKind::Rollup(rollup), Some(target)) = (&column.field.kind, column.target) else { continue };
        let known = before.and_then(|before| before.column(&column.path));
        if known.is_some_and(|known| known.field.kind == column.field.kind) {
            continue;
        }
        let value = rollup.field.as_deref().map(|field| counted_at(with, form, target, field)).transpose()?;
        let condition = column.filter.iter().flat_map(Checked::reaches);
        let behind = condition.chain(value.flatten()).flat_map(|reach| reach.hops);
        counted.insert(target);
        counted.extend(behind.map(|(_, form)| form));
    }
    Ok(counted)
}

/// Where a rollup finds what it counts, in a form that may be the very one that is published.
fn counted_at(with: &With<'_>, form: &Form, target: Id, field: &str) -> Result<Option<Reach>, Refusal> {
    let found = if target == form.sketch.id {
        form.find(field, with)
    } else {
        let Ok(design) = with.designs.published(target) else { return Ok(None) };
        with.designs.compiled(design)?.form.find(field, with)
    };
    found.map(|(reach, _)| Some(reach)).map_err(|fault| Refusal::invalid(vec![fault]))
}

/// Stores a published definition as the newest version of its form, with its tables; gives the paths of the fields that
/// took values over, too.
///
/// # Errors
/// When the database refuses it.
pub async fn put_in_force(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    mut row: FormRow,
    form: &Form,
    before: Option<&Form>,
) -> Result<(FormRow, BTreeSet<String>), Refusal> {
    let now = clock::now();
    let definition = &form.sketch.document;
    let version = i64::from(form.version);
    row.version = version;
    row.label = to_json(&definition.label)?;
    row.icon.clone_from(&definition.icon);
    row.draft_base = version;
    row.draft_edits = 0;
    row.draft_version += 1;
    row.update(tx).await?;
    let published = FormVersion {
        workspace: row.workspace,
        form: row.id,
        version,
        document: to_json(definition)?,
        published_at: now,
        published_by: Some(caller.id()),
    };
    published.insert(tx).await?;
    let tables = store::table::publish(tx, row.workspace, form, before, now).await;
    let taken_over = tables.map_err(|error| held_twice(form, error))?;
    let changes = Some(json!({ "version": version }));
    let note = Note { action: "form.publish", object: Some(row.id), label: Some(&row.key), changes };
    audit::note(tx, caller, note).await?;
    installation.designs.changed(tx, row.workspace).await?;
    Ok((row, taken_over))
}

/// The refusal of a rule that no two records may have the same value, where some do.
pub(super) fn held_twice(form: &Form, error: store::Error) -> Refusal {
    let store::Error::NotUnique { fields: paths } = error else { return error.into() };
    let document = &form.sketch.document;
    let faults = paths.iter().map(|path| {
        let place = document.fields.iter().position(|field| field.key == *path).unwrap_or_default();
        let fault = Fault::new(format!("/fields/{place}/unique"), "held_twice");
        Fault { label: document.label_at(path), ..fault }
    });
    Refusal { faults: faults.collect(), ..Refusal::conflict("not_unique") }
}

/// Forms that link here are compiled against the new definition: what they name must still be there.
fn check_others(designs: &Designs, caller: &Caller, with: &With, changed: Id) -> Result<(), Refusal> {
    let (mut uses, mut told) = (InTheWay::of(designs, caller), Faults::new());
    for other in designs.forms.values().filter(|other| other.row.id != changed) {
        let Some(sketch) = &other.sketch else { continue };
        // One that was broken before does not stand in the way.
        let was_right = designs.compiled(other).is_ok();
        if let Err(faults) = Form::compile(sketch.clone(), 1, with)
            && was_right
            && uses.form(other)
        {
            // What the fields of the other form are called is not for everybody who may change this one.
            let unnamed = |fault: Fault| {
                let (path, names) = (String::new(), BTreeMap::new());
                Fault { path, names, label: None, ..fault }
            };
            told.extend(faults.into_iter().map(unnamed));
        }
    }
    if uses.is_empty() { Ok(()) } else { Err(Refusal { faults: told, ..uses.refuse("form_in_use") }) }
}

/// The published versions, newest first.
///
/// # Errors
/// Not found, forbidden.
pub async fn versions(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<Vec<wire::FormVersion>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let id = designs.form_to_administer(name, caller)?.row.id;
    let versions =
        FormVersion::list(&mut installation.store.read().await?, caller.workspace_id(), id).await?;
    let view = |version: FormVersion| wire::FormVersion {
        version: version.version,
        published_at: format_timestamp(version.published_at),
        published_by: version.published_by,
    };
    Ok(versions.into_iter().map(view).collect())
}

/// The document of a published version.
///
/// # Errors
/// Not found, forbidden.
pub async fn version(
    installation: &Installation,
    caller: &Caller,
    name: &str,
    version: i64,
) -> Result<FormDocument, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let id = designs.form_to_administer(name, caller)?.row.id;
    let mut db = installation.store.read().await?;
    let found = FormVersion::find(&mut db, caller.workspace_id(), id, version).await?;
    stored("form", &found.ok_or_else(Refusal::missing)?.document)
}
