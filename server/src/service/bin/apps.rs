//! Apps in the recycle bin.

use std::collections::{BTreeMap, BTreeSet};

use engine::text::Label;
use engine::value::Id;
use serde_json::Value as Json;
use store::Tx;
use store::aggregate::AggregateRow;
use store::app::App;
use store::bin_line::{BinKind, BinLine};
use store::document::{AppDocument, DocumentKind};
use store::flow::FlowVersion;
use store::form::{FormRow, FormVersion};

use super::forms::stands_on;
use super::line::{Binning, key_taken, put};
use super::many::one;
use crate::service::answer::Answer;
use crate::service::apps::{self, is_key, label};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, InTheWay, stored};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Notes that an app lies in the bin from now on.
///
/// # Errors
/// When the database can't be written.
pub async fn put_app(tx: &mut Tx, caller: &Caller, app: &App) -> Result<(), Refusal> {
    let thing = Binning {
        kind: BinKind::App,
        id: app.id,
        app: app.id,
        form: None,
        key: app.key.clone(),
        label: label(&app.label),
        document: None,
        version: app.version,
    };
    put(tx, caller, thing).await
}

/// Refuses to take an app from under what others have made: forms that would not work any more, and tables that count its forms
/// beside others. Where its own forms stand on theirs in turn, directly or through further ones, one of them has to go first: what
/// no longer works rests until it is back, as dashboards and reports do
/// (docs/decisions/0077).
///
/// # Errors
/// `app_in_use`, with what the caller may know of.
pub fn may_go(was: &Designs, left: &Designs, caller: &Caller, app: Id) -> Result<(), Refusal> {
    let (bound, mut uses) = (stood_on(was, app), InTheWay::of(was, caller));
    for design in was.forms_broken_in(left).filter(|design| !bound.contains(&design.row.app)) {
        uses.form(design);
    }
    for table in was.aggregates.values().filter(|table| !bound.contains(&table.row.app)) {
        let Ok(aggregate) = was.aggregate(table) else { continue };
        let stay = aggregate.sources.iter().filter(|source| left.forms.contains_key(&source.form)).count();
        if stay > 0 && stay < aggregate.sources.len() {
            uses.aggregate(table);
        }
    }
    uses.none_or("app_in_use")
}

/// The app, with those whose forms its own stand on, directly or through further ones.
fn stood_on(designs: &Designs, app: Id) -> BTreeSet<Id> {
    let mut steps: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for design in designs.forms.values() {
        let Ok(compiled) = designs.compiled(design) else { continue };
        let there = stands_on(&compiled.form).into_iter().filter_map(|form| designs.forms.get(&form));
        steps.entry(design.row.app).or_default().extend(there.map(|there| there.row.app));
    }
    let (mut seen, mut ahead) = (BTreeSet::from([app]), vec![app]);
    while let Some(at) = ahead.pop() {
        let next = steps.get(&at).into_iter().flatten().copied();
        ahead.extend(next.filter(|app| seen.insert(*app)));
    }
    seen
}

/// Takes an app out of the bin, with its forms and all that belongs to them. Things that lay there by themselves stay.
///
/// # Errors
/// Not found; `key_taken` where another app has its key by now.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    one(installation, caller, key, (BinKind::App, id), move |designs: &Designs, caller| {
        let app = designs.apps.get(&id).ok_or_else(Refusal::missing)?;
        Ok(Answer::done(&apps::view(app, caller))?.version(app.version))
    })
    .await
}

/// As [`restore`], inside a transaction, under a key. What names its forms by the key that it had means these: where anything does,
/// it comes back under no other, lest that leads to the app that has the key by now.
///
/// # Errors
/// Not found; `key_taken`; `app_named` for another key, with what the caller may know of.
pub async fn restore_in(tx: &mut Tx, caller: &Caller, line: &BinLine, key: &str) -> Result<(), Refusal> {
    if !is_key(key) {
        return Err(Refusal::fault("key", "invalid_key"));
    }
    let app = App::find(tx, line.workspace, line.id).await?;
    let mut app = app.filter(|app| app.deleted_at.is_some()).ok_or_else(Refusal::missing)?;
    if App::by_key(tx, line.workspace, key).await?.is_some() {
        return Err(key_taken());
    }
    if key != app.key {
        check_naming(tx, caller, &app).await?;
    }
    app.key = key.to_string();
    app.deleted_at = None;
    app.version += 1;
    match app.update(tx).await {
        // Another one has come in the same moment.
        Err(store::Error::Conflict { .. }) => Err(key_taken()),
        other => Ok(other?),
    }
}

/// Refuses another key where something names a thing of the app in the bin by its whole name, `app/key`: a form or a flow in force
/// that was published while the app had the key, also in an app that lies in the bin itself; or a table, a dashboard or a report of
/// its own.
///
/// # Errors
/// `app_named`, with what the caller may know of.
async fn check_naming(tx: &mut Tx, caller: &Caller, app: &App) -> Result<(), Refusal> {
    let Some(deleted_at) = app.deleted_at else { return Ok(()) };
    let designs = Designs::load(tx, app.workspace).await?;
    let mut uses = InTheWay::of(&designs, caller);
    let begin = format!("\"{}/", app.key);
    let forms = FormVersion::in_force(tx, app.workspace).await?.into_iter();
    let flows = FlowVersion::in_force(tx, app.workspace).await?.into_iter();
    let forms = forms.map(|it| (it.form, it.published_at, it.document));
    let flows = flows.map(|it| (it.form, it.published_at, it.document));
    // Before and after, another app had the key, or has it.
    let named = forms.chain(flows).filter(|(_, published, document)| {
        (app.created_at..=deleted_at).contains(published) && document.contains(&begin)
    });
    let named: BTreeSet<Id> = named.map(|(form, ..)| form).collect();
    for form in named {
        if let Some(design) = designs.forms.get(&form) {
            uses.form(design);
        } else if let Some(row) = FormRow::find(tx, app.workspace, form).await?
            && let Some(of) = App::find(tx, app.workspace, row.app).await?
        {
            uses.away("form", (row.id, label(&row.label)), &of);
        }
    }
    for table in AggregateRow::of_app(tx, app.workspace, app.id).await? {
        if table.document.contains(&begin) {
            uses.away("aggregate", (table.id, called(&table.document)?), app);
        }
    }
    for (object, kind) in [("dashboard", DocumentKind::Dashboard), ("report", DocumentKind::Report)] {
        for page in AppDocument::of_app(tx, app.workspace, app.id, kind).await? {
            if page.document.contains(&begin) {
                uses.away(object, (page.id, called(&page.document)?), app);
            }
        }
    }
    if uses.is_empty() { Ok(()) } else { Err(uses.refuse("app_named").arg("key", &app.key)) }
}

/// What a stored document says it is called.
fn called(document: &str) -> Result<Label, Refusal> {
    let document: Json = stored("app_document", document)?;
    let named = document.get("label").cloned().unwrap_or_default();
    Ok(serde_json::from_value(named).unwrap_or_default())
}
