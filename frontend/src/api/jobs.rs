//! Long work in the background: started by a call, watched by its events.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use engine::text::Label;
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
    /// What it works on, as long as it is under way.
    #[serde(default)]
    pub about: Option<Label>,
}

impl Job {
    /// Takes in how it stands now.
    pub fn stand(&mut self, now: Job) {
        *self = Job { at: now.at.or(self.at.take()), ..now };
    }
}

/// Between two questions for a job whose stream broke.
const SOON: Duration = Duration::from_millis(700);
/// Between two questions for one of many jobs; and how many of them may fail in a row.
const SELDOM: Duration = Duration::from_secs(2);
const PATIENCE: u32 = 5;

/// The jobs that this page watches, each by how many. Outside any owner: they go on without whoever began them.
static WATCHED: LazyLock<ArcRwSignal<BTreeMap<String, usize>>> =
    LazyLock::new(|| ArcRwSignal::new(BTreeMap::new()));

/// How many jobs that were begun or are looked at here are under way; tracked.
pub fn under_way() -> usize {
    WATCHED.with(BTreeMap::len)
}

/// A job is watched as long as this is there.
struct Watched(String);

impl Watched {
    fn of(id: &str) -> Watched {
        WATCHED.update(|watched| *watched.entry(id.to_string()).or_default() += 1);
        Watched(id.to_string())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        WATCHED.update(|watched| {
            if let Some(by) = watched.get_mut(&self.0) {
                *by = by.saturating_sub(1);
            }
            watched.retain(|_, by| *by > 0);
        });
    }
}

/// The reader's newest jobs, the last one first.
pub async fn newest() -> Result<List<Job>, Problem> {
    Call::get("/jobs").send().await
}

/// The reader's imports that are under way.
pub async fn imports_under_way() -> Result<Vec<Job>, Problem> {
    let list: List<Job> = Call::get("/jobs").query("under_way", true).send().await?;
    Ok(list.items.into_iter().filter(|job| job.kind == "import").collect())
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
    let _watched = Watched::of(id);
    if let Some(job) = watch_events(id, &on_progress).await {
        return Ok(job);
    }
    // The stream broke or could not be opened: ask instead.
    ask_to_its_end(id, on_progress, SOON, 0).await
}

/// As [`watch`], for one of many jobs: each stream would take one of the few connections that a browser opens to a server. Who
/// drops it follows the job no more.
pub async fn follow(id: &str, on_progress: impl Fn(Job)) -> Result<Job, Problem> {
    let _watched = Watched::of(id);
    ask_to_its_end(id, on_progress, SELDOM, PATIENCE).await
}

/// Asks for a job again and again; `patience` is how many questions may fail in a row.
async fn ask_to_its_end(
    id: &str,
    on_progress: impl Fn(Job),
    pause: Duration,
    patience: u32,
) -> Result<Job, Problem> {
    let mut failures = 0;
    loop {
        match job(id).await {
            Ok(job) => {
                failures = 0;
                on_progress(job.clone());
                if job.state.is_over() {
                    return Ok(job);
                }
            }
            Err(problem) if failures >= patience => return Err(problem),
            Err(_) => failures += 1,
        }
        gloo_timers::future::sleep(pause).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_under_way_until_the_last_who_watches_it_has_gone() {
        let count = || WATCHED.with_untracked(BTreeMap::len);
        let (one, again, other) = (Watched::of("a"), Watched::of("a"), Watched::of("b"));
        assert_eq!(count(), 2);
        drop(one);
        assert_eq!(count(), 2);
        drop(other);
        assert_eq!(count(), 1);
        drop(again);
        assert_eq!(count(), 0);
    }
}
