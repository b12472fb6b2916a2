//! What a step sends: a message to people, or a call to another system.

use engine::flow::CallMethod;
use engine::flow::who::Who;
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::people::{choices, keys_of, source_name, who_of};
use super::state::FlowDesigner;
use super::waits_panel::own_fields;
use crate::api::sending;
use crate::designer::{text_in, with_text};
use crate::ui::{Checkbox, Choice, ControlSize, Field, MultiSelect, Select, TextArea, TextInput};
use crate::{t, text};

/// The ways of a message.
const CHANNELS: [&str; 2] = ["app", "mail"];

/// An action with another value for a member; without one it is left out.
fn with(action: &Json, member: &str, value: Json) -> Map<String, Json> {
    let mut members = action.as_object().cloned().unwrap_or_default();
    match value {
        Json::Null => drop(members.remove(member)),
        value => drop(members.insert(member.to_string(), value)),
    }
    members
}

/// The channels with one switched on or off; both are left out.
fn switched(channels: &Json, channel: &str, on: bool) -> Json {
    let is_on = |known: &str| has_channel(channels, known);
    let kept = CHANNELS.into_iter().filter(|known| if *known == channel { on } else { is_on(known) });
    let kept: Vec<&str> = kept.collect();
    if kept.len() == CHANNELS.len() { Json::Null } else { json!(kept) }
}

fn has_channel(channels: &Json, channel: &str) -> bool {
    channels.as_array().is_none_or(|known| known.iter().any(|known| known == channel))
}

/// Chooses a field of the record that is put into what is written.
#[component]
fn FieldToInsert(
    designer: FlowDesigner,
    /// Read aloud: where it is put.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let fields = Signal::derive(move || own_fields(designer, None, false));
    let choose = move |key: Option<String>| {
        if let Some(key) = key {
            on_choose.run(key);
        }
    };
    view! {
        <Select
            choices=fields
            value=Signal::stored(None::<String>)
            on_change=choose
            placeholder=Signal::derive(t!("flows-insert-field"))
            label=label
            size=ControlSize::Small
        />
    }
}

/// Whom a message goes to, by which ways, and what it says.
#[component]
pub fn MessageSettings(
    designer: FlowDesigner,
    action: Memo<Json>,
    #[prop(into)] on_change: Callback<Map<String, Json>>,
) -> impl IntoView {
    let part = move |member: &'static str| {
        Memo::new(move |_| action.with(|action| action.get(member).cloned().unwrap_or_default()))
    };
    let set = move |member: &'static str, value: Json| {
        on_change.run(action.with_untracked(|action| with(action, member, value)));
    };
    let (to, channels, title, body) = (part("to"), part("channels"), part("title"), part("body"));
    let keys = Signal::derive(move || {
        let who = serde_json::from_value::<Vec<Who>>(to.get()).unwrap_or_default();
        keys_of(&who)
    });
    let people = Signal::derive(move || {
        let mut all = choices(designer);
        for key in keys.get() {
            if all.iter().all(|choice| choice.key != key) {
                all.push(Choice::new(&key, source_name(designer, &key)));
            }
        }
        all
    });
    let nobody = Signal::derive(move || keys.with(Vec::is_empty).then(t!("flows-nobody-named")));
    let name = move |keys: Vec<String>| set("to", json!(who_of(&keys)));
    let entitle = move |words: String| set("title", with_text(&title.get_untracked(), words.trim()));
    let say = move |words: String| {
        let value = if words.trim().is_empty() {
            Json::Null
        } else {
            with_text(&body.get_untracked(), words.trim_end())
        };
        set("body", value);
    };
    let insert = move |key: String| {
        let words = format!("{}{{{key}}}", text_in(&body.get_untracked()));
        set("body", with_text(&body.get_untracked(), &words));
    };
    let by = move |channel: &'static str| {
        let on = Signal::derive(move || channels.with(|channels| has_channel(channels, channel)));
        let turn = move |on: bool| {
            let value = channels.with_untracked(|channels| switched(channels, channel, on));
            set("channels", value);
        };
        let words = move || match channel {
            "mail" => text!("flows-message-by-mail"),
            _app => text!("flows-message-in-app"),
        };
        view! { <Checkbox checked=on on_change=turn name=channel>{words}</Checkbox> }
    };
    view! {
        <Field label=t!("flows-message-to") error=nobody>
            <MultiSelect choices=people value=keys on_change=name label=Signal::derive(t!("flows-message-to"))/>
        </Field>
        <div class="field" role="group" aria-label=t!("flows-message-by")>
            <span class="label">{t!("flows-message-by")}</span>
            {CHANNELS.map(by).into_iter().collect_view()}
        </div>
        <Field label=t!("flows-message-title") required=true>
            <TextInput value=Signal::derive(move || text_in(&title.get())) on_change=entitle name="message-title"/>
        </Field>
        <Field label=t!("flows-message-body") help=Signal::derive(t!("flows-message-help"))>
            <TextArea value=Signal::derive(move || text_in(&body.get())) on_change=say rows=5 name="message-body"/>
        </Field>
        <FieldToInsert designer=designer label=Signal::derive(t!("flows-insert-field")) on_choose=insert/>
    }
}

/// Headers as lines `Name: value`.
fn lines_of(headers: &Json) -> String {
    let headers = headers.as_object().cloned().unwrap_or_default();
    let line = |(name, value): (String, Json)| format!("{name}: {}", value.as_str().unwrap_or_default());
    headers.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The headers of lines; what has no colon is the name of one without a value.
fn headers_of(lines: &str) -> Json {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let headers: Map<String, Json> = lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.trim().to_string(), json!(value.trim()))
        })
        .collect();
    if headers.is_empty() { Json::Null } else { Json::Object(headers) }
}

/// A body with one more member that stands for a field.
fn with_field(body: &Json, key: &str) -> Option<Json> {
    let mut members = match body {
        Json::Null => Map::new(),
        Json::Object(members) => members.clone(),
        _ => return None,
    };
    members.insert(key.to_string(), json!({ "field": key }));
    Some(Json::Object(members))
}

/// Where a call goes, what it brings, and what it proves itself with.
#[component]
pub fn CallSettings(
    designer: FlowDesigner,
    action: Memo<Json>,
    #[prop(into)] on_change: Callback<Map<String, Json>>,
) -> impl IntoView {
    let part = move |member: &'static str| {
        Memo::new(move |_| action.with(|action| action.get(member).cloned().unwrap_or_default()))
    };
    let set = move |member: &'static str, value: Json| {
        on_change.run(action.with_untracked(|action| with(action, member, value)));
    };
    let (method, url, secret) = (part("method"), part("url"), part("secret"));
    let (headers, body) = (part("headers"), part("body"));
    let methods = Signal::stored(CallMethod::ALL.map(|known| Choice::new(known.key(), known.key())).to_vec());
    let chosen = Signal::derive(move || {
        Some(method.with(|method| method.as_str().unwrap_or(CallMethod::Post.key()).to_string()))
    });
    let brings = move || {
        let known = chosen.get().and_then(|key| CallMethod::from_key(&key));
        known.is_some_and(CallMethod::has_body)
    };
    let choose_method = move |key: Option<String>| {
        let Some(known) = key.and_then(|key| CallMethod::from_key(&key)) else { return };
        let mut members = action.with_untracked(|action| with(action, "method", json!(known.key())));
        if !known.has_body() {
            members.remove("body");
        }
        on_change.run(members);
    };
    let go = move |address: String| set("url", json!(address.trim()));
    let insert_in_url = move |key: String| {
        let address = url.with_untracked(|url| url.as_str().unwrap_or_default().to_string());
        set("url", json!(format!("{address}{{{key}}}")));
    };
    let app = designer.form.with_value(|of| of.form.sketch.app.clone());
    let known = LocalResource::new(move || {
        let app = app.clone();
        async move { sending::secrets(&app).await }
    });
    let secrets = Signal::derive(move || {
        let mut all = vec![Choice::new("", text!("flows-call-no-secret"))];
        let mut names: Vec<String> = Vec::new();
        for one in known.get().and_then(Result::ok).unwrap_or_default() {
            if !names.contains(&one.name) {
                names.push(one.name);
            }
        }
        let named = secret.with(|secret| secret.as_str().map(str::to_string));
        names.extend(named.filter(|name| !names.contains(name)));
        all.extend(names.into_iter().map(|name| Choice::new(&name, &name)));
        all
    });
    let proof =
        Signal::derive(move || Some(secret.with(|secret| secret.as_str().unwrap_or_default().to_string())));
    let choose_secret = move |name: Option<String>| {
        let name = name.filter(|name| !name.is_empty());
        set("secret", name.map(Json::String).unwrap_or_default());
    };
    let write_headers = move |lines: String| set("headers", headers_of(&lines));
    // What is no JSON stays in sight until it is.
    let typed = RwSignal::new(None::<String>);
    let content = Signal::derive(move || {
        typed.get().unwrap_or_else(|| match body.get() {
            Json::Null => String::new(),
            body => serde_json::to_string_pretty(&body).unwrap_or_default(),
        })
    });
    let no_json = Signal::derive(move || typed.with(Option::is_some).then(t!("flows-call-no-json")));
    let write_body = move |text: String| {
        if text.trim().is_empty() {
            typed.set(None);
            return set("body", Json::Null);
        }
        match serde_json::from_str::<Json>(&text) {
            Ok(json) => {
                typed.set(None);
                set("body", json);
            }
            Err(_) => typed.set(Some(text)),
        }
    };
    let insert_in_body = move |key: String| {
        if let Some(body) = body.with_untracked(|body| with_field(body, &key)) {
            typed.set(None);
            set("body", body);
        }
    };
    view! {
        <Field label=t!("flows-call-method")>
            <Select choices=methods value=chosen on_change=choose_method/>
        </Field>
        <Field label=t!("flows-call-url") required=true help=Signal::derive(t!("flows-call-url-help"))>
            <TextInput value=Signal::derive(move || url.with(|url| url.as_str().unwrap_or_default().to_string())) on_change=go name="call-url"/>
        </Field>
        <FieldToInsert designer=designer label=Signal::derive(t!("flows-insert-in-address")) on_choose=insert_in_url/>
        <Field label=t!("flows-call-secret") help=Signal::derive(t!("flows-call-secret-help"))>
            <Select choices=secrets value=proof on_change=choose_secret/>
        </Field>
        <Field label=t!("flows-call-headers") help=Signal::derive(t!("flows-call-headers-help"))>
            <TextArea value=Signal::derive(move || lines_of(&headers.get())) on_change=write_headers rows=2 name="call-headers"/>
        </Field>
        <Show when=brings>
            <Field label=t!("flows-call-body") error=no_json help=Signal::derive(t!("flows-call-body-help"))>
                <TextArea value=content on_change=write_body rows=6 name="call-body"/>
            </Field>
            <FieldToInsert designer=designer label=Signal::derive(t!("flows-insert-in-content")) on_choose=insert_in_body/>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_left_out() {
        let mail_off = switched(&Json::Null, "mail", false);
        assert_eq!(mail_off, json!(["app"]));
        assert_eq!(switched(&mail_off, "mail", true), Json::Null);
        assert_eq!(switched(&mail_off, "app", false), json!([]));
    }

    #[test]
    fn headers_are_lines() {
        let headers = headers_of(" X-Code: {code} \n\nX-Empty\n");
        assert_eq!(headers, json!({"X-Code": "{code}", "X-Empty": ""}));
        assert_eq!(headers_of(&lines_of(&headers)), headers);
        assert_eq!(headers_of(" \n"), Json::Null);
    }

    #[test]
    fn a_field_is_put_into_what_a_call_brings() {
        assert_eq!(with_field(&Json::Null, "a"), Some(json!({"a": {"field": "a"}})));
        assert_eq!(with_field(&json!({"b": 1}), "a"), Some(json!({"b": 1, "a": {"field": "a"}})));
        assert_eq!(with_field(&json!([1]), "a"), None);
    }
}
