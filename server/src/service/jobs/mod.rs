//! Long work: begun by a request, done beside it, looked at while it runs.
//!
//! A job is a row in the database and a task of this process. How far it is stays in memory until the next beat, so
//! that work which holds the writing transaction can be watched too.

mod progress;
mod resume;
mod run;

use engine::value::Id;
use store::job::{Job, JobState};

use super::answer::Answer;
use super::live_events::Event;
use super::once::Key;
use super::people::Caller;
use super::{Installation, Refusal, clock, imports};

pub use progress::{Handle, InProgress};
pub use resume::{Task, resume_all, start_kept};
pub use run::start;

/// A job of the caller; those of others are not theirs to see, but for administrators.
///
/// # Errors
/// Not found.
pub async fn read(installation: &Installation, caller: &Caller, id: Id) -> Result<wire::Job, Refusal> {
    let job = Job::find(&mut installation.store.read().await?, caller.workspace_id(), id).await?;
    let visible = |job: &Job| job.created_by == Some(caller.id()) || caller.is_administrator();
    Ok(view(installation, &job.filter(visible).ok_or_else(Refusal::missing)?))
}

/// The newest jobs of the caller.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Job>, Refusal> {
    const MOST: i64 = 50;
    let mut db = installation.store.read().await?;
    let jobs = Job::of_member(&mut db, caller.workspace_id(), caller.id(), MOST).await?;
    Ok(jobs.iter().map(|job| view(installation, job)).collect())
}

/// Asks a job to stop. It does at the next place where it can; what was done stays or goes by its kind.
///
/// # Errors
/// Not found; `job_over` for one that has ended.
pub async fn cancel(installation: &Installation, caller: &Caller, id: Id) -> Result<wire::Job, Refusal> {
    if read(installation, caller, id).await?.state.is_over() {
        return Err(Refusal::conflict("job_over"));
    }
    if !installation.jobs.cancel(id) {
        // Another server has it: it sees the wish at its next beat.
        let workspace = caller.workspace_id();
        installation
            .write(move |tx| Box::pin(async move { Ok(Job::cancel(tx, workspace, id).await?) }))
            .await?;
    }
    read(installation, caller, id).await
}

/// Undoes what a job did, where its kind can be undone: a job of its own.
///
/// # Errors
/// Not found; `not_undoable` for a job of another kind, or one that has not ended; what its kind says.
pub async fn undo(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let job = read(installation, caller, id).await?;
    match job.kind.as_str() {
        imports::IMPORT if job.state.is_over() => imports::undo(installation, caller, key, &job).await,
        _ => Err(Refusal::conflict("not_undoable")),
    }
}

/// Ends the jobs that a former process left behind and nobody can go on with.
///
/// # Errors
/// When the database can't be written.
pub async fn abandon(installation: &Installation) -> Result<(), Refusal> {
    let shared = installation.store.is_shared();
    installation
        .write(move |tx| {
            Box::pin(async move {
                let problem = run::problem(&Refusal::conflict("job_interrupted"), Default::default());
                Job::abandon(tx, clock::now(), shared, &resume::KINDS, &problem).await?;
                Ok(())
            })
        })
        .await
}

fn view(installation: &Installation, job: &Job) -> wire::Job {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let mut view = wire::Job {
        id: job.id,
        kind: job.kind.clone(),
        state: match job.state {
            JobState::Queued => wire::JobState::Queued,
            JobState::Running => wire::JobState::Running,
            JobState::Done => wire::JobState::Done,
            JobState::Failed => wire::JobState::Failed,
            JobState::Cancelled => wire::JobState::Cancelled,
        },
        done: count(job.done),
        total: job.total.map(count),
        errors: count(job.errors),
        result: job.result.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        problem: job.problem.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    };
    if let Some(counts) = installation.jobs.counts(job.id).filter(|_| !view.state.is_over()) {
        (view.done, view.total, view.errors) = (counts.done, counts.total, counts.errors);
    }
    view
}

fn tell(installation: &Installation, job: &Job) {
    installation.live.send(job.workspace, Event::Job { job: job.id, owner: job.created_by });
}
