//! Going for good: what somebody empties the bin of, and what has lain there for its time.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::text::Fault;
use engine::value::{Id, Timestamp};
use serde_json::json;
use store::bin_line::{BinKind, BinLine};
use store::form::FormRow;
use store::instance::Instance;
use store::table::FormRef;
use store::workspace::Workspace;
use store::{Tx, bin};
use wire::{PurgeInput, Purged};

use super::Retention;
use super::line::held;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::flows::scheduler;
use crate::service::jobs::{self, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal, clock, files};

/// Records of one transaction: people's saves wait no longer than this takes.
const SLICE: i64 = 100;
/// Records of one request at most that are named.
const MOST_NAMED: usize = 500;

/// Removes records of the bin for good, as a job: these, or all.
///
/// # Errors
/// Not found; forbidden for who does not administer the app; `ids_or_all`.
pub async fn records(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    PurgeInput { ids, all }: PurgeInput,
) -> Result<Answer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if !order.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    if all != ids.is_empty() {
        return Err(Refusal::fault("ids", "ids_or_all"));
    }
    if ids.len() > MOST_NAMED {
        return Err(Refusal::invalid(vec![Fault::new("ids", "too_many").arg("max", MOST_NAMED)]));
    }
    let (parts, actor, table) = (installation.clone(), caller.clone(), order.table());
    jobs::start(installation, caller, key, "purge", move |handle| {
        Box::pin(async move {
            let which = if all { Which::DeletedBefore(clock::now()) } else { Which::These(ids) };
            let what = What::Records(table.form);
            let by = Emptying { caller: &actor, what, handle: Some(&handle) };
            let records = purge(&parts, table, which, Some(by)).await?;
            serde_json::to_value(Purged { records }).map_err(Refusal::internal)
        })
    })
    .await
}

/// Removes a form of the bin for good, with all its records, as a job.
///
/// # Errors
/// Not found.
pub async fn form(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    as_job(installation, caller, key, (BinKind::Form, id)).await
}

/// Removes an app of the bin for good, with all its forms and their records, as a job.
///
/// # Errors
/// Not found.
pub async fn app(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    as_job(installation, caller, key, (BinKind::App, id)).await
}

async fn as_job(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (kind, id): (BinKind, Id),
) -> Result<Answer, Refusal> {
    if line(installation, caller, id).await?.kind != kind {
        return Err(Refusal::missing());
    }
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "purge", move |handle| {
        Box::pin(async move {
            let line = line(&parts, &actor, id).await?;
            let by = Emptying { caller: &actor, what: What::Thing(id), handle: Some(&handle) };
            let records = gone(&parts, &line, Some(by)).await?;
            note(&parts, &actor, purged(line.kind), id, records).await?;
            serde_json::to_value(Purged { records }).map_err(Refusal::internal)
        })
    })
    .await
}

/// Removes a thing of the bin for good, whatever it is, for one who may.
///
/// # Errors
/// Not found; forbidden for who may not act any more.
pub async fn thing(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let caller = &jobs::of_this_moment(installation, caller).await?;
    let line = line(installation, caller, id).await?;
    let by = Emptying { caller, what: What::Thing(id), handle: None };
    let records = gone(installation, &line, Some(by)).await?;
    note(installation, caller, purged(line.kind), line.form.unwrap_or(id), records).await
}

/// The line of a thing that is the caller's to remove for good.
async fn line(installation: &Installation, caller: &Caller, id: Id) -> Result<BinLine, Refusal> {
    let actor = caller.clone();
    installation.write(move |tx| Box::pin(async move { held(tx, &actor, id).await })).await
}

/// What somebody removes for good.
#[derive(Clone, Copy, Debug)]
enum What {
    /// Records of a form.
    Records(Id),
    /// A thing that lies in the bin.
    Thing(Id),
}

/// Somebody who removes things for good, in many slices: they are looked at anew before each, since what is gone does not come back.
#[derive(Clone, Copy)]
struct Emptying<'e> {
    caller: &'e Caller,
    what: What,
    handle: Option<&'e Handle>,
}

impl Emptying<'_> {
    /// # Errors
    /// Forbidden, and not found, for who may not any more.
    async fn may_go_on(&self, installation: &Installation) -> Result<(), Refusal> {
        let caller = jobs::of_this_moment(installation, self.caller).await?;
        match self.what {
            What::Records(form) => {
                let order = Order::to_read(installation, &caller, &form.to_string()).await?;
                if order.is_administrator() { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
            }
            What::Thing(id) => line(installation, &caller, id).await.map(drop),
        }
    }
}

/// Removes what a line stands for, and the line; gives how many records there were. What time removes it notes itself, in nobody's
/// name.
async fn gone(installation: &Installation, line: &BinLine, by: Option<Emptying<'_>>) -> Result<u64, Refusal> {
    let timed = by.is_none().then_some(line);
    let records = match line.kind {
        BinKind::App => return whole_app(installation, line.workspace, line.id, by, timed).await,
        BinKind::Form => return whole_form(installation, line.workspace, line.id, by, timed).await,
        BinKind::Dashboard
        | BinKind::Report
        | BinKind::Aggregate
        | BinKind::FlowVersion
        | BinKind::FlowDraft => 0,
    };
    let (workspace, id, is_by_time) = (line.workspace, line.id, by.is_none());
    let gone = installation.write(move |tx| {
        Box::pin(async move {
            // Somebody may have taken it back, or removed it, in the meantime.
            if let Some(line) = BinLine::lock(tx, workspace, id).await? {
                bin::purge_line(tx, &line).await?;
                note_by_time(tx, is_by_time.then_some(&line), records).await?;
            }
            Ok(())
        })
    });
    gone.await?;
    Ok(records)
}

/// Notes what time has removed, in the transaction that removes it.
async fn note_by_time(tx: &mut Tx, line: Option<&BinLine>, records: u64) -> Result<(), Refusal> {
    let Some(line) = line else { return Ok(()) };
    let (action, object) = (purged(line.kind), Some(line.form.unwrap_or(line.id)));
    let changes = Some(json!({ "records": records }));
    audit::by_time(tx, line.workspace, Note { action, object, label: Some(&line.key), changes }).await
}

/// What is noted of a thing that is gone for good.
fn purged(kind: BinKind) -> &'static str {
    match kind {
        BinKind::App => "app.purge",
        BinKind::Form => "form.purge",
        BinKind::Dashboard => "dashboard.purge",
        BinKind::Report => "report.purge",
        BinKind::Aggregate => "aggregate.purge",
        BinKind::FlowVersion | BinKind::FlowDraft => "flow.purge",
    }
}

async fn note(
    installation: &Installation,
    caller: &Caller,
    action: &'static str,
    object: Id,
    records: u64,
) -> Result<(), Refusal> {
    let actor = caller.clone();
    installation
        .write(move |tx| Box::pin(async move { note_in(tx, &actor, action, object, records).await }))
        .await
}

async fn note_in(
    tx: &mut Tx,
    caller: &Caller,
    action: &'static str,
    object: Id,
    records: u64,
) -> Result<(), Refusal> {
    let changes = Some(json!({ "records": records }));
    audit::note(tx, caller, Note { action, object: Some(object), label: None, changes }).await
}

/// Which records of a form go.
#[derive(Clone, Debug)]
enum Which {
    /// These, as far as they lie in the bin.
    These(Vec<Id>),
    DeletedBefore(Timestamp),
    /// All: the form itself goes.
    Any,
}

/// Removes records slice by slice, each of which is in the trail as the doing of whoever does it, or of time; gives how many there were.
async fn purge(
    installation: &Installation,
    table: FormRef,
    which: Which,
    by: Option<Emptying<'_>>,
) -> Result<u64, Refusal> {
    let mut removed = 0;
    let mut named: Vec<Id> = if let Which::These(ids) = &which { ids.clone() } else { Vec::new() };
    loop {
        if let Some(by) = by {
            by.may_go_on(installation).await?;
        }
        let before = match which {
            Which::These(_) => None,
            Which::DeletedBefore(moment) => Some(Some(moment)),
            Which::Any => Some(None),
        };
        let (part, named_ones) = match before {
            Some(before) => (Part::Until(before), false),
            None if named.is_empty() => return Ok(removed),
            None => {
                let rest = named.split_off(named.len().min(SLICE.unsigned_abs() as usize));
                (Part::Named(std::mem::replace(&mut named, rest)), true)
            }
        };
        let (parts, actor) = (installation.clone(), by.map(|by| by.caller.clone()));
        let slice = installation.write(move |tx| {
            Box::pin(async move {
                let (count, hashes) = part.purge(tx, &parts, table).await?;
                // With what is gone: whoever stops it in the midst has removed so many.
                match actor {
                    _ if count == 0 => {}
                    Some(actor) => note_in(tx, &actor, "record.purge", table.form, count).await?,
                    None => {
                        let changes = Some(json!({ "records": count }));
                        let note =
                            Note { action: "record.purge", object: Some(table.form), label: None, changes };
                        audit::by_time(tx, table.workspace, note).await?;
                    }
                }
                Ok((count, hashes))
            })
        });
        let (count, hashes) = slice.await?;
        for sha256 in hashes {
            files::discard(installation, &sha256).await?;
        }
        removed += count;
        if let Some(handle) = by.and_then(|by| by.handle) {
            handle.advance(usize::try_from(count).unwrap_or(usize::MAX))?;
        }
        if count == 0 && !named_ones {
            return Ok(removed);
        }
    }
}

/// The records of one transaction.
#[derive(Clone)]
enum Part {
    Named(Vec<Id>),
    /// The next that were deleted before a moment; any without one.
    Until(Option<Timestamp>),
}

impl Part {
    /// How many were removed, and the hashes of the bytes of their files.
    async fn purge(
        self,
        tx: &mut Tx,
        installation: &Installation,
        table: FormRef,
    ) -> Result<(u64, BTreeSet<String>), Refusal> {
        let access = Access::system("what is purged is gone for everybody");
        let ids = match self {
            Part::Until(before) => bin::records(tx, table, before, SLICE).await?,
            Part::Named(ids) => {
                let found = store::record::lock(tx, &access, table, &ids).await?;
                let binned = found.values().filter(|record| record.system.deleted_at.is_some());
                binned.map(|record| record.id).collect()
            }
        };
        // A form may have gone into the bin while its flows went on.
        let waited = Instance::with_parents(tx, table.workspace, table.form, &ids).await?;
        let removed = store::record::purge(tx, &access, table, &ids).await?;
        let hashes = bin::purge_traces(tx, table.workspace, table.form, &ids).await?;
        scheduler::go_on_without(tx, installation, table.workspace, &waited).await?;
        Ok((removed, hashes.into_iter().collect()))
    }
}

async fn whole_form(
    installation: &Installation,
    workspace: Id,
    id: Id,
    by: Option<Emptying<'_>>,
    timed: Option<&BinLine>,
) -> Result<u64, Refusal> {
    let row = FormRow::find(&mut installation.store.read().await?, workspace, id).await?;
    let Some(row) = row else { return Ok(0) };
    // A form that was never published has no records.
    let records = match row.version {
        0 => 0,
        version => purge(installation, FormRef { workspace, form: id, version }, Which::Any, by).await?,
    };
    let timed = timed.cloned();
    let gone = installation.write(move |tx| {
        Box::pin(async move {
            bin::purge_form(tx, workspace, id).await?;
            note_by_time(tx, timed.as_ref(), records).await
        })
    });
    gone.await?;
    Ok(records)
}

async fn whole_app(
    installation: &Installation,
    workspace: Id,
    id: Id,
    by: Option<Emptying<'_>>,
    timed: Option<&BinLine>,
) -> Result<u64, Refusal> {
    let forms = FormRow::all_of_app(&mut installation.store.read().await?, workspace, id).await?;
    let mut records = 0;
    for form in forms {
        records += whole_form(installation, workspace, form.id, by, None).await?;
    }
    let (parts, timed) = (installation.clone(), timed.cloned());
    let gone = installation.write(move |tx| {
        Box::pin(async move {
            bin::purge_app(tx, workspace, id).await?;
            note_by_time(tx, timed.as_ref(), records).await?;
            parts.designs.changed(tx, workspace).await
        })
    });
    gone.await?;
    Ok(records)
}

/// Removes for good what has lain in the bins of all workspaces for its time; gives how many records there were.
///
/// # Errors
/// When the database can't be read or written.
pub async fn expired(installation: &Installation) -> Result<u64, Refusal> {
    let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
    let mut removed = 0;
    for workspace in workspaces {
        let mut db = installation.store.read().await?;
        let before = Retention::of(&mut db, workspace.id).await?.before(clock::now());
        drop(db);
        // What can't be removed in one workspace keeps nothing of the others.
        match expired_in(installation, workspace.id, before).await {
            Ok(more) => removed += more,
            Err(error) => {
                tracing::warn!(code = error.code, workspace = %workspace.id, "its recycle bin could not be emptied");
            }
        }
    }
    Ok(removed)
}

async fn expired_in(installation: &Installation, workspace: Id, before: Timestamp) -> Result<u64, Refusal> {
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let mut db = installation.store.read().await?;
    let aside = store::table::expired(&mut db, workspace, before).await?;
    drop(db);
    let mut removed = 0;
    loop {
        let mut db = installation.store.read().await?;
        let lines = BinLine::expired(&mut db, workspace, before, SLICE).await?;
        drop(db);
        if lines.is_empty() {
            break;
        }
        for line in lines {
            removed += gone(installation, &line, None).await?;
        }
    }
    for design in designs.forms.values().filter(|design| design.sketch.is_some()) {
        let table = FormRef { workspace, form: design.row.id, version: design.row.version };
        removed += purge(installation, table, Which::DeletedBefore(before), None).await?;
    }
    let mut columns: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
    for (form, number) in aside {
        columns.entry(form).or_default().push(number);
    }
    for (form, numbers) in columns {
        let purged = installation.write(move |tx| {
            Box::pin(async move {
                // It may have gone with its form.
                if FormRow::lock(tx, workspace, form, false).await?.is_some() {
                    store::table::purge_aside(tx, workspace, form, &numbers).await?;
                    let changes = Some(json!({ "fields": numbers.len() }));
                    let note = Note { action: "field.purge", object: Some(form), label: None, changes };
                    audit::by_time(tx, workspace, note).await?;
                }
                Ok(())
            })
        });
        purged.await?;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::audit::{AuditEntry, AuditFilter};

    use super::super::{Asked, delete_form, list};
    use super::*;
    use crate::service::records::change;
    use crate::service::testing::{app, create, form, on_an_installation};
    use crate::service::{apps, forms};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_has_lain_in_the_bin_for_its_time_goes_and_the_rest_stays() {
        on_an_installation("expired", async |installation, caller| {
            let fields = |more: bool| {
                let mut fields = vec![json!({"key": "name", "label": "n", "kind": "text"})];
                fields.extend(more.then(|| json!({"key": "code", "label": "c", "kind": "text"})));
                json!({"key": "note", "label": "n", "fields": fields})
            };
            let (kept, gone) = (app(installation, caller).await, app(installation, caller).await);
            let note = form(installation, caller, &kept, fields(true)).await;
            let mut binned = fields(false);
            binned["key"] = json!("binned");
            let binned = form(installation, caller, &kept, binned).await;
            let of_app = form(installation, caller, &gone, fields(false)).await;
            let (one, two) = (json!({"name": "a", "code": "x"}), json!({"name": "b"}));
            let left = create(installation, caller, &note, one, None).await;
            let deleted = create(installation, caller, &note, two.clone(), None).await;
            for form in [&binned, &of_app] {
                create(installation, caller, form, two.clone(), None).await;
            }
            change::delete(installation, caller, (note.clone(), deleted), None).await.unwrap();
            delete_form(installation, caller, binned).await.unwrap();
            apps::delete(installation, caller, gone).await.unwrap();
            forms::draft::replace(installation, caller, note.clone(), None, fields(false)).await.unwrap();
            forms::publish::publish(installation, caller, None, note.clone()).await.unwrap();

            let workspace = caller.workspace_id();
            let soon = clock::now().checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
            let early = soon.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap();
            assert_eq!(expired_in(installation, workspace, early).await.unwrap(), 0);
            let bin = list(installation, caller, Asked::default()).await.unwrap();
            assert_eq!(bin.items.len(), 2);
            assert_eq!(forms::removed::list(installation, caller, &note).await.unwrap().len(), 1);

            // The record, and one each of the form and of the app's form.
            assert_eq!(expired_in(installation, workspace, soon).await.unwrap(), 3);
            let bin = list(installation, caller, Asked::default()).await.unwrap();
            assert!(bin.items.is_empty());
            // Each is in the trail with how many records went, as nobody's doing.
            let mut db = installation.store.read().await.unwrap();
            let told =
                AuditEntry::list(&mut db, workspace, &AuditFilter::default(), None, 100).await.unwrap();
            let by_time = told.into_iter().filter(|entry| entry.path.as_deref() == Some("retention"));
            let mut by_time: Vec<_> = by_time
                .map(|entry| (entry.action, entry.changes.unwrap_or_default(), entry.who.is_none()))
                .collect();
            by_time.sort();
            let noted = |action: &str, changes: &str| (action.to_string(), changes.to_string(), true);
            let (one, field) = (r#"{"records":1}"#, r#"{"fields":1}"#);
            let record = || noted("record.purge", one);
            let expected = [
                noted("app.purge", one),
                noted("field.purge", field),
                noted("form.purge", one),
                record(),
                record(),
                record(),
            ];
            assert_eq!(by_time, expected);
            drop(db);
            assert!(forms::removed::list(installation, caller, &note).await.unwrap().is_empty());
            let order = Order::to_read(installation, caller, &note).await.unwrap();
            let access = Access::system("looks whether it is there");
            let mut db = order.reader().await.unwrap();
            let mut found = async |id: Id| {
                store::record::get(&mut db, &access, order.table(), id, &order.context).await.unwrap()
            };
            assert!(found(left).await.is_some());
            assert!(found(deleted).await.is_none());
        })
        .await;
    }
}
