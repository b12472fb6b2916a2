//! The settings of a step that changes records, or sends something.

use std::sync::Arc;

use engine::condition::Condition;
use engine::field::Reference;
use engine::flow::document::no_condition;
use engine::form::{Catalogue, Form};
use engine::formula::Type;
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::checks::{FormulaLine, as_formula, formula_in};
use super::sending_panel::{CallSettings, MessageSettings};
use super::settings::PartLabel;
use super::state::FlowDesigner;
use super::waits_panel::{fields_of, other_forms};
use crate::api::forms;
use crate::conditions::ConditionBuilder;
use crate::ui::{
    Choice, ControlSize, Field, IconButton, MultiSelect, Segment, Segmented, Select, Switch, TextInput,
};
use crate::{i18n, t, text};

/// What becomes of records, and what is sent.
const KINDS: [&str; 7] = ["set", "create", "update", "upsert", "delete", "notify", "call"];

/// An action of another kind: what its kind does not have goes.
fn of_kind(action: &Map<String, Json>, kind: &str) -> Map<String, Json> {
    let keeps: &[&str] = match kind {
        "set" => &["set", "trigger"],
        "create" => &["form", "set", "start_flow", "trigger"],
        "upsert" => &["form", "set", "key", "start_flow", "trigger"],
        "update" => &["form", "set", "record", "filter", "if_none", "trigger"],
        // The `body` of a message is a text, that of a call JSON: neither is the other's.
        "notify" => &["to", "channels", "title"],
        "call" => &["method", "url", "headers", "secret"],
        _ => &["form", "record", "filter", "trigger"],
    };
    let kept = action.iter().filter(|(member, _)| keeps.contains(&member.as_str()));
    let mut changed: Map<String, Json> =
        kept.map(|(member, value)| (member.clone(), value.clone())).collect();
    changed.insert("kind".to_string(), json!(kind));
    // What has to be said stands there to be filled in.
    let needed: &[(&str, Json)] = match kind {
        "notify" => &[("to", json!([])), ("title", json!(""))],
        "call" => &[("url", json!(""))],
        _ => &[],
    };
    for (member, value) in needed {
        changed.entry(*member).or_insert_with(|| value.clone());
    }
    changed
}

/// A step that changes records, or sends something.
#[component]
pub fn ActionPanel(designer: FlowDesigner, step: String) -> impl IntoView {
    let action = designer.member(&step, "action");
    let at = StoredValue::new(step.clone());
    let members = move || action.get_untracked().as_object().cloned().unwrap_or_default();
    let put = move |members: Map<String, Json>| {
        at.with_value(|step| designer.set(step, "action", Json::Object(members)));
    };
    let set = move |member: &str, value: Json| {
        let mut members = members();
        match value {
            Json::Null => drop(members.remove(member)),
            value => drop(members.insert(member.to_string(), value)),
        }
        put(members);
    };
    let part = move |member: &'static str| {
        Memo::new(move |_| action.with(|action| action.get(member).cloned().unwrap_or_default()))
    };
    let word = |json: Memo<Json>| Memo::new(move |_| json.with(|json| json.as_str().map(str::to_string)));
    let kind = word(part("kind"));
    let (form, record) = (word(part("form")), word(part("record")));
    let (values, key, filter) = (part("set"), part("key"), part("filter"));
    let (if_none, start_flow) = (word(part("if_none")), part("start_flow"));
    let is = move |kinds: &'static [&'static str]| {
        kind.with(|kind| kind.as_deref().is_some_and(|kind| kinds.contains(&kind)))
    };
    let finds = move || is(&["update", "delete"]);
    let sends = move || is(&["notify", "call"]);
    let by_link = move || finds() && record.with(Option::is_some);
    // The form whose fields are set: the flow's own, that of a link, or the one that is named.
    let target = Memo::new(move |_| {
        let own = designer.published_form();
        if is(&["set"]) {
            return own.sketch.id.to_string();
        }
        match record.get().filter(|_| finds()) {
            Some(link) => own.column(&link).and_then(|column| column.target).map(|id| id.to_string()),
            None => form.get(),
        }
        .unwrap_or_default()
    });
    Effect::new(move || designer.know(target.get()));
    let kinds = Signal::derive(move || {
        let choice = |kind: &str| Choice::new(kind, i18n::lookup(&format!("flows-does-{kind}"), &[]));
        KINDS.into_iter().map(choice).collect::<Vec<_>>()
    });
    let choose_kind = move |kind: Option<String>| {
        if let Some(kind) = kind {
            put(of_kind(&members(), &kind));
        }
    };
    let choose_form = move |form: Option<String>| {
        let mut members = members();
        // The fields of another form are others.
        ["set", "key", "filter"].into_iter().for_each(|member| drop(members.remove(member)));
        members.extend(form.map(|form| ("form".to_string(), Json::String(form))));
        put(members);
    };
    let links = Signal::derive(move || {
        let form = designer.published_form();
        let is_link =
            |column: &&engine::form::Column| column.field.kind.reference() == Some(Reference::Record);
        let choice = |column: &engine::form::Column| {
            Choice::new(&column.path, column.field.label.get(i18n::language()))
        };
        form.fields().filter(is_link).map(choice).collect::<Vec<_>>()
    });
    let turn = move |to: &'static str| {
        let mut members = members();
        ["record", "filter", "form", "set"].into_iter().for_each(|member| drop(members.remove(member)));
        let first = links.get_untracked().first().map(|link| link.key.clone());
        match (to, first) {
            ("link", Some(link)) => drop(members.insert("record".to_string(), json!(link))),
            _ => drop(members.insert("filter".to_string(), json!({"any": []}))),
        }
        put(members);
    };
    let targets = Signal::derive(move || fields_of(designer, &target.get(), true));
    let others =
        Signal::derive(move || form.with(|form| other_forms(designer, form.as_deref().unwrap_or_default())));
    let chosen_keys = Signal::derive(move || {
        let keys = key.with(|key| key.as_array().cloned().unwrap_or_default());
        keys.iter().filter_map(Json::as_str).map(str::to_string).collect::<Vec<_>>()
    });
    let if_nones = Signal::derive(move || {
        let choice = |word: &str| Choice::new(word, i18n::lookup(&format!("flows-if-none-{word}"), &[]));
        ["skip", "create", "fail"].into_iter().map(choice).collect::<Vec<_>>()
    });
    let starts = Signal::derive(move || start_flow.with(|json| *json != json!(false)));
    let choose_link = move |key: Option<String>| set("record", key.map(Json::String).unwrap_or_default());
    let choose_if_none = move |word: Option<String>| {
        let other = word.filter(|word| word != "skip");
        set("if_none", other.map(Json::String).unwrap_or_default());
    };
    let choose_start = move |on: bool| set("start_flow", if on { Json::Null } else { json!(false) });
    let choose_keys = move |keys: Vec<String>| set("key", json!(keys));
    let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
    view! {
        <div class="stack g4 prop-top">
            <PartLabel designer=designer step=step/>
            <Field label=t!("flows-action-does")>
                <Select choices=kinds value=kind on_change=choose_kind/>
            </Field>
            <Show when=finds>
                <Segmented
                    segments=vec![segment("link", || text!("flows-found-by-link")), segment("filter", || text!("flows-found-by-filter"))]
                    selected=Signal::derive(move || if by_link() { "link" } else { "filter" }.to_string())
                    on_select=turn
                    label=Signal::derive(t!("flows-which-records"))
                />
            </Show>
            <Show when=by_link>
                <Field label=t!("flows-found-by-link")>
                    <Select choices=links value=record on_change=choose_link/>
                </Field>
            </Show>
            <Show when=move || !is(&["set"]) && !by_link() && !sends()>
                <Field label=t!("flows-action-form")>
                    <Select choices=others value=form on_change=choose_form/>
                </Field>
            </Show>
            <Show when=move || finds() && !by_link()>
                <Filter designer=designer target=target filter=filter on_change=move |filter| set("filter", filter)/>
            </Show>
            <Show when=move || !is(&["delete"]) && !sends()>
                <Values designer=designer targets=targets values=values on_change=move |values| set("set", values)/>
            </Show>
            <Show when=move || is(&["upsert"])>
                <Field label=t!("flows-action-key") help=Signal::derive(t!("flows-action-key-help"))>
                    <MultiSelect choices=targets value=chosen_keys on_change=choose_keys/>
                </Field>
            </Show>
            <Show when=move || is(&["update"])>
                <Field label=t!("flows-if-none")>
                    <Select
                        choices=if_nones
                        value=Signal::derive(move || Some(if_none.get().unwrap_or_else(|| "skip".to_string())))
                        on_change=choose_if_none
                    />
                </Field>
            </Show>
            <Show when=move || is(&["create", "upsert"])>
                <label class="switch-row">
                    <span>{t!("flows-action-starts")}</span>
                    <Switch
                        checked=starts
                        on_change=choose_start
                        label=Signal::derive(t!("flows-action-starts"))
                    />
                </label>
            </Show>
            <Show when=move || is(&["notify"])>
                <MessageSettings designer=designer action=action on_change=put/>
            </Show>
            <Show when=move || is(&["call"])>
                <CallSettings designer=designer action=action on_change=put/>
            </Show>
            <span class="help">{move || if sends() { text!("flows-sends-help") } else { text!("flows-action-help") }}</span>
        </div>
    }
}

/// Which records of another form are meant.
#[component]
fn Filter(
    designer: FlowDesigner,
    target: Memo<String>,
    filter: Memo<Json>,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    let form = Memo::new_with_compare(
        move |_| {
            let app = designer.form.with_value(|of| of.form.sketch.app.clone());
            let known = designer.catalogue.get();
            let sketch = known.form(&app, &target.get())?;
            forms::usable(&sketch, &known.forms()).map(Arc::new)
        },
        |_, _| true,
    );
    let given = untrack(|| serde_json::from_value::<Condition>(filter.get()).ok());
    let condition = RwSignal::new(given.filter(|given| *given != no_condition()));
    Effect::new(move |before: Option<Option<Condition>>| {
        let now = condition.get();
        if before.is_some_and(|before| before != now) {
            let now = now.clone().unwrap_or_else(no_condition);
            on_change.run(serde_json::to_value(now).unwrap_or_default());
        }
        now
    });
    let builder = move |form: Arc<Form>| {
        view! { <ConditionBuilder form=Signal::stored(form) condition=condition/> }
    };
    view! {
        <div class="field">
            <span class="label">{t!("flows-which-records")}</span>
            {move || form.get().map(builder)}
        </div>
    }
}

/// The fields that are set, each to a value or to what a formula over the record of the flow gives.
#[component]
fn Values(
    designer: FlowDesigner,
    targets: Signal<Vec<Choice>>,
    values: Memo<Json>,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    let map = move || values.get_untracked().as_object().cloned().unwrap_or_default();
    let free = Signal::derive(move || {
        let taken = values.get();
        let is_free = |target: &&Choice| taken.get(&target.key).is_none();
        targets.with(|all| all.iter().filter(is_free).cloned().collect::<Vec<_>>())
    });
    let put = move |key: String, value: Json| {
        let mut map = map();
        map.insert(key, value);
        on_change.run(Json::Object(map));
    };
    let add = move |key: Option<String>| {
        if let Some(key) = key {
            put(key, json!(""));
        }
    };
    let line = move |key: String| {
        let at = StoredValue::new(key);
        let value = Memo::new(move |_| {
            values.with(|values| at.with_value(|key| values.get(key).cloned().unwrap_or_default()))
        });
        let name = Signal::derive(move || {
            let known =
                targets.with(|all| at.with_value(|key| all.iter().find(|field| field.key == *key).cloned()));
            known.map_or_else(|| at.get_value(), |field| field.label)
        });
        let by_formula = Memo::new(move |_| value.with(|value| formula_in(value).is_some()));
        let formula =
            Signal::derive(move || value.with(|value| formula_in(value).unwrap_or_default().to_string()));
        let plain = Signal::derive(move || {
            value.with(|value| match value {
                Json::String(text) => text.clone(),
                Json::Null => String::new(),
                other => other.to_string(),
            })
        });
        let turn = move |to: &'static str| match to {
            "formula" => put(at.get_value(), as_formula("\"\"".to_string())),
            _value => put(at.get_value(), json!("")),
        };
        let remove = move |_| {
            let mut map = map();
            at.with_value(|key| map.remove(key));
            on_change.run(Json::Object(map));
        };
        let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
        view! {
            <div class="rule-card stack g2">
                <div class="row">
                    <b class="strong clip">{name}</b>
                    <span class="push"><IconButton icon="close" label=Signal::derive(move || text!("flows-map-remove", name = name.get())) size=ControlSize::Small on_press=remove/></span>
                </div>
                <Segmented
                    segments=vec![segment("value", || text!("flows-set-value")), segment("formula", || text!("flows-set-formula"))]
                    selected=Signal::derive(move || if by_formula.get() { "formula" } else { "value" }.to_string())
                    on_select=turn
                    label=name
                />
                {move || if by_formula.get() {
                    view! { <FormulaLine designer=designer label=name value=formula wanted=Type::Any on_change=move |formula| put(at.get_value(), as_formula(formula))/> }.into_any()
                } else {
                    view! { <TextInput value=plain on_change=move |text: String| put(at.get_value(), json!(text)) label=name/> }.into_any()
                }}
            </div>
        }
    };
    let keys = move || {
        values.with(|values| {
            values.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        })
    };
    view! {
        <div class="field">
            <span class="label">{t!("flows-action-values")}</span>
            <div class="stack g2">
                <For each=keys key=String::clone children=line/>
                <Select choices=free value=Signal::stored(None::<String>) on_change=add placeholder=Signal::derive(t!("flows-map-add")) label=Signal::derive(t!("flows-action-values")) size=ControlSize::Small/>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_of_another_kind_keeps_what_that_has() {
        let action = json!({"kind": "update", "form": "order", "set": {"state": "done"}, "filter": {"any": []},
            "if_none": "fail", "trigger": false});
        let changed = |kind: &str| Json::Object(of_kind(action.as_object().unwrap(), kind));
        assert_eq!(
            changed("create"),
            json!({"kind": "create", "form": "order", "set": {"state": "done"}, "trigger": false})
        );
        assert_eq!(
            changed("delete"),
            json!({"kind": "delete", "form": "order", "filter": {"any": []}, "trigger": false})
        );
        assert_eq!(changed("update"), action);
        assert_eq!(changed("notify"), json!({"kind": "notify", "to": [], "title": ""}));
        assert_eq!(changed("call"), json!({"kind": "call", "url": ""}));
        let call = json!({"kind": "call", "url": "https://example.com", "body": {"due": {"field": "due"}}});
        let message = Json::Object(of_kind(call.as_object().unwrap(), "notify"));
        assert_eq!(message, json!({"kind": "notify", "to": [], "title": ""}));
    }
}
