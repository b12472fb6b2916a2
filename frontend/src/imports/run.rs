//! Long work of the server while it runs: started, watched, cancelled.

use std::future::Future;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use wire::{ExportInput, Exported, ImportInput, Imported, Undone};

use crate::api::jobs::{self, Job, JobState};
use crate::api::{Problem, imports};
use crate::ui::{Progress, toast};
use crate::{i18n, text};

/// Long work that a dialog began: a dry run, an import, its undoing, an export, a bulk edit. One after the other.
#[derive(Clone, Copy)]
pub struct Run {
    job: RwSignal<Option<Job>>,
    pub running: RwSignal<bool>,
    /// Why it did not come to its end.
    pub fault: RwSignal<Option<String>>,
    /// The job that ended last.
    pub last: RwSignal<Option<String>>,
    /// How many places on the screen show how far it is.
    seen: StoredValue<u32>,
}

impl Run {
    pub fn new() -> Run {
        Run {
            job: RwSignal::new(None),
            running: RwSignal::new(false),
            fault: RwSignal::new(None),
            last: RwSignal::new(None),
            seen: StoredValue::new(0),
        }
    }

    /// Runs an import to its end and gives what it did. Nothing when it was refused, or failed before it did anything: then
    /// `fault` says so. What it did until it was cancelled or failed is given.
    pub async fn import(self, form: Id, input: &ImportInput) -> Option<Imported> {
        self.follow(imports::start(form, input), "import-cancelled").await.map(|(_, done)| done)
    }

    /// Takes back what the job that ended last did.
    pub async fn undo(self) -> Option<Undone> {
        let job = self.last.get_untracked()?;
        let import = job.clone();
        let undoing = async move { jobs::undo(&job).await };
        let undone = self.follow(undoing, "import-undo-cancelled").await;
        if undone.is_none() {
            // What failed can be gone on with.
            let _ = self.last.try_set(Some(import));
        }
        undone.map(|(_, done)| done)
    }

    /// Runs an export to its end.
    pub async fn export(self, form: Id, input: &ExportInput) -> Option<Exported> {
        self.follow(imports::export(form, input), "export-cancelled").await.map(|(_, done)| done)
    }

    /// Follows a job that is being started to its end and gives its id and its result. Nothing when it was refused or
    /// failed without one: then `fault` says so. What a cancelled one did until then is given, and the text `cancelled` says
    /// that it was.
    pub async fn follow<T: DeserializeOwned>(
        self,
        starting: impl Future<Output = Result<String, Problem>>,
        cancelled: &'static str,
    ) -> Option<(String, T)> {
        // The dialog's page may be left while the server works: its signals are gone then.
        let _ = self.running.try_set(true);
        let _ = self.fault.try_set(None);
        let ended = match starting.await {
            Ok(id) => jobs::watch(&id, |standing| drop(self.job.try_set(Some(standing)))).await,
            Err(problem) => Err(problem),
        };
        // Whoever has closed the dialog, or left its page, is told.
        if self.seen.try_get_value().unwrap_or_default() == 0
            && let Ok(job) = &ended
        {
            crate::jobs::tell_ended(job);
        }
        let _ = self.running.try_set(false);
        let _ = self.job.try_set(None);
        let (done, fault) = match ended {
            Ok(job) => {
                let id = job.id.clone();
                let _ = self.last.try_set(Some(id.clone()));
                let (done, fault) = read(job, cancelled);
                (done.map(|done| (id, done)), fault)
            }
            Err(problem) => (None, Some(problem.sentence())),
        };
        let _ = self.fault.try_set(fault);
        done
    }

    pub fn cancel(self) {
        let Some(job) = self.job.get_untracked() else { return };
        spawn_local(async move {
            if let Err(problem) = jobs::cancel(&job.id).await {
                toast::refused(&problem);
            }
        });
    }
}

/// What a job that is over did, and why it did not do all.
fn read<T: DeserializeOwned>(job: Job, cancelled: &'static str) -> (Option<T>, Option<String>) {
    let result = serde_json::from_value(job.result).ok();
    match job.state {
        JobState::Done => (result, None),
        JobState::Cancelled => (result, Some(i18n::lookup(cancelled, &[]))),
        JobState::Failed | JobState::Queued | JobState::Running => {
            let sentence = job.problem.map(|problem| problem.sentence());
            (result, Some(sentence.unwrap_or_else(|| text!("import-failed"))))
        }
    }
}

/// How far a run is.
#[component]
pub fn RunProgress(
    run: Run,
    /// What happens, such as 「正在检查」.
    #[prop(into)]
    label: Signal<String>,
    /// The text that says how many could not be saved so far.
    #[prop(default = "import-refused-so-far")]
    refused: &'static str,
) -> impl IntoView {
    run.seen.update_value(|seen| *seen += 1);
    on_cleanup(move || {
        let _ = run.seen.try_update_value(|seen| *seen = seen.saturating_sub(1));
    });
    let done = Signal::derive(move || run.job.with(|job| job.as_ref().map_or(0, |job| job.done)));
    let total =
        Signal::derive(move || run.job.with(|job| job.as_ref().and_then(|job| job.total).unwrap_or(0)));
    let errors = move || run.job.with(|job| job.as_ref().map_or(0, |job| job.errors));
    view! {
        <div class="stack" role="status">
            <div class="row between small-text">
                <span>{label}</span>
                <span class="num muted">
                    {move || (total.get() > 0).then(|| format!("{} / {}", i18n::whole(done.get()), i18n::whole(total.get())))}
                </span>
            </div>
            <Progress value=done max=total label=label/>
            {move || (errors() > 0).then(|| view! { <span class="warn">{move || i18n::lookup(refused, &[("count", errors().into())])}</span> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn job(state: &str, result: serde_json::Value) -> Job {
        serde_json::from_value(json!({"id": "1", "state": state, "result": result})).unwrap()
    }

    #[test]
    fn what_was_done_before_a_cancel_is_shown_with_the_reason() {
        let read = |job| read::<Imported>(job, "import-cancelled");
        let (done, fault) = read(job(
            "cancelled",
            json!({"created": 3, "updated": 0, "unchanged": 0, "failed": 0, "error_file": null, "batch": null, "faults": []}),
        ));
        assert_eq!(done.map(|done| done.created), Some(3));
        assert!(fault.is_some());
        let (done, fault) = read(job(
            "done",
            json!({"created": 3, "updated": 0, "unchanged": 0, "failed": 1, "error_file": "000000000000b", "batch": "000000000000d", "faults": []}),
        ));
        assert_eq!(done.map(|done| (done.failed, done.error_file)), Some((1, "000000000000b".parse().ok())));
        assert_eq!(fault, None);
        assert!(matches!(read(job("failed", json!(null))), (None, Some(_))));
        let (done, fault) = read(job(
            "failed",
            json!({"created": 2, "updated": 0, "unchanged": 0, "failed": 1, "error_file": "000000000000b", "batch": "000000000000d", "faults": []}),
        ));
        assert_eq!(done.map(|done| (done.created, done.error_file)), Some((2, "000000000000b".parse().ok())));
        assert!(fault.is_some());
    }
}
