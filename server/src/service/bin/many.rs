//! Taking things out of the bin and removing them for good, several in one request: each by itself, in one order.

use std::collections::BTreeSet;

use engine::import::free_key;
use engine::text::{Fault, Language};
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::Tx;
use store::bin_line::{BinKind, BinLine};
use wire::{BinRestore, BinResult, BinResults, RestingForm};

use super::line::{held, noun};
use super::purge::thing;
use super::{apps, documents, forms};
use crate::service::answer::Answer;
use crate::service::apps::label;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::flows::deletion;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, aggregates, dashboards, hooks, jobs, links};

/// Things of one request.
const MOST: usize = 500;

/// Takes one thing out of the bin, of this kind, and answers with what `view` says of it.
///
/// # Errors
/// Not found; what keeps it there, with a key that is free where its own is taken.
pub async fn one<V>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (kind, id): (BinKind, Id),
    view: V,
) -> Result<Answer, Refusal>
where
    V: FnOnce(&Designs, &Caller) -> Result<Answer, Refusal> + Clone + Send + Sync + 'static,
{
    let (parts, actor) = (installation.clone(), caller.clone());
    let answer = installation.act(caller, key, move |tx| {
        Box::pin(async move {
            let line = take(&parts, tx, &actor, id).await?;
            if line.kind != kind {
                return Err(Refusal::missing());
            }
            restore_in(&parts, tx, &actor, line, None).await?;
            let designs = Designs::load(tx, actor.workspace_id()).await?;
            view(&designs, &actor)
        })
    });
    match answer.await {
        Err(refusal) => Err(offering(installation, caller, id, refusal).await),
        done => done,
    }
}

/// Takes things out of the bin, each in a transaction of its own, in one order whatever the request's is: apps before what lies
/// in them, and what was deleted last before what was deleted before it, so that what others stand on is there first. Two
/// requests that meet go the same way, and the second is told of each thing what the first has made of it.
///
/// # Errors
/// Faults of the request as a whole: too many, one twice. What keeps a thing in the bin is in its result.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    items: Vec<BinRestore>,
    language: Language,
) -> Result<BinResults, Refusal> {
    check(items.iter().map(|item| item.id), |place| format!("items.{place}.id"), "items")?;
    let mut results: Vec<Option<BinResult>> = vec![None; items.len()];
    for place in in_order(installation, caller, items.iter().map(|item| item.id).collect()).await? {
        let Some(item) = items.get(place).cloned() else { continue };
        let id = item.id;
        let row_key = key.as_ref().map(|key| key.row(place));
        let (parts, actor) = (installation.clone(), caller.clone());
        let answer = installation.act(caller, row_key, move |tx| {
            Box::pin(async move {
                let line = take(&parts, tx, &actor, item.id).await?;
                let key = restore_in(&parts, tx, &actor, line, item.key).await?;
                let resting = Vec::new();
                Answer::done(&BinResult { id: item.id, key: Some(key), problem: None, resting })
            })
        });
        let result = match answer.await {
            Ok(answer) => serde_json::from_str(&answer.body).map_err(Refusal::internal)?,
            Err(refusal) => told(language, id, &offering(installation, caller, id, refusal).await),
        };
        if let Some(slot) = results.get_mut(place) {
            *slot = Some(result);
        }
    }
    let mut results: Vec<BinResult> = results.into_iter().flatten().collect();
    tell_resting(installation, caller, &mut results).await?;
    Ok(BinResults { results })
}

/// Says of each app that came back which of its forms rest, once everything else is back that was asked for
/// (docs/decisions/0078).
async fn tell_resting(
    installation: &Installation,
    caller: &Caller,
    results: &mut [BinResult],
) -> Result<(), Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    for result in results.iter_mut().filter(|result| result.problem.is_none()) {
        let of_app = designs.forms.values().filter(|design| design.row.app == result.id);
        let mine = of_app.filter(|design| designs.administers_form(design, caller));
        let resting = mine.filter(|design| designs.rests(design)).map(|design| RestingForm {
            id: design.row.id,
            key: design.row.key.clone(),
            label: label(&design.row.label),
        });
        result.resting = resting.collect();
    }
    Ok(())
}

/// Removes things of the bin for good, as a job whose result says what became of each.
///
/// # Errors
/// Faults of the request as a whole: too many, one twice.
pub async fn purge(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    ids: Vec<Id>,
) -> Result<Answer, Refusal> {
    check(ids.iter().copied(), |place| format!("ids.{place}"), "ids")?;
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "purge", move |handle| {
        Box::pin(async move {
            let mut order = in_order(&parts, &actor, ids.clone()).await?;
            // What lies in an app goes before the app does.
            order.reverse();
            let mut results: Vec<Option<BinResult>> = vec![None; ids.len()];
            for place in order {
                let Some(id) = ids.get(place).copied() else { continue };
                let result = match thing(&parts, &actor, id).await {
                    Ok(()) => BinResult { id, key: None, problem: None, resting: Vec::new() },
                    Err(refusal) => told(actor.language(), id, &refusal),
                };
                if let Some(slot) = results.get_mut(place) {
                    *slot = Some(result);
                }
                handle.advance(1)?;
            }
            let results = BinResults { results: results.into_iter().flatten().collect() };
            serde_json::to_value(&results).map_err(Refusal::internal)
        })
    })
    .await
}

fn told(language: Language, id: Id, refusal: &Refusal) -> BinResult {
    let problem = Some(Json::Object(refusal.document(language)));
    BinResult { id, key: None, problem, resting: Vec::new() }
}

fn check(
    ids: impl ExactSizeIterator<Item = Id>,
    at: impl Fn(usize) -> String,
    member: &str,
) -> Result<(), Refusal> {
    if ids.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new(member, "too_many").arg("max", MOST)]));
    }
    let mut seen = BTreeSet::new();
    for (place, id) in ids.enumerate() {
        if !seen.insert(id) {
            return Err(Refusal::fault(at(place), "twice"));
        }
    }
    Ok(())
}

/// The places of these things in the order in which they are taken; those that are not in the bin come last.
async fn in_order(installation: &Installation, caller: &Caller, ids: Vec<Id>) -> Result<Vec<usize>, Refusal> {
    let mut db = installation.store.read().await?;
    let mut places = Vec::with_capacity(ids.len());
    for (place, id) in ids.into_iter().enumerate() {
        let line = BinLine::find(&mut db, caller.workspace_id(), id).await?;
        let rank = line.map(|line| (rank(line.kind), std::cmp::Reverse((line.deleted_at, line.id))));
        places.push((rank.is_none(), rank, place));
    }
    places.sort();
    Ok(places.into_iter().map(|(_, _, place)| place).collect())
}

/// What others stand on comes first.
fn rank(kind: BinKind) -> u8 {
    match kind {
        BinKind::App => 0,
        BinKind::Form => 1,
        BinKind::Aggregate => 2,
        BinKind::Report => 3,
        BinKind::Dashboard => 4,
        BinKind::FlowVersion | BinKind::FlowDraft => 5,
    }
}

/// The line of a thing that is to come back, kept from others; whoever changes another design meanwhile waits, and sees it then.
async fn take(installation: &Installation, tx: &mut Tx, caller: &Caller, id: Id) -> Result<BinLine, Refusal> {
    let workspace = caller.workspace_id();
    let line = BinLine::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    if line.form.is_none() {
        installation.designs.held(&installation.store, tx, workspace).await?;
    }
    held(tx, caller, id).await
}

/// Takes a thing out of the bin, inside a transaction, under its own key or another one; gives the key that it has now.
async fn restore_in(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    line: BinLine,
    key: Option<String>,
) -> Result<String, Refusal> {
    let key = key.unwrap_or_else(|| line.key.clone());
    if key != line.key && (line.form.is_some() || !may_be_key(line.kind, &key)) {
        return Err(Refusal::fault("key", if line.form.is_some() { "not_writable" } else { "invalid_key" }));
    }
    let was = Designs::load(tx, line.workspace).await?;
    match line.kind {
        BinKind::App => apps::restore_in(tx, caller, &line, &key).await?,
        BinKind::Form => forms::restore_in(installation, tx, &line, &key).await?,
        BinKind::Dashboard | BinKind::Report => documents::restore_in(tx, caller, &line, &key).await?,
        BinKind::Aggregate => aggregates::restore_in(installation, tx, caller, &line, &key).await?,
        BinKind::FlowVersion | BinKind::FlowDraft => deletion::restore_in(tx, caller, &line).await?,
    }
    if matches!(line.kind, BinKind::App | BinKind::Form) {
        let designs = Designs::load(tx, line.workspace).await?;
        let back = designs.forms.values().filter(|form| [form.row.id, form.row.app].contains(&line.id));
        let back: Vec<Id> = back.map(|form| form.row.id).collect();
        for form in back {
            links::change::come_back(installation, tx, caller, &designs, form).await?;
            hooks::change::come_back(installation, tx, caller, &designs, form).await?;
        }
        if line.kind == BinKind::App {
            dashboards::come_back(tx, caller, &designs, line.id).await?;
        }
    }
    if line.form.is_none() {
        let now = Designs::load(tx, line.workspace).await?;
        crate::service::forms::newly::check(&was, &now, caller)?;
        dashboards::come_whole(tx, caller, &was, &now).await?;
    }
    BinLine::delete(tx, line.workspace, line.id).await?;
    let action = format!("{}.restore", noun(line.kind));
    let object = line.form.unwrap_or(line.id);
    let changes = (key != line.key).then(|| json!({"key": {"old": line.key, "new": key}}));
    let note = Note { action: &action, object: Some(object), label: Some(&key), changes };
    audit::note(tx, caller, note).await?;
    // What new requests go by is as it was.
    if line.form.is_none() {
        installation.designs.changed(tx, line.workspace).await?;
    }
    Ok(key)
}

/// Reports of packages have keys of several words.
fn may_be_key(kind: BinKind, key: &str) -> bool {
    match kind {
        BinKind::Report => key.split('.').all(crate::service::apps::is_key),
        _ => crate::service::apps::is_key(key),
    }
}

/// The refusal, with a key that is free where another thing has the one that was wanted.
async fn offering(installation: &Installation, caller: &Caller, id: Id, refusal: Refusal) -> Refusal {
    if refusal.code != "key_taken" {
        return refusal;
    }
    match free_for(installation, caller, id).await {
        Ok(Some(free)) => refusal.member("free_key", Json::String(free)),
        _ => refusal,
    }
}

async fn free_for(installation: &Installation, caller: &Caller, id: Id) -> Result<Option<String>, Refusal> {
    let mut db = installation.store.read().await?;
    let Some(line) = BinLine::find(&mut db, caller.workspace_id(), id).await? else { return Ok(None) };
    let designs = Designs::load(&mut db, line.workspace).await?;
    let app = line.app;
    let is_taken = |key: &str| match line.kind {
        BinKind::App => designs.apps.values().any(|it| it.key == key),
        BinKind::Form => designs.forms.values().any(|it| it.row.app == app && it.row.key == key),
        BinKind::Dashboard => designs.dashboards.values().any(|it| it.row.app == app && it.row.key == key),
        BinKind::Report => designs.reports.values().any(|it| it.row.app == app && it.row.key == key),
        BinKind::Aggregate => designs.aggregates.values().any(|it| it.row.app == app && it.row.key == key),
        BinKind::FlowVersion | BinKind::FlowDraft => false,
    };
    Ok(Some(free_key(&line.key, is_taken)))
}
