//! The lists of the inbox, and the chosen task beside them.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::task::TaskView;
use crate::api::Page;
use crate::api::tasks::{self, Task, TaskBox};
use crate::i18n;
use crate::shell::ShellContext;
use crate::t;
use crate::ui::{Empty, Loaded, Tab, Tabs};

const BOXES: [TaskBox; 4] = [TaskBox::ToDo, TaskBox::Started, TaskBox::Handled, TaskBox::Cc];

#[component]
pub fn InboxPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let query = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    let of = Memo::new(move |_| {
        let name = query.with(|query| query.get("box")).unwrap_or_default();
        BOXES.into_iter().find(|of| of.name() == name).unwrap_or(TaskBox::ToDo)
    });
    let chosen = Memo::new(move |_| query.with(|query| query.get("task")));
    let go = move |of: TaskBox, task: Option<&str>| {
        let task = task.map(|task| format!("&task={task}")).unwrap_or_default();
        navigate
            .with_value(|navigate| navigate(&format!("/inbox?box={}{task}", of.name()), Default::default()));
    };
    let round = RwSignal::new(0u32);
    let beside = RwSignal::new(false);
    let answer = LocalResource::new(move || {
        let of = of.get();
        round.track();
        async move { tasks::tasks(of, 100).await }
    });
    let items = move || match answer.get() {
        Some(Ok(page)) => page.items,
        _ => Vec::new(),
    };
    let step = move |by: i64| {
        let items = untrack(items);
        let at =
            chosen.with_untracked(|chosen| items.iter().position(|task| Some(&task.id) == chosen.as_ref()));
        let next = at.map_or(0, |at| (at as i64 + by).clamp(0, items.len() as i64 - 1));
        if let Some(task) = items.get(next as usize) {
            go(of.get_untracked(), Some(&task.id));
        }
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if crate::browser::is_typing() || event.ctrl_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "j" | "J" => step(1),
            "k" | "K" => step(-1),
            _other_key => {}
        }
    });
    on_cleanup(move || keys.remove());
    let done = move |()| {
        go(of.get_untracked(), None);
        round.update(|round| *round += 1);
        shell.count_to_do();
    };
    let card = move |task: Task| {
        let (id, current) = (task.id.clone(), task.id.clone());
        let arrived = task.arrived.map(i18n::ago);
        let step = task.step_label.as_ref().map(|label| label.get(i18n::language()).to_string());
        view! {
            <button
                type="button"
                class="task"
                aria-current=move || chosen.with(|chosen| (chosen.as_ref() == Some(&current)).then_some("true"))
                on:click=move |_| go(of.get_untracked(), Some(&id))
            >
                <span class="task-head"><b class="clip grow">{task.title.clone()}</b></span>
                <span class="task-foot">
                    <span class="clip">{step.filter(|step| !step.is_empty()).unwrap_or(task.step)}</span>
                    <span class="push nowrap">{arrived}</span>
                </span>
            </button>
        }
    };
    let list = move |page: Page<Task>| {
        if page.items.is_empty() {
            view! { <Empty icon="inbox" title=t!("inbox-empty")/> }.into_any()
        } else {
            page.items.into_iter().map(card).collect_view().into_any()
        }
    };
    let tabs = vec![
        Tab::new("todo", t!("inbox-todo")),
        Tab::new("started", t!("inbox-started")),
        Tab::new("handled", t!("inbox-handled")),
        Tab::new("cc", t!("inbox-cc")),
    ];
    let select = move |name: &'static str| {
        if let Some(of) = BOXES.into_iter().find(|of| of.name() == name) {
            go(of, None);
        }
    };
    let detail = move || {
        let chosen = chosen.get()?;
        let task = items().into_iter().find(|task| task.id == chosen)?;
        beside.set(false);
        let back = move |()| go(of.get_untracked(), None);
        Some(view! { <TaskView task=task on_done=done on_back=back beside=beside/> })
    };
    view! {
        <div class="inbox" class:with-task=move || chosen.with(Option::is_some) class:shows-side=move || beside.get()>
            <section class="inbox-list" aria-label=t!("inbox-title")>
                <Tabs tabs=tabs selected=Signal::derive(move || of.get().name().to_string()) on_select=select/>
                <div class="inbox-cards"><Loaded answer=answer view=list/></div>
                <div class="status-line phone-hide">
                    <span class="row"><kbd>"J"</kbd><kbd>"K"</kbd>{t!("inbox-move")}</span>
                    <span class="row"><kbd>"A"</kbd>{t!("flow-approve")}</span>
                    <span class="row"><kbd>"R"</kbd>{t!("flow-reject")}</span>
                </div>
            </section>
            {detail}
        </div>
    }
}
