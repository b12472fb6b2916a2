//! A script runs on a thread of its own, and its questions are answered here, in the transaction of its save.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use engine::script::{About, Host, MAX_SECONDS, Question, Said, Script, Stopped, Told};
use engine::value::Id;
use store::Tx;
use tokio::sync::{mpsc, oneshot};
use wire::records::Fields;

use crate::service::Refusal;
use crate::service::records::Order;
use crate::service::records::order::InScript;
use crate::service::records::trial::Trial;

/// A script that runs, and for whom.
pub(super) struct Asker<'o> {
    pub order: &'o Order,
    /// The app of the script: its names of forms are meant there.
    pub app: Id,
    pub key: &'o str,
    pub within: Arc<InScript>,
}

/// Before it runs there is nobody to ask.
pub(super) struct Nobody;

impl Host for Nobody {
    fn ask(&self, _: Question) -> Result<Told, Stopped> {
        Err(Stopped)
    }
}

/// A question on its way to the transaction.
struct Asked {
    question: Question,
    answer: oneshot::Sender<Result<Told, Stopped>>,
}

/// The script's end of the way.
struct Bridge {
    questions: mpsc::Sender<Asked>,
    clock: Arc<Clock>,
    /// Who tries the script out, and hears what it says.
    trial: Option<Arc<Trial>>,
    key: String,
}

/// The time that a script takes, without what it waits for others.
struct Clock {
    started: Instant,
    /// Microseconds.
    waited: AtomicU64,
}

impl Clock {
    fn has_run_out(&self) -> bool {
        let waited = Duration::from_micros(self.waited.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(waited) > Duration::from_secs(MAX_SECONDS)
    }
}

impl Host for Bridge {
    fn ask(&self, question: Question) -> Result<Told, Stopped> {
        let begun = Instant::now();
        let (answer, told) = oneshot::channel();
        self.questions.blocking_send(Asked { question, answer }).map_err(|_| Stopped)?;
        // Who has gone away answers nobody.
        let told = told.blocking_recv().unwrap_or(Err(Stopped));
        let waited = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.clock.waited.fetch_add(waited, Ordering::Relaxed);
        told
    }

    fn hear(&self, said: Said) {
        if let Some(trial) = &self.trial {
            trial.hear(&self.key, said);
        }
    }
}

impl Asker<'_> {
    /// Runs a script; gives the fields of its record that it sets.
    ///
    /// # Errors
    /// What it refuses, and what is refused to it.
    pub async fn run(&self, tx: &mut Tx, script: Arc<Script>, about: About) -> Result<Fields, Refusal> {
        let (questions, mut asked) = mpsc::channel::<Asked>(1);
        let clock = Arc::new(Clock { started: Instant::now(), waited: AtomicU64::new(0) });
        let (watched, trial) = (clock.clone(), self.order.trial.clone());
        let is_over =
            move || watched.has_run_out() || trial.as_ref().is_some_and(|trial| trial.has_run_out());
        let budget = about.budget.clone().with_stop(Arc::new(is_over));
        let (trial, key) = (self.order.trial.clone(), self.key.to_string());
        let about = About { host: Arc::new(Bridge { questions, clock, trial, key }), budget, ..about };
        let running = tokio::task::spawn_blocking(move || script.run(about));
        let mut refused = None;
        while let Some(Asked { question, answer }) = asked.recv().await {
            let told = self.answer(tx, question).await.map_err(|refusal| {
                refused = Some(refusal);
                Stopped
            });
            // A script that was stopped meanwhile hears nothing.
            drop(answer.send(told));
        }
        let ended = running.await.map_err(Refusal::internal)?;
        match refused {
            Some(refusal) => Err(refusal),
            None => ended.map_err(|halt| self.halted(halt)),
        }
    }
}
