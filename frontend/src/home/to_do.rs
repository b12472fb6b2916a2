//! The tasks that wait for the reader, the first few.

use leptos::prelude::*;
use leptos_router::components::A;

use super::home_page::{Tasks, count_of};
use crate::api::Page;
use crate::api::tasks::Task;
use crate::ui::{Avatar, AvatarSize, Badge, Count, Empty, Loaded, Tone};
use crate::{browser, i18n, t, text};

#[component]
pub(super) fn ToDo(to_do: Tasks) -> impl IntoView {
    let list = |page: Page<Task>| {
        if page.items.is_empty() {
            view! { <Empty icon="inbox" title=t!("home-all-done") text=Signal::derive(t!("home-all-done-text"))/> }.into_any()
        } else {
            view! { <div class="rows">{page.items.into_iter().map(row).collect_view()}</div> }.into_any()
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("home-to-do")}{move || count_of(to_do).map(|count| view! { <Count value=count/> })}</h2>
                <A href="/inbox" attr:class="link small-text">{t!("home-all-tasks")}</A>
            </div>
            <Loaded answer=to_do view=list/>
        </section>
    }
}

fn row(task: Task) -> impl IntoView {
    let href = format!("/inbox?task={}", task.id);
    let title = task.title.clone();
    let badge = move |due| {
        let late = due < browser::now();
        view! {
            <Badge tone=if late { Tone::Danger } else { Tone::Warning } icon="clock">
                {move || if late { text!("task-overdue") } else { text!("task-due", at = i18n::around(due)) }}
            </Badge>
        }
    };
    let due = task.due;
    let (key, label) = (task.step, task.step_label);
    let step = move || {
        let label = label.as_ref().map(|label| label.get(i18n::language()).to_string());
        label.filter(|label| !label.is_empty()).unwrap_or_else(|| key.clone())
    };
    view! {
        <A href=href>
            <Avatar name=task.title.clone() size=AvatarSize::Large/>
            <span class="grow stack g1">
                <span class="row"><span class="medium clip" title=title>{task.title}</span>
                    {due.map(|due| view! { <span class="phone-hide">{badge(due)}</span> })}
                </span>
                <span class="note muted clip">
                    {step}
                    {task.arrived.map(|at| view! { <i class="sep"></i>{move || i18n::ago(at)} })}
                </span>
            </span>
            {due.map(|due| view! { <span class="phone-only">{badge(due)}</span> })}
            <span class="row no-print phone-hide"><span class="btn small">{t!("home-view")}</span></span>
        </A>
    }
}
