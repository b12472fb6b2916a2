//! The daily settings of an approve, fill or cc step: its name, its people, when it is passed.

use engine::flow::document::{OnReject, Policy, Ratio, RejectTo};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::people::WhoInput;
use super::settings::{Explained, NobodyInput, PartLabel};
use super::state::FlowDesigner;
use crate::ui::{Choice, Field, NumberInput, Radio, Segment, Segmented, Switch};
use crate::{i18n, t, text};

/// The settings on the first tab of a step.
#[component]
pub fn StepPanel(designer: FlowDesigner, step: String, kind: &'static str) -> impl IntoView {
    let who = match kind {
        "approve" => Signal::derive(t!("flows-who-approves")),
        "fill" => Signal::derive(t!("flows-who-fills")),
        _ => Signal::derive(t!("flows-who-is-informed")),
    };
    let decides = kind != "cc";
    view! {
        <div class="stack g4 prop-top">
            <PartLabel designer=designer step=step.clone()/>
            <WhoInput designer=designer key=step.clone() label=who/>
            {decides.then(|| view! { <PolicyInput designer=designer step=step.clone() votes=kind == "approve"/> })}
            {(kind == "approve").then(|| view! { <RejectionInput designer=designer step=step.clone()/> })}
            {decides.then(|| view! {
                <NobodyInput designer=designer step=Some(step.clone())/>
                <DemandInput
                    designer=designer
                    step=step.clone()
                    member="opinion"
                    label=Signal::derive(t!("flows-opinion"))
                    help=Signal::derive(t!("flows-opinion-help"))
                />
                <DemandInput
                    designer=designer
                    step=step.clone()
                    member="signature"
                    label=Signal::derive(t!("flows-signature"))
                    help=Signal::derive(t!("flows-signature-help"))
                />
                <PrintInput designer=designer step=step.clone()/>
            })}
        </div>
    }
}

/// Whether deciding and saving are offered together with printing.
#[component]
fn PrintInput(designer: FlowDesigner, step: String) -> impl IntoView {
    let member = designer.member(&step, "print");
    let on = Signal::derive(move || member.with(|member| member == &Json::Bool(true)));
    let turn = move |on: bool| designer.set(&step, "print", if on { Json::Bool(true) } else { Json::Null });
    view! {
        <label class="switch-row">
            <span><span>{t!("flows-print")}</span><span class="help">{t!("flows-print-help")}</span></span>
            <Switch checked=on on_change=turn label=Signal::derive(t!("flows-print"))/>
        </label>
    }
}

/// How a policy is called among the radio buttons.
fn policy_key(policy: Policy) -> &'static str {
    match policy {
        Policy::Any => "any",
        Policy::All => "all",
        Policy::Sequential => "sequential",
        Policy::Ratio(_) => "ratio",
    }
}

/// When the step is passed.
#[component]
fn PolicyInput(
    designer: FlowDesigner,
    step: String,
    /// Whether there are votes, of which a share can be asked for.
    votes: bool,
) -> impl IntoView {
    let member = designer.member(&step, "policy");
    let policy = Memo::new(move |_| serde_json::from_value::<Policy>(member.get()).unwrap_or_default());
    let at = StoredValue::new(step.clone());
    let set = move |policy: Policy| {
        at.with_value(|step| designer.set(step, "policy", serde_json::to_value(policy).unwrap_or_default()));
    };
    let radio = |key: &'static str, words: fn() -> String, to: Policy| {
        let checked = Signal::derive(move || policy_key(policy.get()) == key);
        let help = move || i18n::lookup(&format!("flows-policy-help-{key}"), &[]);
        view! {
            <div>
                <Radio name=format!("policy-{step}") checked=checked on_choose=move |()| set(to)>{words}</Radio>
                <span class="help of-option">{help}</span>
            </div>
        }
    };
    view! {
        <div class="field" role="radiogroup" aria-label=t!("flows-policy")>
            <span class="label">{t!("flows-policy")}</span>
            <div class="stack">
                {radio("any", || text!("flows-policy-any"), Policy::Any)}
                {radio("all", || text!("flows-policy-all"), Policy::All)}
                {votes.then(|| radio("ratio", || text!("flows-policy-ratio"), Policy::Ratio(Ratio::Percent(60))))}
                {move || match policy.get() {
                    Policy::Ratio(ratio) => view! { <RatioInput ratio=ratio on_change=set/> }.into_any(),
                    Policy::Any | Policy::All | Policy::Sequential => ().into_any(),
                }}
                {radio("sequential", || text!("flows-policy-sequential"), Policy::Sequential)}
            </div>
        </div>
    }
}

/// A number of people or a share of them.
#[component]
fn RatioInput(ratio: Ratio, #[prop(into)] on_change: Callback<Policy>) -> impl IntoView {
    let (unit, number) = match ratio {
        Ratio::N(count) => ("n", count),
        Ratio::Percent(percent) => ("percent", percent),
    };
    let say = move |unit: &str, number: u32| {
        on_change.run(Policy::Ratio(if unit == "n" { Ratio::N(number) } else { Ratio::Percent(number) }));
    };
    let enter = move |text: String| {
        if let Ok(number) = text.parse() {
            say(unit, number);
        }
    };
    let turn = move |to: &'static str| say(to, if to == "n" { 2 } else { 60 });
    view! {
        <div class="row">
            <NumberInput value=Signal::stored(number.to_string()) on_change=enter label=Signal::derive(t!("flows-policy-ratio"))/>
            <Segmented
                segments=vec![Segment::new("percent", || "%".to_string()), Segment::new("n", t!("flows-people"))]
                selected=Signal::stored(unit.to_string())
                on_select=turn
                label=Signal::derive(t!("flows-policy-ratio"))
            />
        </div>
    }
}

/// What becomes of a request that is rejected; any other key is that of an earlier step.
fn target_means(key: &str) -> String {
    match key {
        "end" => text!("flows-reject-help-end"),
        "start" => text!("flows-reject-help-start"),
        _step => text!("flows-reject-help-step"),
    }
}

/// What a rejection does: when it counts, and where the request goes.
#[component]
fn RejectionInput(designer: FlowDesigner, step: String) -> impl IntoView {
    let at = StoredValue::new(step.clone());
    let when = designer.member(&step, "on_reject");
    let to = designer.member(&step, "reject_to");
    let policy = designer.member(&step, "policy");
    let whens = Signal::derive(move || {
        vec![
            Choice::new("first", text!("flows-reject-first")),
            Choice::new("exhausted", text!("flows-reject-exhausted")),
        ]
    });
    let targets = Signal::derive(move || {
        let mut all = vec![
            Choice::new("end", text!("flows-reject-end")),
            Choice::new("start", text!("flows-reject-start")),
        ];
        let back =
            |(key, label): (String, String)| Choice::new(key, text!("flows-reject-step", name = label));
        all.extend(at.with_value(|step| designer.earlier(step)).into_iter().map(back));
        all
    });
    let word = |member: Memo<Json>, otherwise: &'static str| {
        Signal::derive(move || {
            let given = member.with(|json| json.as_str().map(str::to_string));
            Some(given.unwrap_or_else(|| otherwise.to_string()))
        })
    };
    let set = move |member: &'static str, word: Option<String>| {
        let default = match member {
            "on_reject" => serde_json::to_value(OnReject::default()),
            _ => serde_json::to_value(RejectTo::default()),
        };
        let value = word.map(Json::String).unwrap_or_default();
        let value = if default.is_ok_and(|default| default == value) { Json::Null } else { value };
        at.with_value(|step| designer.set(step, member, value));
    };
    // Where everybody has to agree, one rejection is always enough.
    let several = move || policy.with(|policy| *policy != json!("sequential") && *policy != json!("all"));
    view! {
        <Explained
            label=Signal::derive(t!("flows-reject-to"))
            choices=targets
            value=word(to, "end")
            means=target_means
            on_change=move |key| set("reject_to", key)
        />
        <Show when=several>
            <Explained
                label=Signal::derive(t!("flows-on-reject"))
                choices=whens
                value=word(when, "first")
                means=|word| i18n::lookup(&format!("flows-reject-help-{word}"), &[])
                on_change=move |key| set("on_reject", key)
            />
        </Show>
    }
}

/// Whether an opinion or a signature may or must be given.
#[component]
fn DemandInput(
    designer: FlowDesigner,
    step: String,
    member: &'static str,
    label: Signal<String>,
    help: Signal<String>,
) -> impl IntoView {
    let demand = designer.member(&step, member);
    let at = StoredValue::new(step);
    let segment =
        |key: &'static str| Segment::new(key, move || i18n::lookup(&format!("flows-demand-{key}"), &[]));
    let set = move |key: &'static str| {
        let value = if key == "optional" { Json::Null } else { json!(key) };
        at.with_value(|step| designer.set(step, member, value));
    };
    view! {
        <Field label=label help=help>
            <Segmented
                segments=vec![segment("off"), segment("optional"), segment("required")]
                selected=Signal::derive(move || demand.with(|json| json.as_str().unwrap_or("optional").to_string()))
                on_select=set
                label=label
            />
        </Field>
    }
}
