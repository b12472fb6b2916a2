//! Taking back what a job saved: each record that is still as the job left it is given what it held before, and what the
//! job made goes to the recycle bin. What was changed since stays, and is told. It goes through the one save like any other
//! change, in the opposite order, so that every limit holds on the way back too.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::Access;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tx;
use store::history::HistoryEntry;
use store::job::{Job, JobState};
use wire::bulk_edit::{BulkReason, Undone};
use wire::records::Fields;

use super::failing::{add_failures, is_of_all, reason};
use super::reused::Reused;
use super::save::former::fields_before;
use super::save::{Change, save};
use super::{Order, Path, read};
use crate::service::answer::Answer;
use crate::service::jobs::{self, Beginning, Going, Pace};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};

/// What its jobs are called.
pub const KIND: &str = "undo";
/// The kind of the job that deletes, with what links to others before these.
const DELETING: &str = crate::service::templates::CLEAR_DEMO;

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    /// The job whose saves are taken back.
    of: Id,
    batch: Id,
    /// The job deleted what links to others before these: what is linked to comes back first.
    #[serde(default)]
    forward: bool,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// The last record and version that was looked at.
    before: Option<(Id, i64)>,
    looked_at: u64,
    total: Option<u64>,
    undone: Undone,
}

/// Begins to take back what a job saved. One that was stopped before its end is gone on with.
///
/// # Errors
/// Not found; `job_not_over`; `not_undoable` for a job that saved nothing; `already_undone`.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let job = Job::find(tx, workspace, id).await?;
                let is_theirs = |job: &Job| job.created_by == Some(actor.id()) || actor.is_administrator();
                let job = job.filter(is_theirs).ok_or_else(Refusal::missing)?;
                if matches!(job.state, JobState::Queued | JobState::Running) {
                    return Err(Refusal::conflict("job_not_over"));
                }
                let batch = job.batch.ok_or_else(|| Refusal::conflict("not_undoable"))?;
                let place = match job.undone_by {
                    None => None,
                    Some(by) => stopped_at(tx, workspace, by).await?,
                };
                let forward = job.kind == DELETING;
                let work =
                    serde_json::to_value(Work { of: id, batch, forward }).map_err(Refusal::internal)?;
                let (installation, caller, saves) = (&parts, &actor, true);
                let begins = Beginning { kind: KIND, work, place, saves, installation, caller, runtime };
                let undo = begins.store(tx).await?.id;
                if !Job::undone(tx, workspace, id, job.undone_by, undo).await? {
                    return Err(Refusal::conflict("already_undone"));
                }
                Answer::accepted(&wire::JobStarted { job: undo })
            })
        })
        .await
}

/// Where an undo was stopped.
async fn stopped_at(tx: &mut Tx, workspace: Id, undo: Id) -> Result<Option<String>, Refusal> {
    if !jobs::was_stopped(tx, workspace, undo).await? {
        return Err(Refusal::conflict("already_undone"));
    }
    Ok(Job::find(tx, workspace, undo).await?.and_then(|undo| undo.place))
}

/// Goes on with taking back to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        Run { going, work, place }.through().await
    })
}

struct Run {
    going: Going,
    work: Work,
    place: Place,
}

impl Run {
    async fn through(mut self) -> Result<Json, Refusal> {
        let caller = self.going.caller().await?;
        self.place.undone.of = Some(self.work.of);
        let total = match self.place.total {
            Some(total) => total,
            None => {
                let mut db = self.going.installation.store.read().await?;
                let (workspace, batch) = (caller.workspace_id(), self.work.batch);
                HistoryEntry::count_batch(&mut db, workspace, batch).await?.unsigned_abs()
            }
        };
        self.place.total = Some(total);
        let Place { looked_at, undone, .. } = &self.place;
        self.going.handle.go_on(total.max(*looked_at), *looked_at, undone.failed);
        let mut pace = Pace::default();
        loop {
            let part = Part {
                installation: self.going.installation.clone(),
                caller: self.going.caller().await?,
                work: self.work.clone(),
                place: self.place.clone(),
                job: (self.going.job, self.going.batch),
                step: self.going.step(),
                most: pace.begin(),
            };
            let place = jobs::patiently(|| part.clone().save()).await?;
            let looked = usize::try_from(place.looked_at - self.place.looked_at).unwrap_or(usize::MAX);
            let failed = place.undone.failed - self.place.undone.failed;
            if looked == 0 {
                break;
            }
            pace.end(looked);
            self.place = place;
            self.going.stepped();
            self.going.handle.add_errors(usize::try_from(failed).unwrap_or(usize::MAX));
            if self.going.handle.advance(looked).is_err() {
                self.going.handle.cut_short();
                break;
            }
        }
        serde_json::to_value(&self.place.undone).map_err(Refusal::internal)
    }
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    work: Work,
    place: Place,
    /// The job that takes back, and what its saves carry.
    job: (Id, Id),
    step: i64,
    most: usize,
}

/// What became of a record.
enum Outcome {
    Restored,
    Deleted,
    /// Changed since, or gone.
    Skipped(Refusal),
    Failed(Refusal),
}

impl Part {
    async fn save(self) -> Result<Place, Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job.0, self.step);
                    let place = self.records(tx).await?;
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok(place)
                })
            })
            .await
    }

    async fn records(self, tx: &mut Tx) -> Result<Place, Refusal> {
        let Part { installation, caller, work, mut place, job: (_, batch), most, .. } = self;
        let workspace = caller.workspace_id();
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let entries = match work.forward {
            true => HistoryEntry::of_batch_forward(tx, workspace, work.batch, place.before, limit).await?,
            false => HistoryEntry::of_batch(tx, workspace, work.batch, place.before, limit).await?,
        };
        let mut orders: BTreeMap<Id, Option<Arc<Order>>> = BTreeMap::new();
        for entry in entries {
            place.looked_at += 1;
            place.before = Some((entry.record, entry.version));
            let id = entry.record;
            let order = match orders.get(&entry.form) {
                Some(order) => order.clone(),
                None => {
                    let order = order_of(&installation, tx, &caller, entry.form).await?;
                    let order = order.map(|order| Arc::new(Order { batch: Some(batch), ..order }));
                    orders.insert(entry.form, order.clone());
                    order
                }
            };
            let Some(order) = order else {
                place.undone.skipped += 1;
                continue;
            };
            let refusal = match take_back(tx, &order, entry).await? {
                Outcome::Restored => {
                    place.undone.restored += 1;
                    continue;
                }
                Outcome::Deleted => {
                    place.undone.deleted += 1;
                    continue;
                }
                Outcome::Skipped(refusal) => {
                    place.undone.skipped += 1;
                    refusal
                }
                Outcome::Failed(refusal) => {
                    place.undone.failed += 1;
                    refusal
                }
            };
            let why: BulkReason = reason(&refusal, caller.language());
            add_failures(tx, &order, &mut place.undone.failures, &[(id, why)]).await?;
        }
        Ok(place)
    }
}

/// To write to a form again; none where it is gone. Who may not use it any more leaves the rest to be gone on with.
async fn order_of(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    form: Id,
) -> Result<Option<Order>, Refusal> {
    match Order::to_write(installation, tx, caller, &form.to_string(), Path::Restore).await {
        Err(refusal) if refusal.cause == Cause::Missing => {
            let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
            if designs.published(form).is_ok() { Err(refusal) } else { Ok(None) }
        }
        order => order.map(Some),
    }
}

/// Takes one version back; its refusal undoes nothing else.
async fn take_back(tx: &mut Tx, order: &Arc<Order>, entry: HistoryEntry) -> Result<Outcome, Refusal> {
    let order = order.clone();
    let outcome = tx.nested(|tx| Box::pin(async move { taken_back(tx, &order, entry).await })).await?;
    match outcome {
        Ok(outcome) => Ok(outcome),
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Err(refusal) => Ok(Outcome::Failed(refusal)),
    }
}

async fn taken_back(tx: &mut Tx, order: &Order, entry: HistoryEntry) -> Result<Outcome, Refusal> {
    let access = Access::system("a record that is given what it held before");
    let id = entry.record;
    let record = store::record::lock(tx, &access, order.table(), &[id]).await?.remove(&id);
    let Some(record) = record else { return Ok(Outcome::Skipped(Refusal::missing())) };
    if record.version != entry.version && !is_own(tx, order, id, record.version).await? {
        return Ok(Outcome::Skipped(left_alone(tx, order, id).await?));
    }
    let changes: Option<Fields> = entry.changes.as_deref().and_then(|it| serde_json::from_str(it).ok());
    let is_deleted = record.system.deleted_at.is_some();
    let was_deleted =
        changes.as_ref().and_then(|changes| changes.get("$deleted_at")).is_some_and(Json::is_null);
    let (change, outcome) = match &changes {
        None if is_deleted => return Ok(Outcome::Skipped(left_alone(tx, order, id).await?)),
        None => (Change::Delete { id, version: None }, Outcome::Deleted),
        Some(_) if is_deleted && was_deleted => (Change::Restore { id }, Outcome::Restored),
        Some(_) => {
            let reused = Reused::of(tx, order).await?;
            let fields = fields_before(&order.compiled.form, &record.values, [&entry], reused);
            (Change::Update { id, version: None, fields, system: None }, Outcome::Restored)
        }
    };
    save(tx, order, vec![change]).await?;
    Ok(outcome)
}

/// Why a record stays as it is that somebody has changed since; who sees it no more is not told even that.
///
/// # Errors
/// When the database can't be read.
pub async fn left_alone(tx: &mut Tx, order: &Order, id: Id) -> Result<Refusal, Refusal> {
    let is_seen =
        read::find(tx, order, id).await?.is_some() || read::find_deleted(tx, order, id).await?.is_some();
    Ok(if is_seen { Refusal::conflict("changed_since") } else { Refusal::missing() })
}

/// Whether the version is one that was saved while taking back: a batch may have changed a record twice.
async fn is_own(tx: &mut Tx, order: &Order, id: Id, version: i64) -> Result<bool, Refusal> {
    let workspace = order.caller.workspace_id();
    let entry = HistoryEntry::find(tx, workspace, order.form, id, version).await?;
    Ok(entry.is_some_and(|entry| entry.batch.is_some() && entry.batch == order.batch))
}
