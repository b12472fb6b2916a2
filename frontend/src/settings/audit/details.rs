//! What an entry of the audit trail tells of a change, in words: what was and is, what came and went.

use std::collections::BTreeMap;

use engine::text::Label;
use serde_json::{Map, Value as Json};

use super::words::{field_word, kind_word};
use crate::{i18n, text};

/// What names a thing among others in a list.
const NAMES: [&str; 4] = ["label", "name", "form", "id"];

/// One thing that is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Of what.
    pub of: String,
    pub told: String,
}

/// Names of now, by id.
type Names = BTreeMap<String, String>;

/// Everything that an entry tells, one after the other.
pub(super) fn lines(changes: &Json, names: &Names) -> Vec<Line> {
    let mut found = Vec::new();
    collect(changes, names, "", &mut found);
    found
}

fn collect(json: &Json, names: &Names, of: &str, found: &mut Vec<Line>) {
    let Some(members) = json.as_object() else { return };
    for (key, value) in members {
        let word = field_word(key);
        let of = if of.is_empty() { word } else { format!("{of} · {word}") };
        match value.as_object() {
            Some(inner) if changed(inner, names).is_none() && label(inner).is_none() => {
                collect(value, names, &of, found);
            }
            _ => found.push(Line { of, told: told(value, names) }),
        }
    }
}

/// `{"old": …, "new": …}` and `{"added": […], "removed": […]}` in words.
fn changed(members: &Map<String, Json>, names: &Names) -> Option<String> {
    if members.len() != 2 {
        return None;
    }
    if let (Some(old), Some(new)) = (members.get("old"), members.get("new")) {
        return Some(text!("audit-changed", old = told(old, names), new = told(new, names)));
    }
    let (added, removed) = (members.get("added")?.as_array()?, members.get("removed")?.as_array()?);
    let all = |items: &[Json]| i18n::listed(items.iter().map(|item| told(item, names)));
    let came = (!added.is_empty()).then(|| text!("audit-added", names = all(added)));
    let went = (!removed.is_empty()).then(|| text!("audit-removed", names = all(removed)));
    Some(i18n::listed(came.into_iter().chain(went)))
}

/// A text in the languages in which it was written, for the reader.
fn label(members: &Map<String, Json>) -> Option<String> {
    if members.is_empty() || !members.keys().all(|key| matches!(key.as_str(), "zh-CN" | "zh-TW" | "en")) {
        return None;
    }
    let label: Label = serde_json::from_value(Json::Object(members.clone())).ok()?;
    Some(label.get(i18n::language()).to_string())
}

/// A value in one line.
fn told(value: &Json, names: &Names) -> String {
    match value {
        Json::Null => text!("audit-nothing"),
        Json::Bool(true) => text!("condition-yes"),
        Json::Bool(false) => text!("condition-no"),
        Json::Number(number) => number.to_string(),
        Json::String(text) => names.get(text).unwrap_or(text).clone(),
        Json::Array(items) if items.is_empty() => text!("audit-nothing"),
        Json::Array(items) => i18n::listed(items.iter().map(|item| thing(item, names))),
        Json::Object(members) => {
            let whole = changed(members, names).or_else(|| label(members));
            whole.unwrap_or_else(|| {
                i18n::listed(lines(value, names).into_iter().map(|Line { of, told }| format!("{of}: {told}")))
            })
        }
    }
}

/// A thing of a list: by its name, with how many of it there are, where it has these.
fn thing(item: &Json, names: &Names) -> String {
    let named = NAMES.iter().find_map(|name| item.get(name));
    match (named, item.get("count")) {
        (Some(named), Some(count)) => format!("{} ({count})", told(named, names)),
        (Some(named), None) => told(named, names),
        (None, _) => told(item, names),
    }
}

/// What a refused request was to do: from its method and address.
pub(super) fn tried(changes: &Json) -> String {
    let said = |name: &str| changes.get(name).and_then(Json::as_str).unwrap_or_default();
    let (method, path) = (said("method"), said("path"));
    // The last part that is a kind of things: of `/forms/ID/permissions/ID` the permission groups.
    let kinds = path.rsplit('/').find_map(kind_of);
    let Some(what) = kinds.map(kind_word) else { return path.to_string() };
    match method {
        "GET" | "HEAD" => text!("audit-tried-see", what = what),
        "DELETE" => text!("audit-tried-delete", what = what),
        "POST" => text!("audit-tried-make", what = what),
        _ => text!("audit-tried-change", what = what),
    }
}

/// The kind of things that a part of an address names.
fn kind_of(part: &str) -> Option<&'static str> {
    Some(match part {
        "records" | "bulk" | "bulk-edit" | "query" => "record",
        "comments" => "comment",
        "forms" | "draft" => "form",
        "views" => "view",
        "permissions" => "permission_group",
        "flow" => "flow",
        "aggregates" => "aggregate",
        "dashboards" => "dashboard",
        "reports" => "report",
        "apps" => "app",
        "members" => "member",
        "delegations" => "delegation",
        "departments" => "department",
        "roles" => "role",
        "role-groups" => "role_group",
        "workspace" => "workspace",
        "scripts" => "script",
        "secrets" => "secret",
        "tokens" => "token",
        "sessions" => "session",
        "see-as" => "see_as",
        "audit" => "audit",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::i18n::{Language, set_language};

    fn said(changes: &Json) -> Vec<String> {
        set_language(Language::En);
        let names =
            BTreeMap::from([("7".to_string(), "Mei".to_string()), ("3".to_string(), "Orders".to_string())]);
        lines(changes, &names).into_iter().map(|Line { of, told }| format!("{of}: {told}")).collect()
    }

    #[test]
    fn a_change_is_told_by_what_was_and_is_with_names() {
        let changes = json!({"form": "3", "group": {"enabled": {"old": null, "new": false},
            "who": {"old": {"members": []}, "new": {"members": ["7"]}}}});
        assert_eq!(
            said(&changes),
            [
                "Form: Orders",
                "Group · In use: nothing → No",
                "Group · For whom: Members: nothing → Members: Mei",
            ]
        );
        let changes =
            json!({"label": {"en": "A", "zh-CN": "B"}, "members": {"added": ["7", "8"], "removed": []}});
        assert_eq!(said(&changes), ["Label: A", "Members: added: Mei, 8"]);
    }

    #[test]
    fn a_report_of_much_work_stays_short() {
        let changes =
            json!({"report": {"disabled": true, "records": [{"form": "3", "count": 39, "failed": 0}]}});
        assert_eq!(said(&changes), ["Report · Disabled: Yes", "Report · Records: Orders (39)"]);
    }

    #[test]
    fn a_refusal_says_what_was_tried() {
        set_language(Language::En);
        let told = |method: &str, path: &str| tried(&json!({"method": method, "path": path}));
        assert_eq!(told("GET", "/api/v1/forms/3/permissions"), "See: Permission groups");
        assert_eq!(told("DELETE", "/api/v1/members/7/sessions"), "Delete: Sign-ins");
        assert_eq!(told("POST", "/api/v1/something"), "/api/v1/something");
    }
}
