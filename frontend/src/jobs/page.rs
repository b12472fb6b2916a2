//! The page of long work: whoever left it while it went on finds it here, and what came of it.

use engine::value::parse_timestamp;
use futures::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::List;

use super::words::{files_of, icon_of, name_of, standing};
use crate::api::jobs::{self, Job};
use crate::api::{Problem, files};
use crate::shell::Top;
use crate::ui::{Badge, Button, ControlSize, Crumb, Empty, Icon, IconSize, Loaded, Progress, toast};
use crate::{i18n, t, text};

#[component]
pub fn JobsPage() -> impl IntoView {
    let answer = LocalResource::new(jobs::newest);
    let again = Callback::new(move |()| answer.refetch());
    let list = move |page: List<Job>| {
        if page.items.is_empty() {
            return view! { <Empty icon="refresh" title=t!("jobs-none") text=Signal::derive(t!("jobs-none-text"))/> }
                .into_any();
        }
        let rows = page.items.into_iter().map(|job| view! { <Row job=job on_more=again/> });
        view! { <ul class="notices">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <Top crumbs=Signal::derive(|| vec![Crumb::here(text!("jobs-title"))])/>
        <main class="page">
            <div class="page-in">
                <section class="card"><Loaded answer=answer view=list lines=6/></section>
            </div>
        </main>
    }
}

/// One piece of work; while it is under way it is followed.
#[component]
fn Row(
    job: Job,
    /// Hears that more work was begun.
    on_more: Callback<()>,
) -> impl IntoView {
    let (id, kind) = (StoredValue::new(job.id.clone()), job.kind.clone());
    let at = job.at.as_deref().and_then(parse_timestamp);
    let is_over = job.state.is_over();
    let job = RwSignal::new(job);
    if !is_over {
        let (following, handle) = abortable(async move {
            let Some(id) = id.try_get_value() else { return };
            let stands = |standing: Job| {
                let _ = job.try_update(|job| job.stand(standing));
            };
            // What can be done with it now is known to the list. Where no answer comes, the list is asked for by hand.
            if jobs::follow(&id, stands).await.is_ok() {
                let _ = on_more.try_run(());
            }
        });
        spawn_local(async move {
            // It ends when the row goes.
            let _ = following.await;
        });
        on_cleanup(move || handle.abort());
    }
    let tell = move |answer: Result<(), Problem>| match answer {
        Ok(()) => {
            let _ = on_more.try_run(());
        }
        Err(problem) => toast::refused(&problem),
    };
    let cancel = move |_| {
        let id = id.get_value();
        spawn_local(async move { tell(jobs::cancel(&id).await) });
    };
    let undo = move |_| {
        let id = id.get_value();
        spawn_local(async move { tell(jobs::undo(&id).await.map(drop)) });
    };
    let icon = icon_of(&kind);
    let called = StoredValue::new(kind);
    let name = move || called.with_value(|kind| name_of(kind));
    let mark = move || {
        let (words, tone) = job.with(|job| standing(job.state));
        view! { <Badge tone=tone>{move || i18n::lookup(words, &[])}</Badge> }
    };
    let under_way = Memo::new(move |_| job.with(|job| !job.state.is_over()));
    let done = Signal::derive(move || job.with(|job| job.done));
    let total = Signal::derive(move || job.with(|job| job.total.unwrap_or_default()));
    let counted = move || {
        (total.get() > 0).then(|| format!("{} / {}", i18n::whole(done.get()), i18n::whole(total.get())))
    };
    let errors = move || {
        let errors = job.with(|job| job.errors);
        (errors > 0).then(|| view! { <span class="warn">{t!("job-errors", count = errors)}</span> })
    };
    let why = move || {
        let problem = job.with(|job| job.problem.as_ref().map(Problem::sentence));
        problem.map(|sentence| view! { <span class="bad-text">{sentence}</span> })
    };
    let outcome = move || {
        let files = job.with(files_of);
        let link = |(id, words): (String, &'static str)| {
            let id = id.parse().ok()?;
            Some(view! {
                <a class="btn small" href=files::address(id) download="">
                    <Icon name="download" size=IconSize::Small/>{move || i18n::lookup(words, &[])}
                </a>
            })
        };
        files.into_iter().filter_map(link).collect_view()
    };
    let may_undo = Memo::new(move |_| job.with(|job| job.can_be_undone));
    let label = Signal::derive(name);
    view! {
        <li class="notice">
            <span class="notice-body">
                <Icon name=icon size=IconSize::Normal/>
                <span class="grow stack g1">
                    <span class="row"><b>{name}</b>{mark}</span>
                    <span class="note muted">
                        {at.map(|at| view! { {move || i18n::ago(at)} })}
                        {move || counted().map(|words| view! { <i class="sep"></i><span class="num">{words}</span> })}
                    </span>
                    <Show when=move || under_way.get()><Progress value=done max=total label=label/></Show>
                    {errors}
                    {why}
                </span>
            </span>
            {outcome}
            <Show when=move || under_way.get()>
                <Button size=ControlSize::Small on_press=cancel>{t!("ui-cancel")}</Button>
            </Show>
            <Show when=move || may_undo.get()>
                <Button size=ControlSize::Small icon="undo" on_press=undo>{t!("ui-undo")}</Button>
            </Show>
        </li>
    }
}
