//! Taking an import back: records that it made go to the recycle bin, those that it changed become what they were, each
//! through the one save. What somebody has changed since is left alone, and told.

use std::sync::Arc;

use engine::access::Access;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::history::HistoryEntry;
use store::import::ImportRun;
use store::job::Job;
use store::{Reader, Tx};

use super::run::IMPORT;
use super::slice::Counts;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::jobs::{self, Going};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::reused::Reused;
use crate::service::records::save::former::fields_before;
use crate::service::records::save::{Change, save};
use crate::service::records::undo::left_alone;
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal, clock};

/// The kind of the job.
pub const UNDO: &str = "undo_import";

/// For how long an import can be taken back.
const UNDOABLE: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);
/// Records of one transaction.
const SLICE: i64 = 20;
/// Records that stay as they are and are told with the result.
const TOLD: usize = 20;
/// Versions of one record that are looked at.
const MOST_VERSIONS: i64 = 10_000;

/// What the job's row keeps.
#[derive(Clone, Serialize, Deserialize)]
struct Asked {
    /// The import.
    job: Id,
}

/// What became of the records so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Progress {
    undone: wire::Undone,
    ended: bool,
}

/// Begins to take back an import. Where that was stopped before its end, or failed, it goes on from there.
///
/// # Errors
/// `not_undoable` for a dry run; `too_late_to_undo`; `already_undone`.
pub async fn undo(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    job: &wire::Job,
) -> Result<Answer, Refusal> {
    let (workspace, id) = (caller.workspace_id(), job.id);
    let mut db = installation.store.read().await?;
    let row = Job::find(&mut db, workspace, id).await?.ok_or_else(Refusal::missing)?;
    let run = ImportRun::find(&mut db, workspace, id).await?;
    drop(db);
    let run = run.filter(|run| run.position > 0).ok_or_else(|| Refusal::conflict("not_undoable"))?;
    if clock::now().duration_since(row.created_at) > UNDOABLE {
        return Err(Refusal::conflict("too_late_to_undo"));
    }
    Order::to_read(installation, caller, &run.form.to_string()).await?;
    let asked = serde_json::to_value(Asked { job: id }).map_err(Refusal::internal)?;
    jobs::start_kept(installation, caller, key, UNDO, asked, move |tx, by| {
        Box::pin(async move {
            let (position, counts) = match run.undone_by {
                None => (0, "{}".to_string()),
                Some(before) => stopped_at(tx, workspace, before).await?,
            };
            let is_next = ImportRun::undo(tx, workspace, id, run.undone_by, by).await?;
            if !is_next || !Job::undone(tx, workspace, id, row.undone_by, by).await? {
                return Err(Refusal::conflict("already_undone"));
            }
            let own = ImportRun { job: by, position, counts, undone_by: None, ..run };
            Ok(own.insert(tx).await?)
        })
    })
    .await
}

/// Where an undo was stopped, and what it had done until then.
async fn stopped_at(tx: &mut Tx, workspace: Id, undo: Id) -> Result<(i64, String), Refusal> {
    let is_stopped = jobs::was_stopped(tx, workspace, undo).await?;
    let run = ImportRun::find(tx, workspace, undo).await?.filter(|_| is_stopped);
    let run = run.ok_or_else(|| Refusal::conflict("already_undone"))?;
    Ok((run.position, run.counts))
}

/// Whether a job is an import that can still be taken back, if nobody has: one that saved something, however it ended.
///
/// # Errors
/// When the database can't be read.
pub async fn is_undoable(db: &mut Reader, job: &Job) -> Result<bool, Refusal> {
    if job.kind != IMPORT || clock::now().duration_since(job.created_at) > UNDOABLE {
        return Ok(false);
    }
    // A dry run writes down no position.
    let run = ImportRun::find(db, job.workspace, job.id).await?;
    Ok(run.is_some_and(|run| run.position > 0))
}

/// Does the work, from where it is.
pub fn go_on_undoing(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let undone = Undoing::of(going).await?.through().await?;
        serde_json::to_value(undone).map_err(Refusal::internal)
    })
}

struct Undoing {
    going: Going,
    caller: Caller,
    run: ImportRun,
    progress: Progress,
    /// Records that the import has made or changed.
    total: u64,
}

impl Undoing {
    async fn of(going: Going) -> Result<Undoing, Refusal> {
        let (Asked { job }, caller) = (going.input()?, going.caller().await?);
        let workspace = caller.workspace_id();
        let mut db = going.installation.store.read().await?;
        let run = ImportRun::find(&mut db, workspace, going.job).await?.ok_or_else(Refusal::missing)?;
        let import = ImportRun::find(&mut db, workspace, job).await?.ok_or_else(Refusal::missing)?;
        drop(db);
        let counts: Counts = serde_json::from_str(&import.counts).map_err(Refusal::internal)?;
        let progress = serde_json::from_str(&run.counts).map_err(Refusal::internal)?;
        Ok(Undoing { going, caller, run, progress, total: counts.created + counts.updated })
    }

    async fn through(mut self) -> Result<wire::Undone, Refusal> {
        let undone = &self.progress.undone;
        let done = undone.deleted + undone.restored + undone.kept;
        self.going.handle.go_on(self.total, done, undone.kept);
        while !self.progress.ended {
            // With the rights of this moment, however long it takes.
            self.caller = self.going.caller().await?;
            let kept = self.progress.undone.kept;
            let (count, last, progress) = jobs::patiently(|| self.slice()).await?;
            (self.run.position, self.progress) = (last, progress);
            let kept = self.progress.undone.kept.saturating_sub(kept);
            self.going.handle.add_errors(usize::try_from(kept).unwrap_or(usize::MAX));
            // Who stops it behind the last record has come too late.
            if self.going.handle.advance(count).is_err() && !self.progress.ended {
                self.going.handle.cut_short();
                break;
            }
        }
        Ok(self.progress.undone)
    }

    /// Takes back what happened to the next records, and writes down in the same transaction how far it is; gives how many
    /// there were, the last one, and what became of all.
    async fn slice(&self) -> Result<(usize, i64, Progress), Refusal> {
        let (parts, caller, job) = (self.going.installation.clone(), self.caller.clone(), self.going.job);
        let (run, progress) = (self.run.clone(), self.progress.clone());
        let work = self.going.installation.write(move |tx| {
            Box::pin(async move {
                let form = run.form.to_string();
                let order = Order::to_write(&parts, tx, &caller, &form, Path::Restore).await?;
                let order = Arc::new(Order { batch: Some(job), ..order });
                let workspace = caller.workspace_id();
                let of = (workspace, run.form);
                let records =
                    HistoryEntry::records_of_batch(tx, of, run.batch, run.position, SLICE).await?;
                let mut progress = progress;
                for record in &records {
                    let fate = take_back(tx, &order, run.batch, *record).await?;
                    progress.note(*record, fate, &caller);
                }
                progress.ended = records.len() < SLICE as usize;
                let last = records.last().map_or(run.position, |record| record.as_i64());
                let counts = serde_json::to_string(&progress).map_err(Refusal::internal)?;
                if !ImportRun::advance(tx, (workspace, job), (run.position, last), &counts).await? {
                    return Err(Refusal::conflict("job_taken_over"));
                }
                if progress.ended {
                    let undone = &progress.undone;
                    let changes = serde_json::json!({
                        "batch": run.batch, "deleted": undone.deleted, "restored": undone.restored, "kept": undone.kept,
                    });
                    let (object, changes) = (Some(run.form), Some(changes));
                    let note = Note { action: "form.undo_import", object, label: None, changes };
                    audit::note(tx, &caller, note).await?;
                }
                Ok((records.len(), last, progress))
            })
        });
        work.await
    }
}

impl Progress {
    fn note(&mut self, record: Id, fate: Fate, caller: &Caller) {
        let refusal = match fate {
            Fate::Deleted => {
                self.undone.deleted += 1;
                return;
            }
            Fate::Restored => {
                self.undone.restored += 1;
                return;
            }
            Fate::Kept(refusal) => refusal,
        };
        self.undone.kept += 1;
        if self.undone.rows.len() < TOLD {
            let document = refusal.document(caller.language());
            let text = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default().to_string();
            self.undone.rows.push(wire::KeptRecord { record, code: text("code"), message: text("detail") });
        }
    }
}

/// What became of a record.
enum Fate {
    Deleted,
    Restored,
    Kept(Box<Refusal>),
}

/// Takes back what the batch did to one record, if nobody has changed it since.
async fn take_back(tx: &mut Tx, order: &Arc<Order>, batch: Id, record: Id) -> Result<Fate, Refusal> {
    let workspace = order.caller.workspace_id();
    let entries = HistoryEntry::of_record(tx, workspace, order.form, record, None, MOST_VERSIONS).await?;
    let is_ours = |entry: &&HistoryEntry| entry.batch == Some(batch);
    let ours: Vec<&HistoryEntry> = entries.iter().take_while(is_ours).collect();
    let all = entries.iter().filter(is_ours).count();
    let (Some(newest), Some(oldest)) = (ours.first(), ours.last()) else {
        return Ok(Fate::Kept(Box::new(left_alone(tx, order, record).await?)));
    };
    if ours.len() < all {
        return Ok(Fate::Kept(Box::new(left_alone(tx, order, record).await?)));
    }
    let version = Some(newest.version);
    let is_new = oldest.changes.is_none();
    let change = if is_new {
        Change::Delete { id: record, version }
    } else {
        let access = Access::system("a record that is given what it held before the import");
        let found = store::record::get(tx, &access, order.table(), record, &order.context).await?;
        // Of one that is gone the save says so.
        let reused = Reused::of(tx, order).await?;
        let fields = found.map(|found| fields_before(&order.compiled.form, &found.values, ours, reused));
        let fields = fields.unwrap_or_default();
        Change::Update { id: record, version, fields, system: None }
    };
    let with = order.clone();
    let saved = tx.nested(|tx| Box::pin(async move { save(tx, &with, vec![change]).await })).await?;
    match saved {
        Ok(_) if is_new => Ok(Fate::Deleted),
        Ok(_) => Ok(Fate::Restored),
        Err(refusal) if matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull) => {
            Err(refusal)
        }
        // It lies in the recycle bin, or is gone.
        Err(refusal) if refusal.cause == Cause::Stale => {
            Ok(Fate::Kept(Box::new(left_alone(tx, order, record).await?)))
        }
        Err(refusal) => Ok(Fate::Kept(Box::new(refusal))),
    }
}
