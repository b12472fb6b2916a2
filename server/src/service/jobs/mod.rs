//! Long work: begun by a request, done beside it, looked at while it runs.
//!
//! A job is a row in the database and a task of this process. How far it is stays in memory until the next beat, so
//! that work which holds the writing transaction can be watched too.
//!
//! Work of some kinds goes on after its server stopped ([`Going`]): what it works on and how far it is are kept with its
//! job, the latter in the transaction of each slice that it saves, so that nothing is done twice.

mod going;
mod kinds;
mod pace;
mod progress;
mod run;

use engine::text::Label;
use engine::value::{Id, format_timestamp};
use store::Reader;
use store::job::{Job, JobState};

use super::answer::Answer;
use super::audit::{self, Note};
use super::live_events::Event;
use super::once::Key;
use super::people::Caller;
use super::records::undo;
use super::{Installation, Refusal, imports};

use going::was_begun_with;
pub use going::{Beginning, Going, of_this_moment, reached, resume_all, start_kept, work_of};
pub use pace::{Pace, patiently};
pub use progress::{Handle, InProgress};
pub use run::start;

/// Whether the caller is told of a job: of their own, administrators of all, and a token that may not read of what was begun with it
/// alone, since what comes of a job tells of records.
fn is_told(caller: &Caller, job: &Job) -> bool {
    let is_theirs = job.created_by == Some(caller.id()) || caller.is_administrator();
    is_theirs && (caller.has_scope(wire::Scope::Read) || was_begun_with(job, caller))
}

/// A job of the caller; those of others are not theirs to see, but for administrators.
///
/// # Errors
/// Not found.
pub async fn read(installation: &Installation, caller: &Caller, id: Id) -> Result<wire::Job, Refusal> {
    let mut db = installation.store.read().await?;
    let job = Job::find(&mut db, caller.workspace_id(), id).await?;
    let job = job.filter(|job| is_told(caller, job)).ok_or_else(Refusal::missing)?;
    view(installation, &mut db, &job).await
}

/// The newest jobs of the caller, or of those the ones that are under way.
///
/// # Errors
/// When the database can't be read.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    under_way: bool,
) -> Result<Vec<wire::Job>, Refusal> {
    const MOST: i64 = 50;
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let mut db = installation.store.read().await?;
    let jobs = match under_way {
        true => Job::under_way(&mut db, workspace, member).await?,
        false => Job::of_member(&mut db, workspace, member, MOST).await?,
    };
    let mut views = Vec::with_capacity(jobs.len());
    for job in jobs.iter().filter(|job| is_told(caller, job)) {
        views.push(view(installation, &mut db, job).await?);
    }
    Ok(views)
}

/// Asks a job to stop. It does at the next place where it can; what was done stays or goes by its kind.
///
/// # Errors
/// Not found; `job_over` for one that has ended.
pub async fn cancel(installation: &Installation, caller: &Caller, id: Id) -> Result<wire::Job, Refusal> {
    let job = read(installation, caller, id).await?;
    if job.state.is_over() {
        return Err(Refusal::conflict("job_over"));
    }
    // Another server that has it sees the wish at its next beat, and one that goes on with it at once.
    installation.jobs.cancel(id);
    let actor = caller.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                Job::cancel(tx, actor.workspace_id(), id).await?;
                let (action, label) = ("job.cancel", Some(job.kind.as_str()));
                audit::note(tx, &actor, Note { action, object: Some(id), label, changes: None }).await
            })
        })
        .await?;
    read(installation, caller, id).await
}

/// Takes back what a job did, where its kind can be undone: a job of its own.
///
/// # Errors
/// Not found; `job_not_over`; `not_undoable` for a job that saved nothing; what its kind says.
pub async fn undo(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let job = read(installation, caller, id).await?;
    match job.kind.as_str() {
        _ if !job.state.is_over() => Err(Refusal::conflict("job_not_over")),
        imports::IMPORT => imports::undo(installation, caller, key, &job).await,
        _ => undo::start(installation, caller, key, id).await,
    }
}

/// Whether a job that takes something back was stopped before its end, or failed: then another may go on with it.
///
/// # Errors
/// When the database can't be read.
pub async fn was_stopped(db: &mut Reader, workspace: Id, undo: Id) -> Result<bool, Refusal> {
    let undo = Job::find(db, workspace, undo).await?;
    Ok(undo.is_some_and(|undo| match undo.state {
        JobState::Cancelled | JobState::Failed => true,
        JobState::Queued | JobState::Running | JobState::Done => false,
    }))
}

/// Whether what a job that is over saved can be taken back, or whether taking it back can be gone on with.
async fn can_be_undone(db: &mut Reader, job: &Job) -> Result<bool, Refusal> {
    let is_open = match job.undone_by {
        None => true,
        Some(by) => was_stopped(db, job.workspace, by).await?,
    };
    Ok(is_open && (job.batch.is_some() || imports::is_undoable(db, job).await?))
}

async fn view(installation: &Installation, db: &mut Reader, job: &Job) -> Result<wire::Job, Refusal> {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let mut view = wire::Job {
        id: job.id,
        kind: job.kind.clone(),
        at: format_timestamp(job.created_at),
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
        can_be_undone: false,
        undone_by: job.undone_by,
        about: None,
    };
    if !view.state.is_over() {
        view.about = about(installation, job).await?;
    }
    view.can_be_undone = view.state.is_over() && can_be_undone(db, job).await?;
    if let Some(counts) = installation.jobs.counts(job.id).filter(|_| !view.state.is_over()) {
        (view.done, view.total, view.errors) = (counts.done, counts.total, counts.errors);
    }
    Ok(view)
}

/// What an import goes into; of other work nothing is told.
async fn about(installation: &Installation, job: &Job) -> Result<Option<Label>, Refusal> {
    let Some(form) = imports::form_of(job) else { return Ok(None) };
    let designs = installation.designs.get(&installation.store, job.workspace).await?;
    let sketch = designs.forms.get(&form).and_then(|design| design.sketch.as_ref());
    Ok(sketch.map(|sketch| sketch.document.label.clone()))
}

fn tell(installation: &Installation, job: &Job) {
    installation.live.send(job.workspace, Event::Job { job: job.id, owner: job.created_by });
}
