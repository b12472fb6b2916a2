//! Work that goes on after its server stopped: what it works on and how far it is are kept with its job.

use engine::text::Language;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::job::{Job, JobState};
use store::{Tx, ids};

use super::run::{lease, problem, see_through};
use super::{Handle, kinds};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::{Caller, Credential, sign_in};
use crate::service::{Cause, Installation, Refusal, clock};

/// What is kept of a job: who asked for it in which way, in which language it tells of it, and what it works on.
#[derive(Serialize, Deserialize)]
struct Input {
    by: By,
    language: Language,
    work: Json,
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
            // Who only looks as somebody begins no job: see `Caller::may_change`.
            Credential::Session(_) | Credential::SeeingAs { .. } => By::Session,
            Credential::Token { id, scopes } => By::Token { id: *id, scopes: scopes.clone() },
            // The product begins jobs in the name of whoever asked for what they follow from.
            // Who comes by a public link or a hook begins none.
            Credential::Operator | Credential::Product | Credential::Link(_) | Credential::Hook(_) => {
                By::Operator
            }
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

/// What a job works on, be it over or not.
///
/// # Errors
/// When it can't be read.
pub fn work_of<T: DeserializeOwned>(job: &Job) -> Result<T, Refusal> {
    let input: Input = serde_json::from_str(&job.input).map_err(Refusal::internal)?;
    serde_json::from_value(input.work).map_err(Refusal::internal)
}

/// Whether a job was begun with the token that the caller shows; of one that does not say with what, that is not denied.
pub fn was_begun_with(job: &Job, caller: &Caller) -> bool {
    let Credential::Token { id: shown, .. } = &caller.credential else { return true };
    match serde_json::from_str::<Input>(&job.input) {
        Ok(Input { by: By::Token { id, .. }, .. }) => id == *shown,
        Ok(_) => false,
        Err(_) => true,
    }
}

/// A job while somebody works on it.
pub struct Going {
    pub installation: Installation,
    pub job: Id,
    /// What its saves carry in the history.
    pub batch: Id,
    pub handle: Handle,
    caller: Caller,
    work: Json,
    place: Option<String>,
    step: i64,
}

impl Going {
    /// What it works on.
    ///
    /// # Errors
    /// When it can't be read: a newer version of the product has begun it.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(self.work.clone()).map_err(Refusal::internal)
    }

    /// How far it is; at its beginning `T::default()`.
    ///
    /// # Errors
    /// As [`Going::input`].
    pub fn place<T: DeserializeOwned + Default>(&self) -> Result<T, Refusal> {
        match &self.place {
            None => Ok(T::default()),
            Some(place) => serde_json::from_str(place).map_err(Refusal::internal),
        }
    }

    /// How often its place was noted: see [`reached`].
    pub fn step(&self) -> i64 {
        self.step
    }

    /// A slice is saved, with its place.
    pub fn stepped(&mut self) {
        self.step += 1;
    }

    /// The one in whose name it works, with the rights of this moment; the language is that of the beginning.
    ///
    /// # Errors
    /// Forbidden for who may not act any more; `job_paused` where the server stops.
    pub async fn caller(&self) -> Result<Caller, Refusal> {
        if self.installation.is_draining() {
            return Err(Refusal::conflict("job_paused"));
        }
        of_this_moment(&self.installation, &self.caller).await
    }
}

/// Who has begun something that takes long, with the rights of this moment; the language is that of the beginning.
///
/// # Errors
/// Forbidden for who may not act any more.
pub async fn of_this_moment(installation: &Installation, before: &Caller) -> Result<Caller, Refusal> {
    let Caller { credential, asked_language, address, request, .. } = before.clone();
    let (workspace, member) = (before.workspace_id(), before.id());
    let caller = sign_in::caller(installation, workspace, member, credential, address).await?;
    let caller = caller.ok_or_else(|| Refusal::forbidden("forbidden"))?;
    Ok(Caller { asked_language, request, ..caller })
}

/// Notes, in the transaction of a slice, how far the job is after it.
///
/// # Errors
/// `job_taken_over` where another server goes on with it: the slice must not stay.
pub async fn reached<T: Serialize>(
    tx: &mut Tx,
    (workspace, job): (Id, Id),
    step: i64,
    place: &T,
) -> Result<(), Refusal> {
    let place = serde_json::to_string(place).map_err(Refusal::internal)?;
    match Job::reach(tx, workspace, job, step, &place).await? {
        true => Ok(()),
        false => Err(Refusal::conflict("job_taken_over")),
    }
}

/// What a job that can go on begins with.
pub struct Beginning<'b> {
    pub kind: &'static str,
    pub work: Json,
    /// Where it begins, if not at its beginning.
    pub place: Option<String>,
    /// Whether it saves anything that could be taken back.
    pub saves: bool,
    pub installation: &'b Installation,
    pub caller: &'b Caller,
    /// Where it runs: a transaction may end on any thread.
    pub runtime: tokio::runtime::Handle,
}

impl Beginning<'_> {
    /// Stores the job in the transaction of whoever begins it; it runs once that is committed.
    ///
    /// # Errors
    /// When it can't be stored.
    pub async fn store(self, tx: &mut Tx) -> Result<Job, Refusal> {
        let (now, id, language) = (clock::now(), ids::next(), self.caller.language());
        let input = Input { by: By::of(self.caller), language, work: self.work };
        let input = serde_json::to_string(&input).map_err(Refusal::internal)?;
        let job = Job {
            workspace: self.caller.workspace_id(),
            id,
            kind: self.kind.to_string(),
            state: JobState::Running,
            done: 0,
            total: None,
            errors: 0,
            input,
            result: None,
            problem: None,
            created_by: Some(self.caller.id()),
            created_at: now,
            updated_at: now,
            leased_until: Some(lease(now)),
            cancelled: false,
            place: self.place,
            step: 0,
            batch: self.saves.then_some(id),
            undone_by: None,
        };
        job.insert(tx).await?;
        let (parts, actor, runtime) = (self.installation.clone(), self.caller.clone(), self.runtime);
        let begun = job.clone();
        tx.on_commit(move || {
            runtime.spawn(async move {
                let id = begun.id;
                if let Err(error) = go_on(&parts, begun, actor) {
                    tracing::error!(job = %id, %error, "a job could not be begun");
                }
            });
        });
        Ok(job)
    }
}

/// Begins work that can go on, in a transaction of its own. `prepare` writes, with the job's id, what it starts from.
///
/// # Errors
/// When the job can't be stored; what `prepare` says.
pub async fn start_kept<P>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    kind: &'static str,
    work: Json,
    prepare: P,
) -> Result<Answer, Refusal>
where
    P: for<'t> FnOnce(&'t mut Tx, Id) -> BoxFuture<'t, Result<(), Refusal>>,
    P: Clone + Send + Sync + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let (installation, caller, saves) = (&parts, &actor, false);
                let begins = Beginning { kind, work, place: None, saves, installation, caller, runtime };
                let job = begins.store(tx).await?.id;
                prepare(tx, job).await?;
                Answer::accepted(&wire::JobStarted { job })
            })
        })
        .await
}

/// Has a job worked on beside.
fn go_on(installation: &Installation, job: Job, caller: Caller) -> Result<(), Refusal> {
    let work = kinds::work_of(&job.kind).ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
    let input: Input = serde_json::from_str(&job.input).map_err(Refusal::internal)?;
    let caller = Caller { asked_language: Some(input.language), ..caller };
    let handle = installation.jobs.enter(job.id);
    if job.cancelled {
        installation.jobs.cancel(job.id);
    }
    let going = Going {
        installation: installation.clone(),
        job: job.id,
        batch: job.batch.unwrap_or(job.id),
        handle: handle.clone(),
        caller,
        work: input.work,
        place: job.place.clone(),
        step: job.step,
    };
    let begin = move |_: Handle| work(going);
    tokio::spawn(see_through(installation.clone(), job, input.language, begin, handle));
    Ok(())
}

/// Goes on with the jobs that a former process, or a server that fell silent, left behind, and ends those that can't go on.
///
/// # Errors
/// When the database can't be written.
pub async fn resume_all(installation: &Installation) -> Result<(), Refusal> {
    let shared = installation.store.is_shared();
    let taken = installation
        .write(move |tx| {
            Box::pin(async move {
                let (names, now) = (kinds::names(), clock::now());
                let over = problem(&Refusal::conflict("job_interrupted"), Language::default());
                Job::abandon(tx, &names, now, shared, &over).await?;
                Ok(Job::take_over(tx, &names, now, lease(now), shared).await?)
            })
        })
        .await?;
    for job in taken {
        // One of its own that could not tell the database in time that it goes on.
        if installation.jobs.counts(job.id).is_none() {
            resume(installation, job).await?;
        }
    }
    Ok(())
}

/// Who has begun a job, in the way in which they came and with the rights of this moment; nobody where they may not act any
/// more.
async fn beginner(installation: &Installation, job: &Job) -> Result<Option<Caller>, Refusal> {
    let input: Option<Input> = serde_json::from_str(&job.input).ok();
    let (Some(member), Some(input)) = (job.created_by, input) else { return Ok(None) };
    sign_in::caller(installation, job.workspace, member, input.by.credential(), None).await
}

async fn resume(installation: &Installation, job: Job) -> Result<(), Refusal> {
    let caller = beginner(installation, &job).await?;
    let (id, kind) = (job.id, job.kind.clone());
    let outcome = match caller {
        Some(caller) => go_on(installation, job.clone(), caller),
        None => Err(Refusal::forbidden("forbidden")),
    };
    let Err(refusal) = outcome else {
        tracing::info!(job = %id, kind, "a job goes on");
        return Ok(());
    };
    tracing::warn!(job = %id, kind, %refusal, "a job can't go on");
    let problem = Some(problem(&refusal, Language::default()));
    let failed = Job { state: JobState::Failed, problem, updated_at: clock::now(), ..job };
    installation.write(move |tx| Box::pin(async move { Ok(failed.finish(tx).await?) })).await
}
