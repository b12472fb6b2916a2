//! A short list of things to do, each with the way to it and whether it is done.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::i18n;
use crate::t;
use crate::ui::{ControlSize, Icon, IconButton, IconSize, Progress};

/// One thing to do.
#[derive(Clone)]
pub struct Step {
    pub done: bool,
    /// Where it is done.
    pub href: String,
    pub label: Signal<String>,
    /// What is said below it; nothing where that is empty.
    pub note: String,
}

impl Step {
    pub fn new(
        done: bool,
        href: impl Into<String>,
        label: impl Fn() -> String + Send + Sync + 'static,
    ) -> Step {
        Step { done, href: href.into(), label: Signal::derive(label), note: String::new() }
    }
}

/// The steps that are done.
pub fn count_done(steps: &[Step]) -> usize {
    steps.iter().filter(|step| step.done).count()
}

/// The list, as a card; `on_dismiss` hears that its reader wants it no more.
#[component]
pub fn StepList(
    #[prop(into)] title: Signal<String>,
    steps: Vec<Step>,
    on_dismiss: Option<Callback<()>>,
) -> impl IntoView {
    let (done, count) = (count_done(&steps) as u64, steps.len() as u64);
    let dismiss = on_dismiss.map(|on_dismiss| {
        view! {
            <IconButton
                icon="close"
                label=Signal::derive(t!("checklist-dismiss"))
                size=ControlSize::Small
                on_press=move |_| on_dismiss.run(())
            />
        }
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{title}</h2>
                <span class="note muted">{i18n::whole(done)}" / "{i18n::whole(count)}</span>
                {dismiss}
            </div>
            <div class="card-body stack g3">
                <Progress value=done max=count label=title/>
                <ul class="stack">{steps.into_iter().map(line).collect_view()}</ul>
            </div>
        </section>
    }
}

fn line(step: Step) -> impl IntoView {
    let Step { done, href, label, note } = step;
    let note = (!note.is_empty()).then(|| view! { <div class="note muted">{note}</div> });
    if done {
        return view! {
            <li class="row muted" data-done="true">
                <span class="ok-text"><Icon name="ok" size=IconSize::Small/></span>
                <div class="grow">{label}{note}</div>
            </li>
        }
        .into_any();
    }
    view! {
        <li class="row" data-done="false">
            <span class="muted"><Icon name="circle" size=IconSize::Small/></span>
            <div class="grow"><A href=href attr:class="link">{label}</A>{note}</div>
        </li>
    }
    .into_any()
}
