//! Long work in the background: started by a call, watched by its events.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value as Json;

use wire::List;
pub use wire::{JobStarted, JobState};

use super::{Call, Problem, segment};

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Job {
    pub id: String,
    #[serde(default)]
    pub kind: String,
    /// When it was begun.
    #[serde(default)]
    pub at: Option<String>,
    pub state: JobState,
    #[serde(default)]
    pub done: u64,
    #[serde(default)]
    pub total: Option<u64>,
    #[serde(default)]
    pub errors: u64,
    #[serde(default)]
    pub result: Json,
    #[serde(default)]
    pub problem: Option<Problem>,
    /// Whether what it saved can be taken back.
    #[serde(default)]
    pub can_be_undone: bool,
}

impl Job {
    /// Takes in how it stands now.
    pub fn stand(&mut self, now: Job) {
        *self = Job { at: now.at.or(self.at.take()), ..now };
    }
}

/// The jobs that this page watches. Outside any owner: they go on without whoever began them.
static WATCHED: LazyLock<ArcRwSignal<BTreeSet<String>>> = LazyLock::new(|| ArcRwSignal::new(BTreeSet::new()));

/// How many jobs that were begun or are looked at here are under way; tracked.
pub fn under_way() -> usize {
    WATCHED.with(BTreeSet::len)
}

/// The reader's newest jobs, the last one first.
pub async fn newest() -> Result<List<Job>, Problem> {
    Call::get("/jobs").send().await
}

pub async fn job(id: &str) -> Result<Job, Problem> {
    Call::get(format!("/jobs/{}", segment(id))).send().await
}

pub async fn cancel(id: &str) -> Result<(), Problem> {
    Call::post(format!("/jobs/{}/cancel", segment(id))).send_unit().await
}

/// Begins to take back what a job did; answers the id of the job that does.
pub async fn undo(id: &str) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/jobs/{}/undo", segment(id))).send().await?;
    Ok(started.job.to_string())
}

/// Watches a job to its end; each standing is reported. The end is answered.
pub async fn watch(id: &str, on_progress: impl Fn(Job)) -> Result<Job, Problem> {
    WATCHED.update(|watched| {
        watched.insert(id.to_string());
    });
    let ended = watch_to_its_end(id, on_progress).await;
    WATCHED.update(|watched| {
        watched.remove(id);
    });
    ended
}

async fn watch_to_its_end(id: &str, on_progress: impl Fn(Job)) -> Result<Job, Problem> {
    if let Some(job) = watch_events(id, &on_progress).await {
        return Ok(job);
    }
    // The stream broke or could not be opened: ask instead.
    loop {
        let job = job(id).await?;
        on_progress(job.clone());
        if job.state.is_over() {
            return Ok(job);
        }
        gloo_timers::future::TimeoutFuture::new(700).await;
    }
}

async fn watch_events(id: &str, on_progress: &impl Fn(Job)) -> Option<Job> {
    let mut events = EventSource::new(&format!("/api/v1/jobs/{}/events", segment(id))).ok()?;
    let messages = events.subscribe("message").ok()?;
    let named = events.subscribe("job").ok()?;
    let mut both = futures::stream::select(messages, named);
    while let Some(Ok((_, event))) = both.next().await {
        let job: Job = serde_json::from_str(&event.data().as_string()?).ok()?;
        on_progress(job.clone());
        if job.state.is_over() {
            return Some(job);
        }
    }
    None
}
