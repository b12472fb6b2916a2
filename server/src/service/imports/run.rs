//! The import as a job: the file is read beside the writer, its rows are handed over in slices, and each slice says in its
//! own transaction how far the import is. Whoever goes on with one that was broken off begins behind the last slice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::file::File;
use store::ids;
use store::import::{ImportFault, ImportRun};
use store::job::Job;

use super::blocking;
use super::cells::{Line, Reading};
use super::earlier::Earlier;
use super::failures::{Failures, Telling};
use super::links::Links;
use super::open::open;
use super::plan::Plan;
use super::records::Records;
use super::slice::{Counts, Import, Outcome, Standing, save_slice};
use super::table::Table;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::jobs::{self, Going, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// The kind of the job.
pub const IMPORT: &str = "import";

/// A slice holds the writer no longer than this (semantics.md 1: at most 50 ms) …
const SLICE: Duration = Duration::from_millis(35);
/// … and has no more records than this, so that the first of a slow form is not too long …
const MOST_ROWS: usize = 1_000;
const FIRST_ROWS: usize = 20;
/// … nor many more rows of the file.
const MOST_FILE_ROWS: u64 = 2_000;
/// How often a slice that the database was too busy for is tried again.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// What the job's row keeps of an import.
#[derive(Clone, Serialize, Deserialize)]
struct Asked {
    form: Id,
    input: wire::ImportInput,
}

/// The form that an import goes into; nothing for other work.
pub fn form_of(job: &Job) -> Option<Id> {
    if job.kind != IMPORT {
        return None;
    }
    jobs::work_of::<Asked>(job).ok().map(|asked| asked.form)
}

/// Begins an import.
///
/// # Errors
/// Not found; forbidden for who may not import; `broken_csv` and its kin; faults of the mapping.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    input: wire::ImportInput,
) -> Result<Answer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let (_, table) = open(installation, caller, input.file, input.sheet.as_deref()).await?;
    let batch = ids::next();
    Plan::new(&Order { path: Path::Import, ..order.clone() }, &table, &input, batch)?;
    let (workspace, form) = (caller.workspace_id(), order.form);
    let asked = serde_json::to_value(Asked { form, input }).map_err(Refusal::internal)?;
    jobs::start_kept(installation, caller, key, IMPORT, asked, move |tx, job| {
        Box::pin(async move {
            let run = ImportRun {
                workspace,
                job,
                form,
                batch,
                position: 0,
                counts: "{}".to_string(),
                undone_by: None,
            };
            Ok(run.insert(tx).await?)
        })
    })
    .await
}

/// Does the work of an import, from where it is.
pub fn go_on(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let imported = match Run::of(going).await? {
            Begun::Ended(imported) => imported,
            Begun::Open(open) => {
                let (run, reading, file, table) = *open;
                run.through(reading, file, table).await?
            }
        };
        serde_json::to_value(imported).map_err(Refusal::internal)
    })
}

/// An import that was taken up.
enum Begun {
    /// Its end is written down already and the job's row alone does not say so yet; or it can't go on.
    Ended(wire::Imported),
    Open(Box<(Run, Reading, File, Table)>),
}

/// An import on its way.
struct Run {
    import: Import,
    standing: Standing,
    handle: Handle,
    going: Going,
}

impl Run {
    async fn of(going: Going) -> Result<Begun, Refusal> {
        let (Asked { form, input }, caller) = (going.input()?, going.caller().await?);
        let (installation, job, handle) = (going.installation.clone(), going.job, going.handle.clone());
        let mut db = installation.store.read().await?;
        let run = ImportRun::find(&mut db, caller.workspace_id(), job).await?.ok_or_else(Refusal::missing)?;
        drop(db);
        let counts: Counts = serde_json::from_str(&run.counts).map_err(Refusal::internal)?;
        if let Some(ended) = counts.ended {
            return Ok(Begun::Ended(ended));
        }
        let order = Order::to_read(&installation, &caller, &form.to_string()).await?;
        let order = Order { path: Path::Import, ..order };
        let (file, table) = open(&installation, &caller, input.file, input.sheet.as_deref()).await?;
        let plan = match Plan::new(&order, &table, &input, run.batch) {
            Ok(plan) => plan,
            // The form, or what they may do, has changed since it was begun.
            Err(refusal) if run.position > 0 => {
                let telling = Telling::new(&order, &table.headers, &[]);
                let failures = Failures { installation, caller, job, telling };
                let imported = told(&failures, &counts, (&file, table), Some(run.batch), true).await;
                let Ok(imported) = imported else { return Err(refusal) };
                let done = u64::try_from(run.position).map_err(Refusal::internal)?;
                handle.go_on(done, done, counts.failed);
                handle.fail(refusal);
                return Ok(Begun::Ended(imported));
            }
            Err(refusal) => return Err(refusal),
        };
        let keeps_rows = plan.mode != wire::ImportMode::Create;
        let zone = order.context.zone.clone();
        let reading = Reading::new(plan.targets.clone(), &table, zone, &caller.people, keeps_rows);
        let telling = Telling::new(&order, &table.headers, &plan.targets);
        let position = u64::try_from(run.position).map_err(Refusal::internal)?;
        let standing = Standing { job, position, counts };
        if plan.dry_run {
            // Nothing of it is written down but what it told: it begins anew.
            forget(&installation, &caller, job).await?;
        }
        let earlier = plan.dry_run.then(Earlier::default);
        let (plan, links) = (Arc::new(plan), Links::default());
        let import = Import { installation, caller, plan, links, telling, earlier };
        let run = Run { import, standing, handle, going };
        Ok(Begun::Open(Box::new((run, reading, file, table))))
    }

    async fn through(
        mut self,
        reading: Reading,
        file: File,
        table: Table,
    ) -> Result<wire::Imported, Refusal> {
        match self.rows(reading, table.clone()).await {
            Ok(()) => self.finish(&file, table, None).await,
            // A dry run says something of the whole file or nothing, and another server has its own word to say.
            Err(refusal)
                if self.import.plan.dry_run
                    || self.standing.position == 0
                    || matches!(refusal.code, "job_taken_over" | "job_paused") =>
            {
                Err(refusal)
            }
            Err(refusal) => self.fail(refusal, &file, table).await,
        }
    }

    /// Tells what was done before the import could not go on, and what it could not take until then.
    async fn fail(self, refusal: Refusal, file: &File, table: Table) -> Result<wire::Imported, Refusal> {
        let (handle, job) = (self.handle.clone(), self.standing.job);
        match self.finish(file, table, Some(refusal.code)).await {
            Ok(imported) => {
                handle.fail(refusal);
                Ok(imported)
            }
            // Why it could not go on says more than why that can't be told.
            Err(error) => {
                tracing::warn!(%job, %error, "what an import did before it failed can't be told");
                Err(refusal)
            }
        }
    }

    /// Saves the rows of the file, slice by slice, to the end or until somebody stops it.
    async fn rows(&mut self, reading: Reading, table: Table) -> Result<(), Refusal> {
        // A broken file is refused before its first row is stored.
        let count = blocking(table.clone(), |table| count(&table)).await?;
        self.handle.go_on(count as u64, self.standing.position, self.standing.counts.failed);
        let mut records = Records::of(table, reading, self.standing.position);
        let mut pace = FIRST_ROWS;
        loop {
            let mut slice = Vec::with_capacity(pace);
            let mut rows = 0;
            while slice.len() < pace
                && rows < MOST_FILE_ROWS
                && let Some(line) = records.next().await?
            {
                rows += line.count;
                slice.push(line);
            }
            if slice.is_empty() {
                return Ok(());
            }
            let lines: Arc<[Line]> = slice.into();
            // Whoever is let in no more, or lost a role, brings in nothing more.
            self.import.caller = self.going.caller().await?;
            jobs::patiently(|| self.import.read_titles(&lines)).await?;
            let (saved, started) = (lines.len(), Instant::now());
            self.save(lines).await?;
            pace = next_pace(saved, started.elapsed());
            let done = usize::try_from(rows).map_err(Refusal::internal)?;
            if self.handle.advance(done).is_err() {
                self.handle.cut_short();
                return Ok(());
            }
        }
    }

    /// Saves a slice and counts what became of its rows.
    async fn save(&mut self, lines: Arc<[Line]>) -> Result<(), Refusal> {
        let mut outcomes = self.try_often(&lines).await?;
        if let Some(earlier) = &self.import.earlier {
            outcomes = earlier.take(&self.import, &lines, outcomes);
        }
        let workspace = self.import.caller.workspace_id();
        let (next, faults) = self.standing.after(workspace, &lines, &outcomes, &self.import.telling)?;
        let failed = next.counts.failed - self.standing.counts.failed;
        self.handle.add_errors(usize::try_from(failed).unwrap_or(usize::MAX));
        self.standing = next;
        if self.import.plan.dry_run && !faults.is_empty() {
            let told = self
                .import
                .installation
                .write(move |tx| Box::pin(async move { Ok(ImportFault::insert_all(tx, &faults).await?) }));
            told.await?;
        }
        Ok(())
    }

    async fn try_often(&self, lines: &Arc<[Line]>) -> Result<Vec<Outcome>, Refusal> {
        self.import.installation.room.for_rows()?;
        let mut tries = 0;
        loop {
            let saved = save_slice(&self.import, &self.standing, lines.clone()).await;
            tries += 1;
            match saved {
                Err(refusal) if refusal.cause == Cause::Busy && tries < TRIES => {
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Writes down what came of the import; `failed` is why it did not come to its end.
    async fn finish(
        self,
        file: &File,
        table: Table,
        failed: Option<&'static str>,
    ) -> Result<wire::Imported, Refusal> {
        let Import { installation, caller, plan, telling, .. } = self.import;
        let job = self.standing.job;
        let failures = Failures { installation: installation.clone(), caller: caller.clone(), job, telling };
        let counts = self.standing.counts;
        let batch = (!plan.dry_run).then_some(plan.batch);
        let imported = told(&failures, &counts, (file, table), batch, failed.is_some()).await?;
        let position = i64::try_from(self.standing.position).map_err(Refusal::internal)?;
        let ended = Counts { ended: Some(imported.clone()), ..counts };
        let ended = serde_json::to_string(&ended).map_err(Refusal::internal)?;
        let mut changes = serde_json::json!({
            "file": file.id, "sha256": file.sha256, "batch": plan.batch, "created": imported.created,
            "updated": imported.updated, "failed": imported.failed, "administered": plan.administered,
        });
        if let (Some(changes), Some(code)) = (changes.as_object_mut(), failed) {
            changes.insert("problem".to_string(), Json::String(code.to_string()));
        }
        let (form, name, dry_run) = (plan.form, file.name.clone(), plan.dry_run);
        let done = installation.write(move |tx| {
            Box::pin(async move {
                let workspace = caller.workspace_id();
                ImportFault::forget(tx, workspace, job).await?;
                if dry_run {
                    return Ok(());
                }
                // One that failed has no end that whoever takes it up again could go by.
                let is_ours = failed.is_some()
                    || ImportRun::advance(tx, (workspace, job), (position, position), &ended).await?;
                if !is_ours {
                    return Err(Refusal::conflict("job_taken_over"));
                }
                let (object, label) = (Some(form), Some(name.as_str()));
                let note = Note { action: "form.import", object, label, changes: Some(changes) };
                audit::note(tx, &caller, note).await
            })
        });
        done.await?;
        Ok(imported)
    }
}

/// What an import comes to: what became of its rows, and why some could not be taken.
async fn told(
    failures: &Failures,
    counts: &Counts,
    (file, table): (&File, Table),
    batch: Option<Id>,
    failed: bool,
) -> Result<wire::Imported, Refusal> {
    let encoding = table.encoding();
    let error_file = match failures.workbook(&file.name, table).await {
        // Where the disk is full there is no room for it.
        Err(_) if failed => None,
        written => written?,
    };
    Ok(wire::Imported {
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        failed: counts.failed,
        error_file,
        batch,
        faults: failures.first().await?,
        groups: failures.grouped().await?,
        encoding,
    })
}

async fn forget(installation: &Installation, caller: &Caller, job: Id) -> Result<(), Refusal> {
    let workspace = caller.workspace_id();
    let gone = installation
        .write(move |tx| Box::pin(async move { Ok(ImportFault::forget(tx, workspace, job).await?) }));
    gone.await.map(drop)
}

fn count(table: &Table) -> Result<usize, Refusal> {
    let mut count = 0;
    for row in table.rows()? {
        row?;
        count += 1;
    }
    Ok(count)
}

/// How many records the next slice may have, after one with `rows` took `time`.
fn next_pace(rows: usize, time: Duration) -> usize {
    let micros = time.as_micros().max(1);
    let fitting = (rows as u128 * SLICE.as_micros() / micros) as usize;
    // Up step by step: the first slices of an import are slower than the rest, and one quick one proves nothing.
    fitting.clamp(1, rows.saturating_mul(2)).clamp(1, MOST_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_the_writer_for_a_short_time() {
        assert_eq!(next_pace(100, Duration::from_millis(50)), 70);
        assert_eq!(next_pace(100, Duration::from_millis(5)), 200);
        assert_eq!(next_pace(900, Duration::from_millis(1)), MOST_ROWS);
        assert_eq!(next_pace(1, Duration::from_secs(1)), 1);
        assert_eq!(next_pace(20, Duration::ZERO), 40);
    }
}
