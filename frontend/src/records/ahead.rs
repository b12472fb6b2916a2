//! Who will decide, told below a form before it is submitted.

use std::time::Duration;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flow_ahead::{Ahead, AheadInput, AheadStep};

use super::choosing::Choosing;
use crate::api::flows;
use crate::fill::FormState;
use crate::inbox::icon_of;
use crate::ui::{ExpectedPerson, Icon, wait_for};
use crate::{i18n, t, text};

/// It is asked anew when nothing was entered for so long.
const PAUSE: Duration = Duration::from_millis(600);
/// The form is not kept back for longer than this by what stands below it.
const PATIENCE: Duration = Duration::from_millis(400);

/// The steps that follow on the form's submission, with names: as far as they can be told by what was entered. Nothing until they
/// are known, and where they can't be had.
#[component]
pub fn WhoDecides(form: Id, state: FormState, choosing: Choosing) -> impl IntoView {
    let told = RwSignal::new(None::<Ahead>);
    // An answer that comes after something else was entered does not count.
    let round = StoredValue::new(0u32);
    // It comes together with the form, unless the answer takes its time.
    let is_known = RwSignal::new(false);
    wait_for(move || is_known.get());
    let comes_anyway = move || {
        let _ = is_known.try_set(true);
    };
    set_timeout(comes_anyway, PATIENCE);
    let ask = move |turn: u32| {
        if round.try_get_value() != Some(turn) {
            return;
        }
        let input = AheadInput { record: state.changed_fields(), chosen: choosing.ids() };
        spawn_local(async move {
            let answer = flows::ahead(&form.to_string(), &input).await;
            if round.try_get_value() != Some(turn) {
                return;
            }
            if let Ok(ahead) = answer {
                told.set(Some(ahead));
            }
            is_known.set(true);
        });
    };
    Effect::new(move |before: Option<()>| {
        state.changes.track();
        choosing.track();
        let turn = round.get_value().wrapping_add(1);
        round.set_value(turn);
        let pause = if before.is_some() { PAUSE } else { Duration::ZERO };
        set_timeout(move || ask(turn), pause);
    });
    // It stays folded while what is in it changes.
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    view! {
        <Show when=move || is_there.get()>
            <details class="fold ahead" open=true>
                <summary><Icon name="right"/>{t!("ahead-title")}</summary>
                <div>{move || told.get().map(steps)}</div>
            </details>
        </Show>
    }
}

fn steps(ahead: Ahead) -> AnyView {
    let is_empty = ahead.steps.is_empty() && !ahead.rest_is_closed;
    if is_empty {
        return view! { <p class="note muted">{t!("ahead-nobody")}</p> }.into_any();
    }
    let name = |id: Id| ahead.names.get(&id.to_string()).cloned().unwrap_or_default();
    let lines: Vec<AnyView> = ahead.steps.iter().map(|step| line(step, &name)).collect();
    let rest = ahead.rest_is_closed.then(|| {
        view! {
            <li class="next">
                <span class="mark next"><Icon name="more"/></span>
                <div><div class="what next-text">{t!("ahead-rest-closed")}</div></div>
            </li>
        }
    });
    view! { <ol class="timeline">{lines}{rest}</ol> }.into_any()
}

fn line(step: &AheadStep, name: &dyn Fn(Id) -> String) -> AnyView {
    let people = step.people.iter().map(|person| match person.on_behalf_of {
        Some(of) => text!("flow-name-for", name = name(person.member), of = name(of)),
        None => name(person.member),
    });
    let people: Vec<_> = people.map(|name| view! { <ExpectedPerson name=name/> }).collect();
    let people = (!people.is_empty()).then(|| view! { <div class="who next-text">{people}</div> });
    let label = step.label.clone();
    let icon = icon_of(&step.kind);
    let (reasons, key) = (step.clone(), step.step.clone());
    let why = move || {
        reasons_of(&reasons).into_iter().map(|words| view! { <div class="why">{words}</div> }).collect_view()
    };
    view! {
        <li class="next" data-step=key>
            <span class="mark next"><Icon name=icon/></span>
            <div>
                <div class="what"><b>{move || label.get(i18n::language()).to_string()}</b></div>
                {people}
                {why}
            </div>
        </li>
    }
    .into_any()
}

/// Why it is these people, or why it can't be said yet who it is.
fn reasons_of(step: &AheadStep) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(arm) = &step.because {
        said.push(text!("flow-because", arm = arm.get(i18n::language()).to_string()));
    }
    if !step.depends_on.is_empty() {
        let fields = step.depends_on.iter().map(|label| label.get(i18n::language()).to_string());
        said.push(text!("ahead-depends", fields = i18n::listed(fields)));
    }
    said.extend(step.chosen_by.as_deref().map(|by| match by {
        "submitter" => text!("ahead-chosen-submitter"),
        _previous => text!("ahead-chosen-previous"),
    }));
    said.extend(step.policy.as_deref().map(|policy| match policy {
        "any" => text!("ahead-any"),
        "all" => text!("ahead-all"),
        "sequential" => text!("ahead-sequential"),
        _ratio => text!("ahead-ratio"),
    }));
    if step.own_manager {
        said.push(text!("ahead-own-manager"));
    }
    said.extend(step.instead.as_deref().map(|instead| match instead {
        "auto_approve" => text!("ahead-auto-approve"),
        "hold" => text!("ahead-hold"),
        "member" => text!("ahead-member"),
        _admins => text!("ahead-admins"),
    }));
    if step.is_closed {
        said.push(text!("ahead-closed"));
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_said_why_and_what_it_depends_on() {
        i18n::set_language(i18n::Language::En);
        let said = |more: serde_json::Value| {
            let mut step = json!({"step": "boss", "label": "Boss", "kind": "approve", "people": []});
            step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            reasons_of(&serde_json::from_value(step).unwrap())
        };
        assert_eq!(said(json!({})), Vec::<String>::new());
        let both = json!({"because": "Large", "depends_on": ["Amount", "Team"]});
        assert_eq!(said(both), ["because: Large", "Depends on Amount, Team"]);
        assert_eq!(said(json!({"policy": "all"})).len(), 1);
        for instead in ["auto_approve", "hold", "member", "admins"] {
            assert_eq!(said(json!({ "instead": instead })).len(), 1);
        }
    }
}
