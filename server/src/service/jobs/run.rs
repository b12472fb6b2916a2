//! Starting a job and seeing it through.

use std::time::Duration;

use engine::text::Language;
use engine::value::Timestamp;
use futures::future::BoxFuture;
use serde_json::Value as Json;
use store::ids;
use store::job::{Job, JobState};

use super::{Handle, tell};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// How often the database hears that a job is alive and how far it is.
const BEAT: Duration = Duration::from_secs(2);
/// A job whose server was silent for this long is given up.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_secs(20);

/// Begins long work for the caller; the answer names the job. A repeated request starts nothing new.
///
/// # Errors
/// When the job can't be stored.
pub async fn start<F>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    kind: &'static str,
    work: F,
) -> Result<Answer, Refusal>
where
    F: FnOnce(Handle) -> BoxFuture<'static, Result<Json, Refusal>> + Clone + Send + Sync + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let now = clock::now();
                let job = Job {
                    workspace: actor.workspace_id(),
                    id: ids::next(),
                    kind: kind.to_string(),
                    state: JobState::Running,
                    done: 0,
                    total: None,
                    errors: 0,
                    input: "{}".to_string(),
                    result: None,
                    problem: None,
                    created_by: Some(actor.id()),
                    created_at: now,
                    updated_at: now,
                    leased_until: Some(lease(now)),
                    cancelled: false,
                    place: None,
                    step: 0,
                    batch: None,
                    undone_by: None,
                };
                job.insert(tx).await?;
                let answer = Answer::accepted(&wire::JobStarted { job: job.id })?;
                let language = actor.language();
                tx.on_commit(move || {
                    let handle = parts.jobs.enter(job.id);
                    runtime.spawn(see_through(parts, job, language, work, handle));
                });
                Ok(answer)
            })
        })
        .await
}

/// Runs the work and writes down how it ended.
pub(super) async fn see_through<F>(
    installation: Installation,
    mut job: Job,
    language: Language,
    work: F,
    handle: Handle,
) where
    F: FnOnce(Handle) -> BoxFuture<'static, Result<Json, Refusal>> + Send + 'static,
{
    tell(&installation, &job);
    let mut running = tokio::spawn(work(handle));
    let outcome = loop {
        tokio::select! {
            ended = &mut running => break ended.unwrap_or_else(|error| Err(Refusal::internal(error))),
            () = beat(&installation, &job) => {}
        }
    };
    let (mut cut_short, mut failed) = (false, None);
    if let Some(counts) = installation.jobs.counts(job.id) {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        (job.done, job.total, job.errors) =
            (count(counts.done), counts.total.map(count), count(counts.errors));
        (cut_short, failed) = (counts.cut_short, counts.failed);
    }
    match outcome {
        Ok(result) => {
            job.state = if cut_short { JobState::Cancelled } else { JobState::Done };
            job.result = Some(result.to_string());
            if let Some(refusal) = failed {
                fail(&mut job, &refusal, language);
            }
        }
        Err(refusal) if refusal.code == "job_cancelled" => job.state = JobState::Cancelled,
        // Another server goes on with it, or this one will when it is back.
        Err(refusal) if matches!(refusal.code, "job_taken_over" | "job_paused") => {
            return leave(&installation, &job, refusal.code == "job_paused").await;
        }
        Err(refusal) => fail(&mut job, &refusal, language),
    }
    job.updated_at = clock::now();
    job.leased_until = None;
    let row = job.clone();
    let written = installation.write(move |tx| Box::pin(async move { Ok(row.finish(tx).await?) })).await;
    if let Err(error) = written {
        tracing::error!(job = %job.id, %error, "the end of a job could not be written down");
    }
    installation.jobs.leave(job.id);
    tell(&installation, &job);
}

/// Notes why a job did not come to its end.
fn fail(job: &mut Job, refusal: &Refusal, language: Language) {
    tracing::warn!(job = %job.id, kind = job.kind, %refusal, "a job failed");
    job.state = JobState::Failed;
    job.problem = Some(problem(refusal, language));
}

/// Leaves a job to whoever goes on with it: at once where this server gives it up.
async fn leave(installation: &Installation, job: &Job, gives_up: bool) {
    if gives_up {
        let row = job.clone();
        let left = installation.write(move |tx| {
            Box::pin(async move {
                let now = clock::now();
                Ok(row.progress(tx, now, now).await?)
            })
        });
        if let Err(error) = left.await {
            tracing::warn!(job = %job.id, %error, "a job is left to others only later");
        }
    }
    installation.jobs.leave(job.id);
}

/// Waits, then tells the database how far it is, and hears whether another server was asked to stop it.
async fn beat(installation: &Installation, job: &Job) {
    tokio::time::sleep(BEAT).await;
    tell(installation, job);
    let mut row = job.clone();
    if let Some(counts) = installation.jobs.counts(job.id) {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        (row.done, row.total, row.errors) =
            (count(counts.done), counts.total.map(count), count(counts.errors));
    }
    let stop = installation
        .write(move |tx| {
            Box::pin(async move {
                let now = clock::now();
                Ok(row.progress(tx, now, lease(now)).await?)
            })
        })
        .await;
    if let Ok(true) = stop {
        installation.jobs.cancel(job.id);
    }
}

/// Until when a job is kept that said now that it is alive.
pub(super) fn lease(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(now)
}

/// A refusal as an answer tells it, to be read later.
pub fn problem(refusal: &Refusal, language: Language) -> String {
    Json::Object(refusal.document(language)).to_string()
}
