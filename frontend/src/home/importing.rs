//! Imports that the reader has begun and that go on: how far each is, when it will be over, and stopping it. Whoever left the
//! list in which it was begun, or loaded the page anew, finds it here.

use engine::value::parse_timestamp;
use futures::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use crate::api::jobs::{self, Job};
use crate::jobs::words_of;
use crate::ui::{Button, ButtonKind, ControlSize, Progress, toast, wait_for};
use crate::{i18n, t, text};

/// Before so many seconds have gone nobody can say how long it will take.
const KNOWN_AFTER: i64 = 3;

#[component]
pub(super) fn Importing() -> impl IntoView {
    let answer = LocalResource::new(jobs::imports_under_way);
    wait_for(move || answer.with(Option::is_some));
    move || {
        let jobs = answer.get().and_then(Result::ok).unwrap_or_default();
        jobs.into_iter().map(|job| view! { <Import job=job/> }).collect_view()
    }
}

/// One of them; it is followed to its end, and stays with what became of it.
#[component]
fn Import(job: Job) -> impl IntoView {
    let id = StoredValue::new(job.id.clone());
    // What is over does not say what it was about.
    let about = job.about.clone();
    let job = RwSignal::new(job);
    let (following, handle) = abortable(async move {
        let Some(id) = id.try_get_value() else { return };
        let stands = |standing: Job| {
            let _ = job.try_update(|job| job.stand(standing));
        };
        // Where no answer comes any more the card stays as it is.
        let _ = jobs::follow(&id, stands).await;
    });
    spawn_local(async move {
        // It ends when the card goes.
        let _ = following.await;
    });
    on_cleanup(move || handle.abort());
    let cancel = move |_| {
        let id = id.get_value();
        spawn_local(async move {
            if let Err(problem) = jobs::cancel(&id).await {
                toast::refused(&problem);
            }
        });
    };
    let is_over = Memo::new(move |_| job.with(|job| job.state.is_over()));
    let name = Signal::derive(move || {
        let form = about.as_ref().map(|label| label.get(i18n::language()).to_string());
        match (form, is_over.get()) {
            (Some(form), false) => text!("home-importing-into", form = form),
            (Some(form), true) => text!("home-import-of", form = form),
            (None, false) => text!("import-running"),
            (None, true) => text!("job-import"),
        }
    });
    let done = Signal::derive(move || job.with(|job| job.done));
    let total = Signal::derive(move || job.with(|job| job.total.unwrap_or_default()));
    let counted = move || {
        (total.get() > 0).then(|| {
            text!("home-import-rows", done = i18n::whole(done.get()), total = i18n::whole(total.get()))
        })
    };
    let errors = move || {
        let errors = job.with(|job| job.errors);
        (errors > 0).then(|| view! { <i class="sep"></i><span class="warn">{t!("import-refused-so-far", count = errors)}</span> })
    };
    let left = move || {
        let seconds = job.with(|job| left(job, i18n::now().as_second()))?;
        Some(text!("home-import-left", time = i18n::lasting_for(seconds)))
    };
    let button = move || match is_over.get() {
        false => view! {
            <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=cancel>{t!("ui-cancel")}</Button>
        }
        .into_any(),
        true => view! { <A href="/jobs" attr:class="link small-text">{t!("jobs-show")}</A> }.into_any(),
    };
    view! {
        <section class="card" data-import=id.get_value()>
            <div class="card-body stack g2">
                <div class="row between"><span class="medium clip">{name}</span>{button}</div>
                <Progress value=done max=total label=name/>
                <div class="row between note muted">
                    <span>{counted}{errors}</span>
                    <span class="nowrap">
                        {move || match is_over.get() {
                            true => Some(i18n::lookup(words_of(job.with(|job| job.state)), &[])),
                            false => left(),
                        }}
                    </span>
                </div>
            </div>
        </section>
    }
}

/// In how many seconds it will be over where it goes on as it did until now; nothing while that can't be told.
fn left(job: &Job, now: i64) -> Option<i64> {
    let begun = job.at.as_deref().and_then(parse_timestamp)?.as_second();
    let gone = now.checked_sub(begun).filter(|gone| *gone >= KNOWN_AFTER)?;
    let (done, total) = (i64::try_from(job.done).ok()?, i64::try_from(job.total?).ok()?);
    let open = total.checked_sub(done).filter(|open| *open > 0)?;
    gone.checked_mul(open)?.checked_div(done)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn how_long_it_will_take_is_told_by_how_long_it_took() {
        let job = |done: u64, total: Option<u64>| -> Job {
            let at = "2026-03-02T08:00:00Z";
            serde_json::from_value(
                json!({"id": "1", "state": "running", "at": at, "done": done, "total": total}),
            )
            .unwrap()
        };
        let begun = parse_timestamp("2026-03-02T08:00:00Z").unwrap().as_second();
        assert_eq!(left(&job(1_200, Some(1_800)), begun + 40), Some(20));
        assert_eq!(left(&job(1_200, Some(1_800)), begun + 1), None, "it has only begun");
        assert_eq!(left(&job(0, Some(1_800)), begun + 40), None);
        assert_eq!(left(&job(1_800, Some(1_800)), begun + 40), None);
        assert_eq!(left(&job(12, None), begun + 40), None);
    }
}
