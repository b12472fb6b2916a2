//! One task: the record as the step permits, the decision bar, the timeline.

use std::collections::BTreeSet;

use engine::record::{Draft, Linked};
use engine::value::Values;
use leptos::prelude::*;

use super::decision::DecisionBar;
use super::timeline::FlowTimeline;
use crate::api::forms::OpenForm;
use crate::api::tasks::Task;
use crate::api::{forms, records};
use crate::fill::{FaultList, FormState, LiveForm, Titles};
use crate::records::{context, loaders};
use crate::t;
use crate::ui::{BesideTabs, IconButton, Loaded};

/// The record of a task with what can be done about it.
#[component]
pub fn TaskView(
    task: Task,
    #[prop(into)] on_done: Callback<()>,
    #[prop(into)] on_back: Callback<()>,
    /// Whether the way of the approval is looked at, where there is no room for it beside the record.
    beside: RwSignal<bool>,
) -> impl IntoView {
    let shared = StoredValue::new(task);
    let titles = Titles::default();
    let answer = LocalResource::new(move || {
        let task = shared.get_value();
        async move {
            let form = forms::open_at(&task.form, Some(&task.id)).await?;
            let record = records::get(form.info.id, &task.record).await?;
            Ok((form, record))
        }
    });
    let body = move |(form, record): (OpenForm, wire::records::Record)| {
        let task = shared.get_value();
        let stored = records::values(&form, &record);
        let draft = Draft::edit(form.form.clone(), context(), Linked::default(), stored, Values::new());
        let state = FormState::new(draft, loaders(&form, titles), titles);
        let editable: BTreeSet<String> = if task.state == "open" { form.editable() } else { BTreeSet::new() };
        state.editable.set_value(Some(editable));
        state.load_links();
        let acting = !task.actions.is_empty();
        view! {
            <div class="record-body stack g6">
                <FaultList state=state/>
                <LiveForm state=state/>
            </div>
            {acting.then(|| view! { <DecisionBar task=task state=state on_done=on_done/> })}
        }
    };
    let (title, instance) = shared.with_value(|task| (task.title.clone(), task.instance.clone()));
    let name = title.clone();
    view! {
        <section class="record" aria-label=name>
            <header class="top">
                <IconButton icon="left" label=Signal::derive(t!("inbox-back")) class="phone-only" on_press=move |_| on_back.run(())/>
                <h1 class="clip">{title}</h1>
            </header>
            <BesideTabs beside=beside thing=Signal::derive(t!("flow-record")) side=Signal::derive(t!("flow-way"))/>
            <Loaded answer=answer view=body/>
        </section>
        <aside class="side">
            <div class="side-body"><FlowTimeline instance=Signal::stored(instance)/></div>
        </aside>
    }
}
