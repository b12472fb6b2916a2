//! The lists of the inbox, and the chosen task beside them.

use std::collections::BTreeMap;

use engine::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::batch::{Batch, BatchBar};
use super::decision::After;
use super::filters::Filters;
use super::listed::Listed;
use super::print_out::note_to_print;
use super::starting::StartRequest;
use super::task::TaskView;
use super::{DecisionBadge, DueBadge, FlowBadge};
use crate::api::Problem;
use crate::api::tasks::{self, Only, Task, TaskBox, TaskFact, TaskFilter};
use crate::records::Leaving;
use crate::shell::ShellContext;
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonKind, Empty, Icon, IconButton, ProblemView, Skeleton, Split, SplitBar,
    Tab, Tabs,
};
use crate::{browser, i18n, t, text};

/// Facts on the card of a task.
const CARD_FACTS: usize = 2;

const BOXES: [TaskBox; 4] = [TaskBox::ToDo, TaskBox::Started, TaskBox::Handled, TaskBox::Cc];

/// How the list beside the task stands.
#[derive(Clone, PartialEq)]
enum Stands {
    Coming,
    Refused(Box<Problem>),
    Empty,
    There,
}

/// What the card of a task shows: where any of it is another, so is the card.
#[derive(PartialEq, Eq, Hash)]
pub struct Face {
    id: String,
    name: String,
    state: String,
    step: Option<String>,
    behalf: Option<String>,
    moments: [Option<Timestamp>; 3],
    facts: Vec<String>,
}

impl Face {
    pub fn of(task: &Task) -> Face {
        Face {
            id: task.id.clone(),
            name: task.name(),
            state: task.state.clone(),
            step: task.step_name(),
            behalf: task.on_behalf_of_name.clone(),
            moments: [task.arrived, task.due, task.decided],
            facts: task.facts.iter().map(|fact| fact.text.clone()).collect(),
        }
    }
}

/// The place of a list, as far as it is narrowed, with the task that is open beside it.
fn address(of: TaskBox, filter: &TaskFilter, task: Option<&str>) -> String {
    let app = filter.app.iter().map(|app| format!("&app={app}"));
    let form = filter.form.iter().map(|form| format!("&form={form}"));
    let only = filter.only.iter().map(|only| format!("&only={}", only.name()));
    let task = task.iter().map(|task| format!("&task={task}"));
    let rest: String = app.chain(form).chain(only).chain(task).collect();
    format!("/inbox?box={}{rest}", of.name())
}

/// Whether a task that was asked for anew is still the same work: whoever has it open goes on without being disturbed.
fn is_same_work(open: &Task, now: &Task) -> bool {
    let work =
        |task: &Task| (task.record_deleted, task.state.clone(), task.step.clone(), task.actions.clone());
    work(open) == work(now)
}

/// Where a list has nothing. One that is narrowed says so, and leads to all of it.
fn nothing_in(of: TaskBox, all: Option<Callback<()>>) -> AnyView {
    if let Some(all) = all {
        return view! {
            <Empty icon="filter" title=t!("inbox-nothing-fits")>
                <Button on_press=move |_| all.run(())>{t!("inbox-show-all")}</Button>
            </Empty>
        }
        .into_any();
    }
    if of != TaskBox::ToDo {
        return view! { <Empty icon="inbox" title=t!("inbox-empty")/> }.into_any();
    }
    let text = Signal::derive(t!("home-all-done-text"));
    view! { <Empty icon="inbox" title=t!("home-all-done") text=text/> }.into_any()
}

#[component]
pub fn InboxPage() -> impl IntoView {
    Effect::new(|| browser::set_title(&format!("{} – Formwork", text!("inbox-title"))));
    let shell = ShellContext::expect();
    let query = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    let of = Memo::new(move |_| {
        let name = query.with(|query| query.get("box")).unwrap_or_default();
        BOXES.into_iter().find(|of| of.name() == name).unwrap_or(TaskBox::ToDo)
    });
    let chosen = Memo::new(move |_| query.with(|query| query.get("task")));
    let filter = Memo::new(move |_| {
        let only = query.with(|query| query.get("only")).and_then(|name| Only::from_name(&name));
        let only = only.filter(|only| Only::of(of.get()).contains(only));
        let named = |name: &str| query.with(|query| query.get(name)).filter(|named| !named.is_empty());
        TaskFilter { app: named("app"), form: named("form"), only }
    });
    let go_to = move |to: String| navigate.with_value(|navigate| navigate(&to, Default::default()));
    let go = move |to: TaskBox, task: Option<&str>| {
        let filter = filter.get_untracked();
        // Another list begins with all that is in it, of the app that one came from.
        let filter = match to == of.get_untracked() {
            true => filter,
            false => TaskFilter { app: filter.app, ..TaskFilter::default() },
        };
        go_to(address(to, &filter, task));
    };
    // Edits at the task beside the list stand in the way of every step to another one.
    let leaving = Leaving::new();
    provide_context(leaving);
    let leave_for = move |of: TaskBox, task: Option<String>| {
        leaving.then(move || go(of, task.as_deref()));
    };
    let beside = RwSignal::new(false);
    let listed = Listed::new(of, filter);
    let answer = listed.answer;
    // What was decided here is gone at once, before the list is there anew; each with the round that knows of it. It may come
    // back: by being taken back, or handed to and fro.
    let decided = RwSignal::new(BTreeMap::<String, u32>::new());
    let items = move || -> Vec<Task> {
        let Some(list) = listed.list() else { return Vec::new() };
        let (shown, round) = (list.of, list.round);
        let gone = |task: &Task| {
            shown == TaskBox::ToDo
                && decided.with(|decided| decided.get(&task.id).is_some_and(|known| round < *known))
        };
        list.page.items.into_iter().filter(|task| !gone(task)).collect()
    };
    // What came or went elsewhere shows by itself. One task and a number say whether there is more to ask for; who comes back
    // gets all of it anew.
    Effect::new(move |before: Option<()>| {
        let Some(seen) = shell.seen.get().filter(|_| before.is_some()) else { return };
        match of.get_untracked() {
            _ if seen.on_return => {
                listed.again();
            }
            TaskBox::ToDo => listed.follow(&seen.to_do),
            other => spawn_local(async move {
                let newest = tasks::tasks(other, 1).await;
                if let Ok(newest) = newest
                    && of.try_get_untracked() == Some(other)
                {
                    listed.follow(&newest);
                }
            }),
        }
    });
    // Beside a list there is always something to look at.
    Effect::new(move |_| {
        let first = items().first().map(|task| task.id.clone());
        if let Some(first) = first.filter(|_| chosen.get().is_none() && browser::is_wide()) {
            let to = address(of.get_untracked(), &filter.get_untracked(), Some(&first));
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&to, options));
        }
    });
    let step = move |by: i64| {
        let items = untrack(items);
        let at =
            chosen.with_untracked(|chosen| items.iter().position(|task| Some(&task.id) == chosen.as_ref()));
        // The last one leads to more of them, if there are any.
        if by > 0 && at.is_some_and(|at| at + 1 == items.len()) {
            listed.more();
        }
        let next = at.map_or(0, |at| (at as i64 + by).clamp(0, items.len() as i64 - 1));
        if let Some(task) = items.get(next as usize).filter(|_| at != Some(next as usize)) {
            leave_for(of.get_untracked(), Some(task.id.clone()));
        }
    };
    // The chosen one is in sight as soon as it is listed, also where keys walk past the edge of the list.
    let listed_choice =
        Memo::new(move |_| chosen.get().filter(|id| items().iter().any(|task| task.id == *id)));
    Effect::new(move |_| {
        if listed_choice.with(Option::is_some) {
            request_animation_frame(|| browser::bring_into_view(".task[aria-current=true]"));
        }
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if browser::keys_are_taken() || event.ctrl_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "j" | "J" => step(1),
            "k" | "K" => step(-1),
            _other_key => {}
        }
    });
    on_cleanup(move || keys.remove());
    let batch = Batch::new();
    let app = Memo::new(move |_| filter.with(|filter| filter.app.clone()));
    let counted = LocalResource::new(move || {
        shell.seen.track();
        let app = app.get();
        async move { tasks::counts(app.as_deref()).await.ok() }
    });
    let counts = Signal::derive(move || counted.get().flatten());
    let decided_together = move |ids: Vec<String>| {
        let round = listed.again();
        let was_open = chosen.with_untracked(|chosen| chosen.as_ref().is_some_and(|id| ids.contains(id)));
        decided.update(|decided| decided.extend(ids.into_iter().map(|id| (id, round))));
        if was_open {
            go(of.get_untracked(), None);
        }
        shell.count_to_do();
        counted.refetch();
    };
    let done = move |after: After| {
        let items = untrack(items);
        let at =
            chosen.with_untracked(|chosen| items.iter().position(|task| Some(&task.id) == chosen.as_ref()));
        let next = at.and_then(|at| items.get(at + 1).or_else(|| items.get(at.checked_sub(1)?)));
        let next = next
            .filter(|_| of.get_untracked() == TaskBox::ToDo && browser::is_wide())
            .map(|task| task.id.clone());
        let round = listed.again();
        decided.update(|decided| decided.extend(chosen.get_untracked().map(|id| (id, round))));
        match (after, chosen.get_untracked()) {
            (After::Print, Some(task)) => {
                note_to_print(&task);
                go(TaskBox::Handled, Some(task.as_str()));
            }
            (After::Print | After::Next, _) => go(of.get_untracked(), next.as_deref()),
        }
        shell.count_to_do();
        counted.refetch();
    };
    let card = move |task: Task| {
        let (id, current, picked) = (task.id.clone(), task.id.clone(), task.id.clone());
        let to_pick = task.clone();
        let press = move |_| match batch.picking.get_untracked() {
            true => batch.pick(&to_pick),
            false if chosen.with_untracked(|chosen| chosen.as_ref() == Some(&id)) => {}
            false => leave_for(of.get_untracked(), Some(id.clone())),
        };
        let is_picked = Memo::new(move |_| batch.has(&picked));
        let takes = batch.takes(&task);
        let is_unseen = of.get_untracked() == TaskBox::Cc && task.state == "open";
        // What was handled goes by when.
        let since = task.decided.or(task.arrived);
        let (by, name) = (task.by(), task.name());
        let step = task.clone();
        // An approval that ended is at no step.
        let stands = untrack(|| step.step_name()).is_some();
        let submitter = task.submitter_name.clone().filter(|name| !name.is_empty());
        let behalf = task.on_behalf_of_name.clone().filter(|name| !name.is_empty());
        let fact = |fact: TaskFact| {
            let text = fact.shown();
            let label = fact.label;
            view! { <span>{move || label.get(i18n::language()).to_string()}" "<span class="strong num">{text}</span></span> }
        };
        // The figures say most; without any, the words.
        let mut facts = task.facts.clone();
        facts.sort_by_key(|fact| !fact.numeric);
        facts.truncate(CARD_FACTS);
        let facts = facts.into_iter().map(fact).collect_view();
        let state =
            (task.actions.is_empty() && of.get_untracked() == TaskBox::Started).then(|| task.state.clone());
        view! {
            <button
                type="button"
                class="task"
                aria-current=move || chosen.with(|chosen| (chosen.as_ref() == Some(&current)).then_some("true"))
                class:unseen=is_unseen
                aria-pressed=move || batch.picking.get().then(|| is_picked.get().to_string())
                on:click=press
            >
                <span class="task-head">
                    {move || match (batch.picking.get(), is_picked.get()) {
                        (true, true) => view! { <Icon name="ok"/> }.into_any(),
                        (true, false) => view! { <span class="pick-ring" class:off=!takes></span> }.into_any(),
                        (false, _) => ().into_any(),
                    }}
                    <Avatar name=by size=AvatarSize::Small/>
                    <b class="grow" title=name.clone()>{name.clone()}</b>
                    // The name has the room: what else there is to say of it stands below.
                    <span class="task-chips">
                        <DueBadge due=task.due/>
                        {task.decision.map(|decision| view! { <DecisionBadge decision=decision/> })}
                        {state.map(|state| view! { <FlowBadge state=state/> })}
                    </span>
                </span>
                <span class="task-sum">{facts}</span>
                <span class="task-foot">
                    <span class="clip">
                        {submitter.map(|name| view! { {name}{stands.then(|| view! { <i class="sep"></i> })} })}
                        {move || step.step_name()}
                        {behalf.map(|name| view! { <i class="sep"></i>{t!("flow-on-behalf", name = name)} })}
                    </span>
                    <span class="push nowrap">{move || since.map(i18n::ago)}</span>
                </span>
            </button>
        }
    };
    let stands = Memo::new(move |_| match answer.get() {
        Some(Err(problem)) => Stands::Refused(Box::new(problem)),
        _ if listed.list().is_none() => Stands::Coming,
        _ if items().is_empty() => Stands::Empty,
        _ => Stands::There,
    });
    // The filters above the list are as wide as what they count: both are shown at once, and the list alone comes anew.
    let is_whole = Memo::new(move |before: Option<&bool>| {
        let is_here = || stands.with(|stands| !matches!(stands, Stands::Coming));
        before == Some(&true) || (counted.with(Option::is_some) && is_here())
    });
    let widen = Callback::new(move |()| {
        batch.stop();
        leaving.then(move || go_to(address(of.get_untracked(), &TaskFilter::default(), None)));
    });
    let list = move || match stands.get() {
        _ if !is_whole.get() => view! { <div class="card-body"><Skeleton lines=4/></div> }.into_any(),
        Stands::Coming => view! { <div class="card-body"><Skeleton lines=4/></div> }.into_any(),
        Stands::Refused(problem) => {
            view! { <ProblemView problem=*problem on_retry=move |()| answer.refetch()/> }.into_any()
        }
        Stands::Empty => nothing_in(of.get(), filter.with(TaskFilter::narrows).then_some(widen)),
        Stands::There => {
            let more = move || {
                listed.behind().map(|behind| {
                    let coming = Signal::derive(move || listed.is_coming());
                    view! {
                        <Button kind=ButtonKind::Ghost busy=coming on_press=move |_| listed.more()>
                            {t!("inbox-more", count = i18n::whole(behind))}
                        </Button>
                    }
                })
            };
            // Each card stays what it is when others come and go: the one that has the focus, and those in sight.
            view! { <For each=items key=Face::of children=card/> {more} }.into_any()
        }
    };
    // A link may lead to a task that is not among those listed.
    let elsewhere = LocalResource::new(move || {
        let wanted = chosen.get();
        let known =
            answer.with(Option::is_some) && items().iter().any(|task| Some(&task.id) == wanted.as_ref());
        let asked = wanted.filter(|id| {
            !known && answer.with(Option::is_some) && !decided.with(|decided| decided.contains_key(id))
        });
        async move {
            match asked {
                Some(id) => tasks::task(&id).await.ok(),
                None => None,
            }
        }
    });
    let select = move |name: &'static str| {
        if let Some(of) = BOXES.into_iter().find(|of| of.name() == name) {
            batch.stop();
            leave_for(of, None);
        }
    };
    let narrow = move |filter: TaskFilter| {
        batch.stop();
        leaving.then(move || go_to(address(of.get_untracked(), &filter, None)));
    };
    // The open task stays as it is while it is the same work, and in any case while something is entered there: that it was
    // decided elsewhere meanwhile, the server says when it is decided here.
    let open = Memo::new(move |before: Option<&Option<Task>>| {
        let chosen = chosen.get()?;
        let shown = before.and_then(Option::as_ref).filter(|task| task.id == chosen);
        let listed = items().into_iter().find(|task| task.id == chosen);
        let found = listed.or_else(|| elsewhere.get().flatten().filter(|task| task.id == chosen));
        // Where it is not found, how it stands is on its way.
        let stays = |shown: &Task| {
            found.as_ref().is_none_or(|found| leaving.is_unsaved() || is_same_work(shown, found))
        };
        let kept = shown.filter(|shown| stays(shown)).cloned();
        kept.or(found)
    });
    // A copy that is looked at is not news any more.
    let seen_here = StoredValue::new(Vec::<String>::new());
    Effect::new(move |_| {
        let is_copy = |task: &Task| task.state == "open" && task.actions.is_empty() && task.is_of_reader();
        let Some(task) = open.get().filter(is_copy) else { return };
        if seen_here.with_value(|seen| seen.contains(&task.id)) {
            return;
        }
        seen_here.update_value(|seen| seen.push(task.id.clone()));
        spawn_local(async move {
            if tasks::mark_seen(&task.id).await.is_ok() {
                counted.refetch();
            }
        });
    });
    // The keys that are told are those that do something with the open task.
    let allows = move |action: &str| open.with(|task| task.as_ref().is_some_and(|task| task.allows(action)));
    let detail = move || {
        match open.get() {
        Some(task) => {
            beside.set(false);
            let back = move |()| leave_for(of.get_untracked(), None);
            view! { <TaskView task=task on_done=done on_back=back beside=beside/> }.into_any()
        }
        None => view! {
            <section class="record nothing">
                {move || (!items().is_empty()).then(|| view! {
                    <Empty icon="inbox" title=t!("inbox-nothing-open") text=Signal::derive(t!("inbox-nothing-open-text"))/>
                })}
            </section>
        }
        .into_any(),
    }
    };
    // Of one app there are fewer than in all.
    let to_do = Signal::derive(move || {
        let count = match app.with(Option::is_some) {
            true => counts.get().map(|counts| counts.todo),
            false => shell.to_do.get(),
        };
        count.filter(|count| *count > 0)
    });
    let unseen = Signal::derive(move || counts.get().map(|counts| counts.unseen).filter(|count| *count > 0));
    let listed_items = Signal::derive(items);
    let picks = Signal::derive(move || batch.picking.get());
    let tabs = vec![
        Tab::new("todo", t!("inbox-todo")).count(to_do),
        Tab::new("handled", t!("inbox-handled")),
        Tab::new("started", t!("inbox-started")),
        Tab::new("cc", t!("inbox-cc")).count(unseen),
    ];
    let split = Split::new("formwork.inbox-list", (280, 336, 480));
    view! {
        <main
            class="inbox"
            style=("--w-inbox-list", move || split.css())
            class:with-task=move || chosen.with(Option::is_some)
            class:shows-side=move || beside.get()
        >
            <section class="inbox-list" aria-label=t!("inbox-title")>
                <header class="top">
                    <h1 class="grow">{t!("inbox-title")}</h1>
                    <StartRequest app=app/>
                    <Show when=move || of.get() == TaskBox::ToDo>
                        <Button icon="rows" pressed=picks class="phone-hide" on_press=move |_| batch.turn()>{t!("inbox-batch")}</Button>
                        <span class="phone-only">
                            <IconButton icon="rows" label=Signal::derive(t!("inbox-batch")) pressed=picks on_press=move |_| batch.turn()/>
                        </span>
                    </Show>
                </header>
                <Tabs tabs=tabs selected=Signal::derive(move || of.get().name().to_string()) on_select=select/>
                <div class="contents" class:not-yet=move || !is_whole.get()>
                    <Filters of=of filter=filter counts=counts on_change=narrow/>
                </div>
                <div class="inbox-cards">{list}</div>
                <BatchBar batch=batch items=listed_items on_done=decided_together/>
                <div class="status-line key-hint" hidden=move || batch.picking.get()>
                    <span class="row"><kbd>"J"</kbd><kbd>"K"</kbd>{t!("inbox-move")}</span>
                    <Show when=move || allows("approve")>
                        <span class="row"><kbd>"A"</kbd>{t!("flow-approve")}</span>
                    </Show>
                    <Show when=move || allows("reject")>
                        <span class="row"><kbd>"R"</kbd>{t!("flow-reject")}</span>
                    </Show>
                    <Show when=move || ["return", "transfer", "add-sign", "cc"].into_iter().any(allows)>
                        <span class="row"><kbd>"."</kbd>{t!("flow-more")}</span>
                    </Show>
                </div>
                <SplitBar split=split label=t!("inbox-width")/>
            </section>
            {detail}
        </main>
    }
}
