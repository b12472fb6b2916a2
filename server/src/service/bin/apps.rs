//! Apps in the recycle bin.

use std::collections::{BTreeMap, BTreeSet};

use engine::text::Label;
use engine::value::Id;
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
use crate::service::designs::{Designs, administers};
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
    let (bound, language) = (stood_on(was, app), caller.language());
    let called = |app: Id, thing: &Label| {
        let app = was.apps.get(&app).map(|app| label(&app.label)).unwrap_or_default();
        format!("{}: {}", app.get(language), thing.get(language))
    };
    // What it is called, for who may know.
    let mut uses: Vec<Option<String>> = Vec::new();
    for design in was.forms.values().filter(|design| !bound.contains(&design.row.app)) {
        let Some((sketch, other)) = design.sketch.as_ref().zip(left.forms.get(&design.row.id)) else {
            continue;
        };
        // One that was broken before does not stand in the way.
        if was.compiled(design).is_ok() && left.compiled(other).is_err() {
            let is_known = was.may_use(design, caller);
            uses.push(is_known.then(|| called(design.row.app, &sketch.document.label)));
        }
    }
    for table in was.aggregates.values().filter(|table| !bound.contains(&table.row.app)) {
        let Ok(aggregate) = was.aggregate(table) else { continue };
        let stay = aggregate.sources.iter().filter(|source| left.forms.contains_key(&source.form)).count();
        if stay > 0 && stay < aggregate.sources.len() {
            let is_known = was.apps.get(&table.row.app).is_some_and(|app| administers(caller, app));
            uses.push(is_known.then(|| called(table.row.app, &table.document.label)));
        }
    }
    if uses.is_empty() {
        return Ok(());
    }
    let number = uses.len();
    let named: Vec<String> = uses.into_iter().flatten().collect();
    let known = match named.len() {
        0 => "none",
        known if known < number => "some",
        _ => "all",
    };
    Err(Refusal::conflict("app_in_use").arg("known", known).arg("uses", named.join(", ")))
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
pub async fn restore_in(tx: &mut Tx, line: &BinLine, key: &str) -> Result<(), Refusal> {
    if !is_key(key) {
        return Err(Refusal::fault("key", "invalid_key"));
    }
    let app = App::find(tx, line.workspace, line.id).await?;
    let mut app = app.filter(|app| app.deleted_at.is_some()).ok_or_else(Refusal::missing)?;
    if App::by_key(tx, line.workspace, key).await?.is_some() {
        return Err(key_taken());
    }
    if key != app.key
        && let Some(name) = naming(tx, &app).await?
    {
        return Err(Refusal::conflict("app_named").arg("name", name).arg("key", &app.key));
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

/// The key of something that names a thing of the app in the bin by its whole name, `app/key`: a form or a flow in force that was
/// published while the app had the key, also in an app that lies in the bin itself; or a table, a dashboard or a report of its own.
async fn naming(tx: &mut Tx, app: &App) -> Result<Option<String>, Refusal> {
    let Some(deleted_at) = app.deleted_at else { return Ok(None) };
    let forms = FormVersion::in_force(tx, app.workspace).await?;
    let flows = FlowVersion::in_force(tx, app.workspace).await?;
    let tables = AggregateRow::of_app(tx, app.workspace, app.id).await?;
    let mut pages = AppDocument::of_app(tx, app.workspace, app.id, DocumentKind::Dashboard).await?;
    pages.extend(AppDocument::of_app(tx, app.workspace, app.id, DocumentKind::Report).await?);

    let begin = format!("\"{}/", app.key);
    let forms = forms.into_iter().map(|it| (it.form, it.published_at, it.document));
    let flows = flows.into_iter().map(|it| (it.form, it.published_at, it.document));
    // Before and after, another app had the key, or has it.
    let named = forms.chain(flows).find(|(_, published, document)| {
        (app.created_at..=deleted_at).contains(published) && document.contains(&begin)
    });
    if let Some((form, ..)) = named {
        return Ok(FormRow::find(tx, app.workspace, form).await?.map(|row| row.key));
    }
    let tables = tables.into_iter().map(|it| (it.key, it.document));
    let mut own = tables.chain(pages.into_iter().map(|it| (it.key, it.document)));
    Ok(own.find(|(_, document)| document.contains(&begin)).map(|(key, _)| key))
}
