//! One task: the record as the step permits, the decision bar, the timeline.

use std::collections::BTreeSet;

use engine::record::Draft;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use wire::flows::StepToChoose;

use super::asking_again::asking_page;
use super::decision::{After, DecisionBar};
use super::drawing::FlowDrawing;
use super::opinion::Opinion;
use super::print_out::{PrintOut, take_to_print};
use super::returned::Returned;
use super::taking_back::TakingBack;
use super::timeline::Way;
use super::unsent::{Unsent, UnsentBanner};
use super::{DecisionBadge, DueBadge, FlowBadge};
use crate::api::forms::OpenForm;
use crate::api::instances::{self, Instance};
use crate::api::tasks::{self, Task};
use crate::api::{forms, records};
use crate::fill::{FaultList, FormState, LiveForm, Purpose, Titles, entered};
use crate::records::{AskBeforeLeaving, Choosing, Facts, context, given, loaders, open_record};
use crate::ui::{Avatar, BesideTabs, ControlSize, Icon, IconButton, IconSize, Loaded, Tab, Tabs};
use crate::{browser, i18n, t, text};

/// What was put aside with a task: fields in their wire form, and the opinion; and the steps whose people are to be named.
type Aside = (Map<String, Json>, Option<String>, Vec<StepToChoose>);

/// The record of a task with what can be done about it.
#[component]
pub fn TaskView(
    task: Task,
    #[prop(into)] on_done: Callback<After>,
    #[prop(into)] on_back: Callback<()>,
    /// Whether the way of the approval is looked at, where there is no room for it beside the record.
    beside: RwSignal<bool>,
) -> impl IntoView {
    // What was decided a moment ago is printed; the view that it was decided in is not.
    let prints = StoredValue::new(task.state != "open" && take_to_print(&task.id));
    let print_once = Callback::new(move |()| {
        if prints.get_value() {
            prints.set_value(false);
            browser::print();
        }
    });
    let shared = StoredValue::new(task);
    let titles = Titles::default();
    let answer = LocalResource::new(move || {
        let task = shared.get_value();
        async move {
            let form = forms::open_at(&task.form, Some(&task.id)).await?;
            let record = open_record(&form, &task.record, titles).await?;
            let works = ["save", "approve", "submit"].into_iter().any(|action| task.allows(action));
            let aside = match works {
                true => {
                    tasks::task(&task.id).await.map(|task| (task.kept, task.kept_opinion, task.choose))?
                }
                false => Default::default(),
            };
            Ok((form, record, aside))
        }
    });
    let instance = LocalResource::new(move || {
        let id = shared.with_value(|task| task.instance.clone());
        async move { instances::get(&id).await }
    });
    let known = Signal::derive(move || instance.get().and_then(Result::ok));
    let instance_again = Callback::new(move |()| instance.refetch());
    let show_form = Callback::new(move |()| beside.set(false));
    let body = move |(form, record, (kept, said, choose)): (OpenForm, wire::records::Record, Aside)| {
        let task = shared.get_value();
        let stored = records::values(&form, &record);
        let given = given(&form, &record, &stored);
        let mut draft = Draft::open(form.form.clone(), context(form.params()), stored, given);
        // What was put aside is where one goes on. It is with the server already, so it is no change of its own.
        draft.apply(entered(&form.form, &kept));
        let state = FormState::new(draft, loaders(&form, titles), titles);
        let acting = task.state == "open" && !task.actions.is_empty();
        let editable: BTreeSet<String> = if acting { form.editable() } else { BTreeSet::new() };
        state.editable.set_value(Some(editable));
        state.record.set_value(Some(record.id));
        state.former.set(record.former.clone());
        state.load_links();
        // Who changes a request that was returned rejects nothing.
        let refuses = task.allows("reject");
        let opinion = Opinion::new(task.opinion.as_deref(), refuses, said.unwrap_or_default());
        let new_page = asking_page(&form);
        let choosing = Choosing::of(choose);
        choosing.keep_in(state);
        let unsent = Unsent::new(&task.id, (form.info.id, record.id), state, opinion, acting);
        let on_done = move |after: After| {
            unsent.settle();
            on_done.run(after);
        };
        view! {
            {acting.then(|| view! {
                <AskBeforeLeaving unsaved=move || unsent.is_there() on_discard=move |()| unsent.forget()/>
            })}
            <div class="record-body stack g6">
                <AskedBy task=task.clone()/>
                <StandsIn task=task.clone()/>
                {acting.then(|| view! { <UnsentBanner unsent=unsent/> })}
                <Returned task=task.clone() state=state instance=known/>
                <Facts state=state/>
                <FaultList state=state purpose=purpose_of(&task)/>
                <LiveForm state=state/>
                {move || known.get().map(|instance| view! { <PrintOut instance=instance on_ready=print_once/> })}
            </div>
            {match acting {
                true => view! { <DecisionBar task=task state=state opinion=opinion choosing=choosing instance=known on_fault=show_form on_done=on_done/> }.into_any(),
                false => view! { <TakingBack task=task instance=known page=new_page on_done=move |()| on_done(After::Next)/> }.into_any(),
            }}
        }
    };
    let side = RwSignal::new("course");
    let tabs = vec![Tab::new("course", t!("flow-course")), Tab::new("drawing", t!("flow-drawing"))];
    let way = move |instance: Instance| match side.get() {
        "drawing" => view! { <FlowDrawing instance=instance/> }.into_any(),
        _ => view! { <Way instance=instance on_done=instance_again/> }.into_any(),
    };
    let name = Signal::derive(move || shared.with_value(Task::name));
    let page = move || {
        let (form, record) = shared.with_value(|task| (task.form.clone(), task.record.clone()));
        // By a task alone nobody opens the form that its record is of.
        answer
            .get()
            .and_then(Result::ok)
            .filter(|(opened, ..)| opened.is_used())
            .map(|(opened, ..)| format!("/apps/{}/forms/{form}/records/{record}", opened.info.app_key))
    };
    let decided =
        shared.with_value(|task| task.decision.clone().map(|decision| (decision, task.is_of_reader())));
    view! {
        <section class="record" aria-label=name>
            <header class="top">
                <IconButton icon="left" label=Signal::derive(t!("inbox-back")) class="task-back" on_press=move |_| on_back.run(())/>
                <h1 class="clip phone-title" title=name>{name}</h1>
                {decided.map(|(decision, own)| view! { <DecisionBadge decision=decision says_you=own/> })}
                {move || known.get().map(|instance| view! { <FlowBadge state=instance.state/> })}
                <span class="push phone-hide">
                    <IconButton icon="print" size=ControlSize::Small label=Signal::derive(t!("flow-print")) on_press=move |_| browser::print()/>
                    {move || page().map(|href| view! {
                        <a class="btn ghost icon-only small" href=href aria-label=t!("inbox-open-page") data-tip=t!("inbox-open-page")>
                            <Icon name="open" size=IconSize::Normal/>
                        </a>
                    })}
                </span>
            </header>
            <BesideTabs beside=beside thing=Signal::derive(t!("flow-record")) side=Signal::derive(t!("flow-way"))/>
            <Loaded answer=answer view=body/>
        </section>
        <aside class="side">
            <Tabs tabs=tabs selected=Signal::derive(move || side.get().to_string()) on_select=move |tab| side.set(tab)/>
            <div class="side-body"><Loaded answer=instance view=way/></div>
        </aside>
    }
}

/// What its reader does with the record of a task.
fn purpose_of(task: &Task) -> Purpose {
    if !task.allows("approve") {
        return Purpose::Submit;
    }
    let otherwise = match (task.allows("reject"), task.allows("return")) {
        (true, true) => Some("fill-stuck-reject-or-return"),
        (true, false) => Some("fill-stuck-reject"),
        (false, true) => Some("fill-stuck-return"),
        (false, false) => None,
    };
    Purpose::Approve { otherwise }
}

/// For whom the reader, or whoever has it, decides.
#[component]
fn StandsIn(task: Task) -> impl IntoView {
    let waits = task.state == "open" && task.is_of_reader();
    let name = task.on_behalf_of_name.filter(|name| !name.is_empty());
    name.map(|name| {
        let words = move || match waits {
            true => text!("task-stands-in", name = name),
            false => text!("flow-on-behalf", name = name),
        };
        view! { <p class="row note muted"><Icon name="members" size=IconSize::Small/>{words}</p> }
    })
}

/// Who asked, since when it waits, until when it is due: on top where the list beside it doesn't say so.
#[component]
fn AskedBy(task: Task) -> impl IntoView {
    let by = task.by();
    let arrived = task.arrived;
    view! {
        <div class="phone-only">
            <div class="row">
                <span class="person"><Avatar name=by.clone()/>{by}</span>
                <span class="muted note clip">{move || arrived.map(i18n::ago)}</span>
                <span class="push"><DueBadge due=task.due/></span>
            </div>
        </div>
    }
}
