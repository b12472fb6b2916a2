//! Clearing the sample records that came with a template: how many there are, the question, the progress, and what stays.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{DemoCleared, TemplateDemo};

use crate::api::Problem;
use crate::api::jobs::{self, Job, JobState};
use crate::api::templates::{clear_demo, demo};
use crate::ui::{Banner, Button, ButtonKind, Loaded, Progress, Tone, toast};
use crate::{i18n, t, text};

/// What came of clearing.
#[derive(Clone)]
struct Ended {
    job: String,
    cleared: DemoCleared,
}

#[component]
pub(super) fn ClearDemo(template: String) -> impl IntoView {
    let key = StoredValue::new(template);
    let left = LocalResource::new(move || async move { demo(&key.get_value()).await });
    let asking = RwSignal::new(false);
    let running = RwSignal::new(None::<Job>);
    let busy = RwSignal::new(false);
    let ended = RwSignal::new(None::<Ended>);
    let fault = RwSignal::new(None::<String>);

    let run = move || {
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let outcome = cleared(&key.get_value(), move |job| drop(running.try_set(Some(job)))).await;
            let _ = busy.try_set(false);
            let _ = running.try_set(None);
            let _ = asking.try_set(false);
            match outcome {
                Ok(done) => drop(ended.try_set(Some(done))),
                Err(sentence) => drop(fault.try_set(Some(sentence))),
            }
            left.refetch();
        });
    };
    let undo = move |job: String| {
        busy.set(true);
        spawn_local(async move {
            let outcome = taken_back(&job).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(()) => {
                    toast::show(text!("template-demo-undone"));
                    let _ = ended.try_set(None);
                }
                Err(sentence) => drop(fault.try_set(Some(sentence))),
            }
            left.refetch();
        });
    };
    let offer = move |there: TemplateDemo| {
        let TemplateDemo { unchanged, changed } = there;
        if unchanged + changed == 0 {
            return view! { <p class="small-text muted">{t!("template-demo-none")}</p> }.into_any();
        }
        view! {
            <p class="small-text soft-text" data-demo-left=unchanged.to_string()>
                {t!("template-demo-unchanged", count = unchanged)}
                " "
                {(changed > 0).then_some(t!("template-demo-changed", count = changed))}
                " "
                {t!("template-demo-linked")}
            </p>
            {move || match (unchanged > 0, asking.get()) {
                (false, _) => None,
                (true, false) => Some(view! {
                    <div class="row">
                        <Button icon="trash" on_press=move |_| asking.set(true)>{t!("template-demo-clear")}</Button>
                    </div>
                }.into_any()),
                (true, true) => Some(view! {
                    <div class="row">
                        <Button kind=ButtonKind::Danger busy=busy on_press=move |_| run()>
                            {t!("template-demo-clear-now", count = unchanged)}
                        </Button>
                        <Button on_press=move |_| asking.set(false)>{t!("ui-cancel")}</Button>
                    </div>
                }.into_any()),
            }}
        }
        .into_any()
    };
    let told = move || {
        let Ended { job, cleared } = ended.get()?;
        let stays = cleared.changed + cleared.linked + cleared.failed;
        let (deleted, has_deleted) = (cleared.deleted, cleared.deleted > 0);
        Some(view! {
            <Banner tone=Tone::Success>
                {t!("template-demo-cleared", count = deleted)}
                " "
                {(stays > 0).then_some(t!("template-demo-stay", count = stays))}
            </Banner>
            {has_deleted.then(|| view! {
                <div class="row">
                    <Button icon="undo" busy=busy on_press=move |_| undo(job.clone())>{t!("ui-undo")}</Button>
                </div>
            })}
        })
    };
    view! {
        <section class="stack" data-demo="">
            <h3>{t!("template-demo-title")}</h3>
            {move || fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
            {told}
            <Loaded answer=left view=offer lines=1/>
            {move || running.get().map(|job| view! { <Clearing job=job/> })}
        </section>
    }
}

/// How far it is.
#[component]
fn Clearing(job: Job) -> impl IntoView {
    let (done, total) = (job.done, job.total.unwrap_or(0));
    view! {
        <div class="stack" role="status">
            <div class="row between small-text">
                <span>{t!("template-demo-clearing")}</span>
                <span class="num muted">{move || (total > 0).then(|| format!("{} / {}", i18n::whole(done), i18n::whole(total)))}</span>
            </div>
            <Progress value=Signal::stored(done) max=Signal::stored(total) label=t!("template-demo-clearing")/>
        </div>
    }
}

/// Clears the demo, and gives what came of it or the sentence that says why not.
async fn cleared(template: &str, on_progress: impl Fn(Job)) -> Result<Ended, String> {
    let id = clear_demo(template).await.map_err(|problem| problem.sentence())?;
    let job = to_its_end(&id, on_progress).await?;
    let cleared = serde_json::from_value(job.result).unwrap_or_default();
    Ok(Ended { job: id, cleared })
}

/// Takes the clearing back.
async fn taken_back(job: &str) -> Result<(), String> {
    let id = jobs::undo(job).await.map_err(|problem| problem.sentence())?;
    to_its_end(&id, |_| ()).await.map(drop)
}

async fn to_its_end(id: &str, on_progress: impl Fn(Job)) -> Result<Job, String> {
    let job = jobs::watch(id, on_progress).await.map_err(|problem: Problem| problem.sentence())?;
    match job.state {
        JobState::Failed => Err(job.problem.map(|problem| problem.sentence()).unwrap_or_default()),
        JobState::Queued | JobState::Running | JobState::Done | JobState::Cancelled => Ok(job),
    }
}
