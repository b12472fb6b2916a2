//! What people can do with a task of a step, besides completing it.

use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FlowDesigner;
use crate::designer::{text_in, with_text};
use crate::ui::{Choice, Field, MultiSelect, Segment, Segmented, Switch, TextInput};
use crate::{i18n, t, text};

/// The actions of a kind, in the order of the decision bar; the first passes the step and can't be switched off.
fn of_kind(kind: &str) -> &'static [&'static str] {
    match kind {
        "approve" => &["approve", "reject", "return", "transfer", "add_sign", "withdraw", "save"],
        _ => &["submit", "return", "transfer", "add_sign", "withdraw", "save"],
    }
}

/// What is done to the request as a whole while it waits at a step, whoever does it.
const OF_REQUEST: [&str; 5] = ["urge", "comment", "reassign", "terminate", "reactivate"];

fn name_of(action: &str) -> String {
    i18n::lookup(&format!("flows-action-{}", action.replace('_', "-")), &[])
}

/// The actions with another name for one; without a name it is called as everywhere.
fn named(actions: &Json, action: &str, name: &str) -> Json {
    let mut changed = actions.as_object().cloned().unwrap_or_default();
    match name.trim() {
        "" => drop(changed.remove(action)),
        name => {
            let known =
                actions.get(action).and_then(|setting| setting.get("label")).cloned().unwrap_or_default();
            changed.insert(action.to_string(), json!({ "label": with_text(&known, name) }));
        }
    }
    if changed.is_empty() { Json::Null } else { Json::Object(changed) }
}

/// The actions with another one switched on or off; one that is on is left out.
fn switched(actions: &Json, action: &str, on: bool) -> Json {
    let mut actions = actions.as_object().cloned().unwrap_or_default();
    if on {
        actions.remove(action);
    } else {
        actions.insert(action.to_string(), json!(false));
    }
    if actions.is_empty() { Json::Null } else { Json::Object(actions) }
}

#[component]
pub fn ActionSwitches(designer: FlowDesigner, step: String, kind: &'static str) -> impl IntoView {
    let actions = designer.member(&step, "actions");
    let at = StoredValue::new(step.clone());
    let passing = of_kind(kind).first().copied().unwrap_or_default();
    let line = move |action: &'static str| {
        let name = Signal::derive(move || name_of(action));
        let on = Signal::derive(move || actions.with(|actions| actions.get(action) != Some(&json!(false))));
        let own = Signal::derive(move || {
            actions
                .with(|actions| actions.get(action).and_then(|setting| setting.get("label")).map(text_in))
                .unwrap_or_default()
        });
        let turn = move |on: bool| {
            let value = switched(&actions.get_untracked(), action, on);
            at.with_value(|step| designer.set(step, "actions", value));
        };
        let call = move |words: String| {
            let value = named(&actions.get_untracked(), action, &words);
            at.with_value(|step| designer.set(step, "actions", value));
        };
        let help = move || i18n::lookup(&format!("flows-action-help-{}", action.replace('_', "-")), &[]);
        view! {
            <div class="stack g1">
                <label class="switch-row">
                    <span><span>{name}</span><span class="help">{help}</span></span>
                    {(action != passing).then(|| view! { <Switch checked=on on_change=turn label=name/> })}
                </label>
                <Show when=move || on.get()>
                    <TextInput value=own on_change=call placeholder=name label=Signal::derive(move || text!("flows-action-called", name = name.get()))/>
                </Show>
            </div>
        }
    };
    view! {
        <div class="stack g3 prop-top">
            <span class="help">{t!("flows-actions-help")}</span>
            {of_kind(kind).iter().map(|action| line(action)).collect_view()}
            <span class="help">{t!("flows-actions-of-request")}</span>
            {OF_REQUEST.into_iter().map(line).collect_view()}
            <ReturnTo designer=designer step=step/>
        </div>
    }
}

/// Where a request can be returned to.
#[component]
fn ReturnTo(designer: FlowDesigner, step: String) -> impl IntoView {
    let member = designer.member(&step, "return_to");
    let at = StoredValue::new(step);
    let only = Memo::new(move |_| {
        member.with(|json| {
            let keys = json.as_array()?;
            Some(keys.iter().filter_map(Json::as_str).map(str::to_string).collect::<Vec<_>>())
        })
    });
    let set = move |value: Json| at.with_value(|step| designer.set(step, "return_to", value));
    let choices = Signal::derive(move || {
        let mut all = vec![Choice::new("start", text!("flows-start"))];
        let earlier = at.with_value(|step| designer.possibly_earlier(step));
        all.extend(earlier.into_iter().map(|(key, label)| Choice::new(key, label)));
        all
    });
    let turn = move |to: &'static str| match to {
        "only" => set(json!(["start"])),
        _passed => set(Json::Null),
    };
    let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
    let choose_targets = move |keys: Vec<String>| set(json!(keys));
    view! {
        <Field label=t!("flows-return-to") help=Signal::derive(t!("flows-return-to-help"))>
            <Segmented
                segments=vec![segment("passed", || text!("flows-return-passed")), segment("only", || text!("flows-return-only"))]
                selected=Signal::derive(move || if only.with(Option::is_some) { "only" } else { "passed" }.to_string())
                on_select=turn
                label=Signal::derive(t!("flows-return-to"))
            />
        </Field>
        <Show when=move || only.with(Option::is_some)>
            <MultiSelect
                choices=choices
                value=Signal::derive(move || only.get().unwrap_or_default())
                on_change=choose_targets
                label=Signal::derive(t!("flows-return-only"))
            />
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    #[test]
    fn only_what_is_switched_off_or_renamed_is_kept() {
        let off = switched(&Json::Null, "transfer", false);
        assert_eq!(off, json!({"transfer": false}));
        assert_eq!(switched(&off, "transfer", true), Json::Null);
        let renamed = Json::Object(Map::from_iter([("return".to_string(), json!({"label": "打回"}))]));
        assert_eq!(
            switched(&renamed, "reject", false),
            json!({"return": {"label": "打回"}, "reject": false})
        );
    }

    #[test]
    fn an_action_is_called_otherwise_and_as_everywhere_again() {
        i18n::set_language(i18n::Language::En);
        let called = named(&json!({"transfer": false}), "return", " Send back ");
        assert_eq!(called, json!({"transfer": false, "return": {"label": "Send back"}}));
        assert_eq!(named(&json!({"return": {"label": "打回"}}), "return", ""), Json::Null);
    }

    #[test]
    fn every_action_has_its_words() {
        for action in of_kind("approve").iter().chain(of_kind("fill")).chain(&OF_REQUEST) {
            let help = i18n::lookup(&format!("flows-action-help-{}", action.replace('_', "-")), &[]);
            assert!(!name_of(action).starts_with("flows-") && !help.starts_with("flows-"), "{action}");
        }
    }

    #[test]
    fn every_action_of_the_engine_is_offered() {
        let offered = of_kind("approve").iter().chain(of_kind("fill")).chain(&OF_REQUEST);
        for action in offered.clone() {
            let known = serde_json::from_value::<engine::flow::document::Action>(json!(action));
            assert!(known.is_ok(), "{action}");
        }
        assert_eq!(offered.copied().collect::<std::collections::BTreeSet<_>>().len(), 13);
    }
}
