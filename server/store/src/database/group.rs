//! Group commit: how jobs share SQLite's one writing transaction.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::{Wanted, Work, attempt, committed};
use crate::connection::{OnCommit, Tx};
use crate::error::{Error, Result, Verdict};

/// A group takes no more jobs than this …
const MOST_JOBS: usize = 50;
/// … nor any more after this long.
const LONGEST: Duration = Duration::from_millis(5);

/// One whole save, waiting for its turn.
pub(super) struct Job {
    work: Work,
    /// What it is going to lock first.
    wanted: Option<Wanted>,
    /// Of the last run: whether what it wrote is to stay, or why it can't.
    outcome: Option<Result<bool>>,
    reply: oneshot::Sender<Result<()>>,
}

/// What a run means for the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// What it wrote is to stay.
    Done,
    /// It refused: what it wrote goes.
    Refused,
    /// A statement of it failed: what it wrote goes.
    Failed,
    /// The database has given the transaction up.
    Lost,
}

impl Job {
    /// The job, and where its answer comes: an error where it was not the work that refused.
    pub(super) fn new(wanted: Option<Wanted>, work: Work) -> (Job, oneshot::Receiver<Result<()>>) {
        let (reply, answer) = oneshot::channel();
        (Job { work, wanted, outcome: None, reply }, answer)
    }

    /// Runs it. Called again when the group's commit failed. `owns_failures`: whether a statement that fails is surely its own,
    /// and not what another job has put ahead of it.
    async fn run(&mut self, tx: &mut Tx, owns_failures: bool) -> Ran {
        let mut outcome = attempt(&mut self.work, tx).await;
        let mut ran = if matches!(outcome, Ok(true)) { Ran::Done } else { Ran::Refused };
        if let Some(failure) = tx.take_failure() {
            let is_undone = failure.verdict == Verdict::Statement && owns_failures;
            ran = if is_undone { Ran::Failed } else { Ran::Lost };
            if matches!(outcome, Ok(true)) {
                outcome = Err(failure.error);
            }
        }
        self.outcome = Some(outcome);
        ran
    }

    /// Sends the answer: of the last run, or why it could not be committed.
    fn answer(self, committed: Result<()>) {
        let answer = match (committed, self.outcome) {
            (Err(error), Some(Ok(true)) | None) => Err(error),
            (_, Some(outcome)) => outcome.map(drop),
            (Ok(()), None) => Err(Error::Unavailable("closed".into())),
        };
        // Nobody waits any more when the client has hung up; the work is done all the same.
        let _ = self.reply.send(answer);
    }
}

/// A job that has run inside the open transaction.
struct Done {
    job: Job,
    on_commit: Vec<OnCommit>,
}

/// Jobs that get a savepoint each, after one that could not be undone without.
const WARY_JOBS: usize = 100;

/// Jobs that are looked at before their turn.
const LOOK_AHEAD: usize = 16;

/// Who waits for the writer.
struct Queue {
    jobs: mpsc::Receiver<Job>,
    /// The next ones, taken in to see what they want.
    waiting: VecDeque<Job>,
    /// How many jobs from here on get a savepoint.
    wary: usize,
}

impl Queue {
    /// Waits for a job; `None` when every sender is gone.
    async fn first(&mut self) -> Option<Job> {
        match self.waiting.pop_front() {
            Some(job) => Some(job),
            None => self.jobs.recv().await,
        }
    }

    /// The next job of those that wait already.
    fn next(&mut self) -> Option<Job> {
        self.waiting.pop_front().or_else(|| self.jobs.try_recv().ok())
    }

    /// Takes some more in; what those want that have come.
    fn look_ahead(&mut self) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        while self.waiting.len() < LOOK_AHEAD
            && let Ok(job) = self.jobs.try_recv()
        {
            wanted.extend(job.wanted);
            self.waiting.push_back(job);
        }
        wanted
    }
}

/// Runs jobs until every sender is gone.
pub(super) async fn run(mut tx: Tx, jobs: mpsc::Receiver<Job>, after_commit: impl Fn(usize)) {
    let mut queue = Queue { jobs, waiting: VecDeque::new(), wary: 0 };
    while let Some(first) = queue.first().await {
        let count = group(&mut tx, first, &mut queue).await;
        after_commit(count);
    }
    // What the log still holds goes into the database file, so that a copy of it is whole.
    if let Err(error) = tx.batch("PRAGMA wal_checkpoint(TRUNCATE)").await {
        tracing::warn!(%error, "the last checkpoint failed");
    }
}

/// One transaction with `first` and whatever waits behind it; answers how many jobs it took.
///
/// A job that refuses has as a rule written nothing yet: what it put ahead is dropped, and that is all. Where one has written
/// and refuses, or a statement fails, all jobs of the group run one by one, and the next ones get a savepoint each, which
/// costs every save a turn more and a copy of each page that it changes.
async fn group(tx: &mut Tx, first: Job, queue: &mut Queue) -> usize {
    // With the first statement of the first job: where it can't begin, that job runs once more, alone.
    let begun = tx.execute_ahead("BEGIN IMMEDIATE", Vec::new()).await;
    if let Err(error) = begun {
        tx.take_failure();
        first.answer(Err(error));
        return 1;
    }
    tx.begun();
    tx.foreseen.begin(queue.waiting.iter().filter_map(|job| job.wanted));
    let started = Instant::now();
    let mut done: Vec<Done> = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        // The first job is undone with the whole transaction.
        let guarded = queue.wary > 0 && !done.is_empty();
        queue.wary = queue.wary.saturating_sub(1);
        // What those before it have put ahead goes with it: its failure must not meet this job.
        if guarded && let Err(error) = tx.batch("SAVEPOINT job").await {
            tracing::error!(%error, "a savepoint failed");
            done.push(Done { job, on_commit: Vec::new() });
            return rerun(tx, done).await;
        }
        tx.begin_job();
        if job.wanted.is_some() {
            queue.look_ahead().into_iter().for_each(|wanted| tx.foreseen.want(wanted));
        }
        let ran = job.run(tx, guarded || done.is_empty()).await;
        let on_commit = tx.take_on_commit();
        let is_whole = match (ran, guarded) {
            (Ran::Lost, _) => false,
            (Ran::Done, false) => true,
            (Ran::Done, true) => tx.batch("RELEASE job").await.is_ok(),
            (Ran::Refused | Ran::Failed, true) => {
                tx.forget_ahead();
                tx.batch("ROLLBACK TO job; RELEASE job").await.is_ok()
            }
            (Ran::Refused, false) if tx.drop_job() => true,
            (Ran::Refused | Ran::Failed, false) if done.is_empty() => {
                roll_back(tx).await;
                job.answer(Ok(()));
                return 1;
            }
            (Ran::Refused | Ran::Failed, false) => false,
        };
        let on_commit = if ran == Ran::Done { on_commit } else { Vec::new() };
        done.push(Done { job, on_commit });
        if !is_whole {
            queue.wary = WARY_JOBS;
            return rerun(tx, done).await;
        }
        if done.len() < MOST_JOBS && started.elapsed() < LONGEST {
            next = queue.next();
        }
    }
    if let Err(error) = tx.batch("COMMIT").await {
        tracing::warn!(%error, jobs = done.len(), "a group could not be committed; its jobs run one by one");
        queue.wary = WARY_JOBS;
        return rerun(tx, done).await;
    }
    let count = done.len();
    for job in done {
        committed(job.on_commit);
        job.job.answer(Ok(()));
    }
    count
}

/// The transaction is lost: each of its jobs runs once more, in one of its own.
async fn rerun(tx: &mut Tx, done: Vec<Done>) -> usize {
    roll_back(tx).await;
    let count = done.len();
    for Done { mut job, .. } in done {
        let outcome = alone(tx, &mut job).await;
        job.answer(outcome);
    }
    count
}

async fn alone(tx: &mut Tx, job: &mut Job) -> Result<()> {
    tx.batch("BEGIN IMMEDIATE").await?;
    tx.begun();
    let ran = job.run(tx, true).await;
    let on_commit = tx.take_on_commit();
    if ran != Ran::Done {
        roll_back(tx).await;
        return Ok(());
    }
    match tx.batch("COMMIT").await {
        Ok(()) => {
            committed(on_commit);
            Ok(())
        }
        Err(error) => {
            roll_back(tx).await;
            Err(error)
        }
    }
}

async fn roll_back(tx: &mut Tx) {
    tx.take_on_commit();
    tx.forget_ahead();
    // Fails where the database has ended the transaction itself: then there is nothing to roll back.
    if let Err(error) = tx.batch("ROLLBACK").await {
        tracing::debug!(%error, "nothing to roll back");
    }
    tx.take_failure();
}
