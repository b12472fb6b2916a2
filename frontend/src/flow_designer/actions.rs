//! What people can do with a task of a step, besides completing it.

use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FlowDesigner;
use crate::ui::Switch;
use crate::{i18n, t};

/// The actions of a kind that can be switched off, in the order of the decision bar.
fn of_kind(kind: &str) -> &'static [&'static str] {
    match kind {
        "approve" => &["reject", "return", "transfer", "save"],
        _ => &["return", "transfer", "save"],
    }
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
    let at = StoredValue::new(step);
    let line = move |action: &'static str| {
        let name = Signal::derive(move || i18n::lookup(&format!("flows-action-{action}"), &[]));
        let on = Signal::derive(move || actions.with(|actions| actions.get(action) != Some(&json!(false))));
        let turn = move |on: bool| {
            let value = switched(&actions.get_untracked(), action, on);
            at.with_value(|step| designer.set(step, "actions", value));
        };
        view! {
            <label class="switch-row">
                <span><span>{name}</span><span class="help">{move || i18n::lookup(&format!("flows-action-help-{action}"), &[])}</span></span>
                <Switch checked=on on_change=turn label=name/>
            </label>
        }
    };
    view! {
        <div class="stack g3 prop-top">
            <span class="help">{t!("flows-actions-help")}</span>
            {of_kind(kind).iter().map(|action| line(action)).collect_view()}
        </div>
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
        let named = Json::Object(Map::from_iter([("return".to_string(), json!({"label": "打回"}))]));
        assert_eq!(switched(&named, "reject", false), json!({"return": {"label": "打回"}, "reject": false}));
    }
}
