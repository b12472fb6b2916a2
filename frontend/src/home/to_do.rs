//! The tasks that wait for the reader, the first few.

use leptos::prelude::*;
use leptos_router::components::A;

use super::home_page::{Tasks, count_of};
use crate::api::tasks::{Task, TaskFact};
use crate::inbox::{DueBadge, Face};
use crate::ui::{Avatar, AvatarSize, Count, Empty, ProblemView, Skeleton};
use crate::{i18n, t};

/// How many tasks are shown before 「全部待办」.
const SHOWN: usize = 5;

#[component]
pub(super) fn ToDo(to_do: Tasks) -> impl IntoView {
    let first = move || -> Vec<Task> {
        let items = to_do.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        items.into_iter().take(SHOWN).collect()
    };
    // Known to be empty or not, or refused; nothing until then.
    let answered = Memo::new(move |_| to_do.get().map(|answer| answer.map(|page| page.items.is_empty())));
    let list = move || match answered.get() {
        None => view! { <div class="card-body"><Skeleton lines=4/></div> }.into_any(),
        Some(Err(problem)) => {
            view! { <ProblemView problem=problem on_retry=move |()| to_do.refetch()/> }.into_any()
        }
        Some(Ok(true)) => all_done(),
        // Each row stays what it is when others come and go, also under the mouse.
        Some(Ok(false)) => {
            view! { <div class="rows"><For each=first key=Face::of children=row/></div> }.into_any()
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("home-to-do")}{move || count_of(to_do).map(|count| view! { <Count value=count/> })}</h2>
                <A href="/inbox" attr:class="link small-text">{t!("home-all-tasks")}</A>
            </div>
            {list}
        </section>
    }
}

fn all_done() -> AnyView {
    let text = Signal::derive(t!("home-all-done-text"));
    view! { <Empty icon="inbox" title=t!("home-all-done") text=text/> }.into_any()
}

fn row(task: Task) -> impl IntoView {
    let href = format!("/inbox?task={}", task.id);
    let by = task.by();
    let name = task.name();
    let form = task.form_label.clone();
    let submitter = task.submitter_name.clone().filter(|name| !name.is_empty());
    let behalf = task.on_behalf_of_name.clone().filter(|name| !name.is_empty());
    // The first figure is what one asks for first.
    let figure = task.facts.iter().find(|fact| fact.numeric).map(TaskFact::shown);
    let (due, arrived, title) = (task.due, task.arrived, task.title.clone());
    let title = if task.record_deleted { name.clone() } else { title };
    let has_form = form.as_ref().is_some_and(|label| !title.starts_with(label.get(i18n::language_now())));
    view! {
        <A href=href>
            <Avatar name=by size=AvatarSize::Large/>
            <span class="grow stack g1">
                <span class="row">
                    <span class="medium clip" title=name>
                        {form.filter(|_| has_form).map(|label| view! { {move || label.get(i18n::language()).to_string()}<i class="sep"></i> })}
                        {title}
                    </span>
                    <span class="phone-hide"><DueBadge due=due/></span>
                </span>
                <span class="note muted clip">
                    {submitter.map(|name| view! { <span class="phone-hide">{t!("home-submitted-by", name = name)}<i class="sep"></i></span> })}
                    {move || task.step_name()}
                    {behalf.map(|name| view! { <i class="sep"></i>{t!("flow-on-behalf", name = name)} })}
                    {arrived.map(|at| view! { <i class="sep"></i>{move || i18n::ago(at)} })}
                </span>
            </span>
            <span class="stack g1 text-right nowrap">
                {figure.map(|figure| view! { <span class="num medium nowrap">{figure}</span> })}
                <span class="phone-only"><DueBadge due=due/></span>
            </span>
            <span class="row no-print phone-hide"><span class="btn small">{t!("home-view")}</span></span>
        </A>
    }
}
