//! The settings of the flow as a whole, and the inputs that steps share with it.

use engine::flow::document::START;
use engine::flow::who::Nobody;
use engine::value::Id;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FlowDesigner;
use crate::designer::{TitleInput, named_in_titles, text_in, with_text};
use crate::ui::{Choice, Field, Select, TextInput};
use crate::{i18n, t, text};

/// The name of a step.
#[component]
pub fn PartLabel(designer: FlowDesigner, step: String) -> impl IntoView {
    let label = designer.member(&step, "label");
    let at = StoredValue::new(step);
    let rename = move |text: String| {
        if !text.trim().is_empty() {
            let label = with_text(&label.get_untracked(), text.trim());
            at.with_value(|step| designer.set(step, "label", label));
        }
    };
    view! {
        <Field label=t!("flows-step-name")>
            <TextInput value=Signal::derive(move || text_in(&label.get())) on_change=rename name="step-label"/>
        </Field>
    }
}

/// A choice of a few, and below it what the chosen one means.
#[component]
pub fn Explained(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<Option<String>>,
    /// What a choice means, by its key with hyphens.
    means: fn(&str) -> String,
    #[prop(into)] on_change: Callback<Option<String>>,
) -> impl IntoView {
    let help = Signal::derive(move || {
        value.with(|key| key.as_deref().map(|key| means(&key.replace('_', "-")))).unwrap_or_default()
    });
    view! { <Field label=label help=help><Select choices=choices value=value on_change=on_change/></Field> }
}

/// One of a few words of the document; the first is the one that is left out.
#[component]
pub fn WordInput(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<Json>,
    words: &'static [&'static str],
    /// What a word is called on the screen; its parts are joined by hyphens.
    name: fn(&str) -> String,
    /// What it means.
    means: fn(&str) -> String,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let choice = |word: &&'static str| Choice::new(*word, name(&word.replace('_', "-")));
        words.iter().map(choice).collect::<Vec<_>>()
    });
    let first = words.first().copied().unwrap_or_default();
    let chosen = Signal::derive(move || Some(value.with(|json| json.as_str().unwrap_or(first).to_string())));
    let change = move |word: Option<String>| {
        let word = word.filter(|word| word != first);
        on_change.run(word.map(Json::String).unwrap_or_default());
    };
    view! { <Explained label=label choices=choices value=chosen means=means on_change=change/> }
}

/// What it means that a choice is taken where nobody is found; any other key is that of a member.
fn nobody_means(key: &str) -> String {
    match key {
        "flow" => text!("flows-nobody-help-as-flow"),
        "admins" => text!("flows-nobody-help-admins"),
        "auto-approve" => text!("flows-nobody-help-auto-approve"),
        "hold" => text!("flows-nobody-help-hold"),
        _member => text!("flows-nobody-help-member"),
    }
}

/// Who is asked when nobody is found: at a step, or in the whole flow.
#[component]
pub fn NobodyInput(designer: FlowDesigner, step: Option<String>) -> impl IntoView {
    let of_step = step.is_some();
    let own = match &step {
        Some(step) => designer.member(step, "nobody"),
        None => designer.flow_member("nobody"),
    };
    let at = StoredValue::new(step);
    let choices = Signal::derive(move || {
        let mut all = Vec::new();
        if of_step {
            all.push(Choice::new("flow", text!("flows-nobody-as-flow")));
        }
        for word in ["admins", "auto_approve", "hold"] {
            let key = format!("flows-nobody-{}", word.replace('_', "-"));
            all.push(Choice::new(word, i18n::lookup(&key, &[])));
        }
        designer.people.with_value(|people| {
            let active = people.members.iter().filter(|known| known.state != wire::MemberState::Disabled);
            let choice = |member: &wire::Member| {
                Choice::new(member.id.to_string(), text!("flows-nobody-member", name = member.name))
            };
            all.extend(active.map(choice));
        });
        all
    });
    let chosen = Signal::derive(move || {
        let nobody = serde_json::from_value::<Nobody>(own.get()).ok();
        Some(match nobody {
            None if of_step => "flow".to_string(),
            None | Some(Nobody::Admins) => "admins".to_string(),
            Some(Nobody::AutoApprove) => "auto_approve".to_string(),
            Some(Nobody::Hold) => "hold".to_string(),
            Some(Nobody::Member(member)) => member.to_string(),
        })
    });
    let change = move |key: Option<String>| {
        let value = match key.as_deref() {
            None | Some("flow") => Json::Null,
            Some("admins") if !of_step => Json::Null,
            Some(word @ ("admins" | "auto_approve" | "hold")) => json!(word),
            Some(member) => match member.parse::<Id>() {
                Ok(member) => json!({ "member": member }),
                Err(_) => return,
            },
        };
        at.with_value(|step| match step {
            Some(step) => designer.set(step, "nobody", value),
            None => designer.set_flow("nobody", value),
        });
    };
    view! {
        <Explained
            label=Signal::derive(t!("flows-nobody"))
            choices=choices
            value=chosen
            means=nobody_means
            on_change=change
        />
    }
}

/// The settings of the whole flow and of its start.
#[component]
pub fn FlowSettings(designer: FlowDesigner) -> impl IntoView {
    let title = designer.flow_member("title");
    let shown = Signal::derive(move || title.with(|json| json.as_str().unwrap_or_default().to_string()));
    let rename = move |text: String| {
        designer.set_flow("title", if text.trim().is_empty() { Json::Null } else { json!(text.trim()) });
    };
    let offered = Signal::derive(move || {
        let form = designer.published_form();
        designer.catalogue.with(|known| named_in_titles(&form, &**known, i18n::language()))
    });
    let withdraw = designer.member(START, "withdraw");
    view! {
        <div class="stack g4 prop-top">
            <WordInput
                label=Signal::derive(t!("flows-withdraw"))
                value=withdraw
                words=&["until_decided", "while_running", "never"]
                name=|word| i18n::lookup(&format!("flows-withdraw-{word}"), &[])
                means=|word| i18n::lookup(&format!("flows-withdraw-help-{word}"), &[])
                on_change=move |value| designer.set(START, "withdraw", value)
            />
            <WordInput
                label=Signal::derive(t!("flows-self"))
                value=designer.flow_member("self_approval")
                words=&["allow", "manager", "auto_approve"]
                name=|word| i18n::lookup(&format!("flows-self-{word}"), &[])
                means=|word| i18n::lookup(&format!("flows-self-help-{word}"), &[])
                on_change=move |value| designer.set_flow("self_approval", value)
            />
            <WordInput
                label=Signal::derive(t!("flows-pass"))
                value=designer.flow_member("auto_pass")
                words=&["off", "consecutive", "any_earlier"]
                name=|word| i18n::lookup(&format!("flows-pass-{word}"), &[])
                means=|word| i18n::lookup(&format!("flows-pass-help-{word}"), &[])
                on_change=move |value| designer.set_flow("auto_pass", value)
            />
            <NobodyInput designer=designer step=None/>
            <TitleInput
                label=Signal::derive(t!("flows-title"))
                help=Signal::derive(t!("flows-title-help"))
                value=shown
                offered=offered
                on_change=rename
                name="flow-title"
            />
        </div>
    }
}
