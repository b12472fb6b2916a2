//! How far the jobs of this process are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::value::Id;

use crate::service::Refusal;

/// The counts of a job.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub done: u64,
    pub total: Option<u64>,
    pub errors: u64,
    pub cancelled: bool,
    /// Whether the work ended before its end, and what was done stays.
    pub cut_short: bool,
    /// Why the work could not go on, where what was done before stays and has a result.
    pub failed: Option<Refusal>,
}

/// The jobs that this process works on.
#[derive(Clone, Debug, Default)]
pub struct InProgress(Arc<Mutex<HashMap<Id, Counts>>>);

impl InProgress {
    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Counts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self, job: Id) -> Handle {
        self.lock().insert(job, Counts::default());
        Handle { job, all: self.clone() }
    }

    pub(super) fn leave(&self, job: Id) {
        self.lock().remove(&job);
    }

    pub(super) fn counts(&self, job: Id) -> Option<Counts> {
        self.lock().get(&job).cloned()
    }

    /// Whether the job is one of this process.
    pub(super) fn cancel(&self, job: Id) -> bool {
        self.lock().get_mut(&job).map(|counts| counts.cancelled = true).is_some()
    }
}

/// What the work of a job says about itself, and hears.
#[derive(Clone, Debug)]
pub struct Handle {
    job: Id,
    all: InProgress,
}

impl Handle {
    fn change(&self, change: impl FnOnce(&mut Counts)) {
        if let Some(counts) = self.all.lock().get_mut(&self.job) {
            change(counts);
        }
    }

    /// Says how much there is to do, from the beginning.
    pub fn begin(&self, total: usize) {
        self.change(|counts| {
            *counts = Counts { total: Some(total as u64), cancelled: counts.cancelled, ..Counts::default() }
        });
    }

    /// Says how much there is to do, and how much of it was done before, by a server that stopped.
    pub fn go_on(&self, total: u64, done: u64, errors: u64) {
        self.change(|counts| {
            (counts.done, counts.total, counts.errors) = (done, Some(total), errors);
        });
    }

    /// Says that so much more was done.
    ///
    /// # Errors
    /// `job_cancelled` when somebody asked it to stop.
    pub fn advance(&self, by: usize) -> Result<(), Refusal> {
        self.change(|counts| counts.done += by as u64);
        match self.all.counts(self.job) {
            Some(counts) if counts.cancelled => Err(Refusal::conflict("job_cancelled")),
            Some(_) | None => Ok(()),
        }
    }

    /// Says that what was done is all that there was: the total was an estimate.
    pub fn settle(&self) {
        self.change(|counts| counts.total = Some(counts.done));
    }

    /// Says that the work was stopped and what was done stays: the job has a result all the same.
    pub fn cut_short(&self) {
        self.change(|counts| counts.cut_short = true);
    }

    /// Says that the work could not go on and what was done stays: the job has failed, and has a result all the same.
    pub fn fail(&self, refusal: Refusal) {
        self.change(|counts| counts.failed = Some(refusal));
    }

    /// Counts pieces of work that could not be done.
    pub fn add_errors(&self, errors: usize) {
        self.change(|counts| counts.errors += errors as u64);
    }
}
