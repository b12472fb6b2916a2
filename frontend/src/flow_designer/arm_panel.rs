//! The settings of a block and of its arms.

use engine::condition::Condition;
use engine::field::FieldKind;
use engine::flow::DEFAULT_ARM;
use engine::flow::document::{ArmName, BranchMode, Join, Part, Step, no_condition};
use engine::form::system_kind;
use engine::text::Label;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::settings::{Explained, PartLabel};
use super::state::{FlowDesigner, arm_label};
use super::try_out::TryOut;
use super::words::condition_words;
use crate::conditions::{ConditionLines, Lines, Subject};
use crate::designer::{text_in, with_text};
use crate::ui::{Button, ButtonKind, Choice, ControlSize, Field, Icon, NumberInput, TextInput};
use crate::{i18n, t, text};

/// A branch or parallel block: how its arms are taken, and which there are.
#[component]
pub fn BlockPanel(designer: FlowDesigner, step: String, kind: &'static str) -> impl IntoView {
    let at = StoredValue::new(step.clone());
    let rule = match kind {
        "branch" => view! { <ModeInput designer=designer step=step.clone()/> }.into_any(),
        _ => view! { <JoinInput designer=designer step=step.clone()/> }.into_any(),
    };
    let arms = move || {
        let names = designer.document.with(|document| {
            let found = document.step(&at.get_value())?;
            Some(found.arms().into_iter().map(|(arm, _)| arm.to_string()).collect::<Vec<_>>())
        });
        let line = |arm: String| {
            let part = Part::Arm(ArmName { step: at.get_value(), arm });
            let name = designer.name_of(&part);
            view! {
                <button type="button" class="menu-item" on:click=move |_| designer.choose(part.clone())>
                    <Icon name="branch"/><span class="clip">{name}</span><span class="end"><Icon name="right"/></span>
                </button>
            }
        };
        names.unwrap_or_default().into_iter().map(line).collect_view()
    };
    let lacks_default = Memo::new(move |_| {
        designer.document.with(|document| match document.step(&at.get_value()) {
            Some(Step::Branch(branch)) => branch.default.is_none(),
            _ => false,
        })
    });
    let add_default = move |_| at.with_value(|step| designer.set(step, "default", json!({"steps": []})));
    view! {
        <div class="stack g4 prop-top">
            <PartLabel designer=designer step=step/>
            {rule}
            <div class="field">
                <span class="label">{t!("flows-arms")}</span>
                <div class="stack g1">{arms}</div>
                <div class="row">
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=move |_| at.with_value(|step| designer.add_arm(step))>{t!("flows-add-arm")}</Button>
                    <Show when=move || lacks_default.get()>
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add_default>{t!("flows-add-default")}</Button>
                    </Show>
                </div>
            </div>
        </div>
    }
}

#[component]
fn ModeInput(designer: FlowDesigner, step: String) -> impl IntoView {
    let mode = designer.member(&step, "mode");
    let at = StoredValue::new(step);
    let choices = Signal::derive(move || {
        vec![
            Choice::new("exclusive", text!("flows-branch-exclusive")),
            Choice::new("inclusive", text!("flows-branch-inclusive")),
        ]
    });
    let chosen = Signal::derive(move || {
        let mode = serde_json::from_value::<BranchMode>(mode.get()).unwrap_or_default();
        Some(if mode == BranchMode::Inclusive { "inclusive" } else { "exclusive" }.to_string())
    });
    let change = move |mode: Option<String>| {
        let value = mode.filter(|mode| mode == "inclusive").map(Json::String).unwrap_or_default();
        at.with_value(|step| designer.set(step, "mode", value));
    };
    view! {
        <Explained
            label=Signal::derive(t!("flows-branch-mode"))
            choices=choices
            value=chosen
            means=|mode| i18n::lookup(&format!("flows-branch-help-{mode}"), &[])
            on_change=change
        />
    }
}

#[component]
fn JoinInput(designer: FlowDesigner, step: String) -> impl IntoView {
    let member = designer.member(&step, "join");
    let join = Memo::new(move |_| serde_json::from_value::<Join>(member.get()).unwrap_or_default());
    let at = StoredValue::new(step);
    let set = move |join: Join| {
        let value =
            if join == Join::All { Json::Null } else { serde_json::to_value(join).unwrap_or_default() };
        at.with_value(|step| designer.set(step, "join", value));
    };
    let choices = Signal::derive(move || {
        vec![
            Choice::new("all", text!("flows-join-all")),
            Choice::new("any", text!("flows-join-any")),
            Choice::new("n", text!("flows-join-some")),
        ]
    });
    let chosen = Signal::derive(move || {
        let key = match join.get() {
            Join::All => "all",
            Join::Any => "any",
            Join::N(_) => "n",
        };
        Some(key.to_string())
    });
    let change = move |key: Option<String>| {
        set(match key.as_deref() {
            Some("any") => Join::Any,
            Some("n") => Join::N(1),
            _ => Join::All,
        });
    };
    let enter = move |number: String| {
        if let Ok(number) = number.parse() {
            set(Join::N(number));
        }
    };
    view! {
        <Explained
            label=Signal::derive(t!("flows-join"))
            choices=choices
            value=chosen
            means=|join| i18n::lookup(&format!("flows-join-help-{join}"), &[])
            on_change=change
        />
        {move || match join.get() {
            Join::N(count) => view! {
                <Field label=t!("flows-join-count")>
                    <NumberInput value=Signal::stored(count.to_string()) on_change=enter/>
                </Field>
            }.into_any(),
            Join::All | Join::Any => ().into_any(),
        }}
    }
}

/// One arm: what it is called, and when it is taken.
#[component]
pub fn ArmPanel(designer: FlowDesigner, arm: ArmName) -> impl IntoView {
    let is_branch = designer
        .document
        .with_untracked(|document| document.step(&arm.step).is_some_and(|step| step.kind() == "branch"));
    let is_default = is_branch && arm.arm == DEFAULT_ARM;
    let at = StoredValue::new(arm);
    let label = Memo::new(move |_| {
        let label = designer.document.with(|document| at.with_value(|arm| arm_label(document, arm)));
        label.and_then(|label| serde_json::to_value(label).ok()).unwrap_or_default()
    });
    let shown = Signal::derive(move || text_in(&label.get()));
    let rename = move |text: String| {
        let value = match text.trim() {
            "" => Json::Null,
            text => with_text(&label.get_untracked(), text),
        };
        at.with_value(|arm| designer.set_arm(arm, "label", value));
    };
    let hint = Signal::derive(move || if is_default { text!("flows-otherwise") } else { String::new() });
    view! {
        <div class="stack g4 prop-top">
            <Field label=t!("flows-arm-name")>
                <TextInput value=shown on_change=rename placeholder=hint name="arm-label"/>
            </Field>
            {match (is_branch, is_default) {
                (false, _) => view! { <p class="help">{t!("flows-parallel-help")}</p> }.into_any(),
                (true, true) => view! { <p class="help">{t!("flows-default-help")}</p> }.into_any(),
                (true, false) => view! { <ConditionInput designer=designer arm=at.get_value()/> }.into_any(),
            }}
        </div>
    }
}

/// When an arm of a branch is taken.
#[component]
fn ConditionInput(designer: FlowDesigner, arm: ArmName) -> impl IntoView {
    let at = StoredValue::new(arm);
    let when = move |tracked: bool| {
        let read = |document: &engine::flow::FlowDocument| {
            let name = at.get_value();
            match document.step(&name.step)? {
                Step::Branch(branch) => {
                    branch.arms.iter().find(|arm| arm.key == name.arm).map(|arm| arm.when.clone())
                }
                _ => None,
            }
        };
        if tracked { designer.document.with(read) } else { designer.document.with_untracked(read) }
    };
    let lines = Lines::of(when(false).filter(|when| *when != no_condition()));
    lines.go_on_with(at.with_value(|arm| designer.half_of(arm)));
    Effect::new(move || {
        let half = lines.half();
        at.with_value(|arm| designer.keep_half(arm, half));
    });
    Effect::new(move |before: Option<Option<Condition>>| {
        let now = lines.condition();
        if before.is_some_and(|before| before != now) {
            let value = serde_json::to_value(now.clone().unwrap_or_else(no_condition)).unwrap_or_default();
            at.with_value(|arm| designer.set_arm(arm, "when", value));
        }
        now
    });
    let words =
        move || when(true).map(|when| condition_words(designer, &when)).filter(|words| !words.is_empty());
    let more = Signal::derive(move || outcomes(designer));
    let tried = Signal::derive(move || when(true).filter(|when| *when != no_condition()));
    view! {
        <div class="field">
            <span class="label">{t!("flows-when")}</span>
            <ConditionLines form=designer.published_form() more=more lines=lines/>
            {move || words().map(|words| view! { <div class="cond-mini">{words}</div> })}
            <span class="help">{t!("flows-when-help")}</span>
        </div>
        <TryOut designer=designer when=tried/>
    }
}

/// How the subflows that are waited for ended, to be compared like a field.
fn outcomes(designer: FlowDesigner) -> Vec<Subject> {
    let subject = |(key, label): (String, String)| {
        let mut kind = system_kind("$flow_state")?;
        if let FieldKind::Select(states) = &mut kind {
            states
                .choices
                .retain(|state| matches!(state.key.as_str(), "approved" | "rejected" | "terminated"));
            for state in &mut states.choices {
                state.label =
                    Label::from(i18n::lookup(&format!("flows-outcome-{}", state.key), &[]).as_str());
            }
        }
        let label = text!("flows-outcome-of", name = label);
        Some(Subject { path: format!("steps.{key}.outcome"), label, kind })
    };
    designer.waited_for().into_iter().filter_map(subject).collect()
}
