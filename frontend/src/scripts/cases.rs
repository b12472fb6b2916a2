//! The cases of a script, run all together: which pass, and what is otherwise in those that do not.

use engine::script::{Case, Difference};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{CaseTested, ScriptTestInput, ScriptTested};

use super::bench::event_name;
use super::outcome::{effect_line, shown};
use super::page::{Desk, Refused};
use crate::api::{Problem, scripts};
use crate::ui::{Badge, Button, ButtonKind, ControlSize, Empty, IconButton, Tone};
use crate::{t, text};

#[component]
pub fn Cases(desk: Desk) -> impl IntoView {
    let busy = RwSignal::new(false);
    let found = RwSignal::new(None::<Result<ScriptTested, Problem>>);
    // They are run against what is stored under a key.
    let reason = Signal::derive(move || {
        if desk.stored.with(Option::is_none) {
            Some(text!("scripts-cases-unsaved"))
        } else {
            desk.cases.with(Vec::is_empty).then(|| text!("scripts-cases-none"))
        }
    });
    let run = move |_| {
        let Some(key) = desk.stored_key() else { return };
        busy.set(true);
        let app = desk.app.get_untracked();
        let input = ScriptTestInput {
            source: Some(desk.source.get_untracked()),
            cases: Some(desk.cases.get_untracked()),
        };
        spawn_local(async move {
            let answer = scripts::test(&app, &key, &input).await;
            if busy.try_set(false).is_none() {
                found.set(Some(answer));
            }
        });
    };
    let outcome_of = move |name: &str| {
        found.with(|found| match found {
            Some(Ok(tested)) => tested.cases.iter().find(|case| case.name == name).cloned(),
            Some(Err(_)) | None => None,
        })
    };
    let line = move |case: Case| {
        let Case { name, tried, .. } = case;
        let (named, removed) = (name.clone(), name.clone());
        let outcome = move || outcome_of(&named).map(tested);
        let remove = move |_| desk.cases.update(|cases| cases.retain(|case| case.name != removed));
        let label = {
            let name = name.clone();
            Signal::derive(move || text!("scripts-case-remove", name = name.clone()))
        };
        let of = name.clone();
        let about = format!("{} · {}", tried.form, event_name(tried.on));
        view! {
            <li class="card card-body stack g2" data-case=of>
                <div class="row">
                    <b class="grow">{name}</b>
                    <IconButton icon="close" label=label size=ControlSize::Small on_press=remove/>
                </div>
                <span class="note muted">{about}</span>
                {outcome}
            </li>
        }
    };
    let lines = move || {
        let all = desk.cases.get();
        if all.is_empty() {
            let text = t!("scripts-cases-none-text");
            return view! { <Empty icon="play" title=t!("scripts-cases-none") text=Signal::derive(text)/> }
                .into_any();
        }
        view! { <ul class="stack g2">{all.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    let summary = move || match found.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <Refused problem=problem/> }.into_any(),
        Some(Ok(tested)) => {
            let passed = tested.cases.iter().filter(|case| case.passed).count();
            let words = text!("scripts-cases-passed", passed = passed, all = tested.cases.len());
            let tone = if tested.passed { Tone::Success } else { Tone::Danger };
            view! { <div><Badge tone=tone>{words}</Badge></div> }.into_any()
        }
    };
    view! {
        <div class="stack g4">
            <p class="note muted">{t!("scripts-cases-text")}</p>
            <div><Button kind=ButtonKind::Primary icon="play" busy=busy disabled_reason=reason on_press=run>{t!("scripts-cases-run")}</Button></div>
            <div role="status">{summary}</div>
            {lines}
        </div>
    }
}

/// What came of one case.
fn tested(case: CaseTested) -> impl IntoView {
    let (tone, words) = match case.passed {
        true => (Tone::Success, text!("scripts-case-passed")),
        false => (Tone::Danger, text!("scripts-case-failed")),
    };
    let differences = case.differences.into_iter().map(difference).collect_view();
    view! {
        <div><Badge tone=tone>{words}</Badge></div>
        <ul class="stack g2">{differences}</ul>
    }
}

fn difference(difference: Difference) -> AnyView {
    let code = |code: Option<String>| code.unwrap_or_else(|| text!("scripts-not-refused"));
    match difference {
        Difference::Refused { expected, was } => {
            let words = text!("scripts-differs-refused", expected = code(expected), was = code(was));
            view! { <li class="note">{words}</li> }.into_any()
        }
        Difference::Field { field, expected, was } => {
            let (expected, was) = (shown(&expected), shown(&was));
            let words = text!("scripts-differs-field", field = field, expected = expected, was = was);
            view! { <li class="note">{words}</li> }.into_any()
        }
        Difference::Missing { effect } => {
            view! { <li class="stack g1"><span class="note">{t!("scripts-differs-missing")}</span><ul>{effect_line(effect)}</ul></li> }
                .into_any()
        }
        Difference::Unexpected { effect } => {
            view! { <li class="stack g1"><span class="note">{t!("scripts-differs-unexpected")}</span><ul>{effect_line(effect)}</ul></li> }
                .into_any()
        }
    }
}
