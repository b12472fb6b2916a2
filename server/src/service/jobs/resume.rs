//! Work that any process can go on with: everything that it needs lies in the row of its job, and how far it is, it writes
//! down itself, in the transactions in which it gets there. A server that was killed goes on with it when it starts again;
//! where several share the database, another one does.

use engine::text::Language;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tx;
use store::job::Job;

use super::Handle;
use super::run::{begin, lease, problem, see_through};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::{Caller, Credential, sign_in};
use crate::service::{Installation, Refusal, clock, exports, imports};

/// The kinds of work that can be gone on with.
pub const KINDS: [&str; 3] = [imports::IMPORT, imports::UNDO, exports::EXPORT];

/// What does the work of a kind.
type Work = fn(Task) -> BoxFuture<'static, Result<Json, Refusal>>;

fn work_of(kind: &str) -> Option<Work> {
    match kind {
        imports::IMPORT => Some(imports::go_on),
        imports::UNDO => Some(imports::go_on_undoing),
        exports::EXPORT => Some(exports::go_on),
        _ => None,
    }
}

/// A job at work.
pub struct Task {
    pub installation: Installation,
    /// Who asked for it, with the rights of this moment.
    pub caller: Caller,
    pub job: Id,
    /// What was asked for: JSON of the kind.
    pub input: Json,
    pub handle: Handle,
}

/// The input of a job, with who asked for it.
#[derive(Serialize, Deserialize)]
struct Kept {
    by: By,
    language: Option<Language>,
    input: Json,
}

/// With what somebody has shown who they are; no secret, and enough to say how a write came.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Session,
    Token { id: Id, scopes: Vec<wire::Scope> },
    Operator,
}

impl By {
    fn of(caller: &Caller) -> By {
        match &caller.credential {
            Credential::Session(_) => By::Session,
            Credential::Token { id, scopes } => By::Token { id: *id, scopes: scopes.clone() },
            Credential::Operator => By::Operator,
        }
    }

    fn credential(self) -> Credential {
        match self {
            By::Session => Credential::Session(String::new()),
            By::Token { id, scopes } => Credential::Token { id, scopes },
            By::Operator => Credential::Operator,
        }
    }
}

/// Begins work that can be gone on with. `prepare` writes what it starts from, in the transaction that makes the job.
///
/// # Errors
/// When the job can't be stored; what `prepare` says.
pub async fn start_kept<P>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    kind: &'static str,
    input: Json,
    prepare: P,
) -> Result<Answer, Refusal>
where
    P: for<'t> FnOnce(&'t mut Tx, Id) -> BoxFuture<'t, Result<(), Refusal>>,
    P: Clone + Send + Sync + 'static,
{
    let work = work_of(kind).ok_or_else(|| Refusal::internal("nobody does such work"))?;
    let kept = Kept { by: By::of(caller), language: Some(caller.language()), input: input.clone() };
    let row = serde_json::to_string(&kept).map_err(Refusal::internal)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    let run =
        move |handle: Handle, job: Id| work(Task { installation: parts, caller: actor, job, input, handle });
    begin(installation, caller, key, kind, row, prepare, run).await
}

/// Goes on with the work that a former process, or a server that fell silent, left behind.
///
/// # Errors
/// When the database can't be written. What is wrong with a single job ends that job.
pub async fn resume_all(installation: &Installation) -> Result<(), Refusal> {
    let shared = installation.store.is_shared();
    let taken = installation.write(move |tx| {
        Box::pin(async move {
            let now = clock::now();
            Ok(Job::take_over(tx, now, lease(now), shared, &KINDS).await?)
        })
    });
    for job in taken.await? {
        tracing::info!(job = %job.id, kind = job.kind, "going on with a job");
        resume(installation, job).await?;
    }
    Ok(())
}

async fn resume(installation: &Installation, job: Job) -> Result<(), Refusal> {
    let kept: Option<Kept> = serde_json::from_str(&job.input).ok();
    let language = kept.as_ref().and_then(|kept| kept.language);
    let work = work_of(&job.kind);
    let (Some(kept), Some(work), Some(member)) = (kept, work, job.created_by) else {
        return give_up(installation, job, language).await;
    };
    let credential = kept.by.credential();
    let caller = sign_in::caller(installation, job.workspace, member, credential, None).await?;
    // Who may not act any more has nothing done in their name.
    let Some(caller) = caller else { return give_up(installation, job, language).await };
    let caller = Caller { asked_language: language, ..caller };
    let handle = installation.jobs.enter(job.id);
    if job.cancelled {
        installation.jobs.cancel(job.id);
    }
    let (parts, id, input) = (installation.clone(), job.id, kept.input);
    let run = move |handle: Handle| work(Task { installation: parts, caller, job: id, input, handle });
    tokio::spawn(see_through(installation.clone(), job, language.unwrap_or_default(), run, handle));
    Ok(())
}

async fn give_up(installation: &Installation, job: Job, language: Option<Language>) -> Result<(), Refusal> {
    let problem = problem(&Refusal::conflict("job_interrupted"), language.unwrap_or_default());
    let ended = Job {
        state: store::job::JobState::Failed,
        problem: Some(problem),
        updated_at: clock::now(),
        leased_until: None,
        ..job
    };
    installation.write(move |tx| Box::pin(async move { Ok(ended.update(tx).await?) })).await
}
