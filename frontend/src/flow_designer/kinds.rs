//! The kinds of steps that can be added, with what a new one starts with.

use engine::flow::document::{Step, no_condition};
use engine::value::fold;
use serde_json::json;

use crate::ui::sounds_like;
use crate::{i18n, text};

/// What the menu of a `+` offers.
pub const KINDS: [&str; 8] = ["approve", "fill", "cc", "branch", "parallel", "subflow", "action", "delay"];

/// What a kind is called.
pub fn kind_name(kind: &str) -> String {
    i18n::lookup(&format!("flows-kind-{kind}"), &[])
}

/// What a step of a kind does, in one line.
pub fn kind_help(kind: &str) -> String {
    i18n::lookup(&format!("flows-help-{kind}"), &[])
}

/// The kinds that are meant by what is typed: those that are called so come before those that do so.
pub fn kinds_meant(query: &str) -> Vec<&'static str> {
    let query = fold(query.trim());
    let is_called = |kind: &&&str| {
        let name = kind_name(kind);
        fold(&name).contains(&query) || kind.contains(&query) || sounds_like(&name, &query)
    };
    let does = |kind: &&&str| fold(&kind_help(kind)).contains(&query);
    let called = KINDS.iter().filter(is_called);
    let others = KINDS.iter().filter(|kind| !is_called(kind)).filter(does);
    called.chain(others).copied().collect()
}

/// The icon of a kind, and the class of its colour.
pub fn kind_icon(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "start" => ("form", "k-start"),
        "approve" => ("stamp", "k-approve"),
        "fill" => ("edit", "k-fill"),
        "cc" => ("email", "k-cc"),
        "branch" => ("branch", ""),
        "parallel" => ("parallel", ""),
        "subflow" => ("flow", "k-act"),
        "delay" => ("clock", "k-act"),
        _ => ("bolt", "k-act"),
    }
}

/// The colour of a kind's tile.
pub fn kind_colour(kind: &str) -> u8 {
    match kind {
        "approve" => 4,
        "fill" => 9,
        "cc" => 7,
        "subflow" | "action" | "delay" => 5,
        _ => 1,
    }
}

/// A new step under a key; a block has an arm to begin with.
pub fn new_step(kind: &str, key: &str) -> Option<Step> {
    let label = kind_name(kind);
    let first_arm = text!("flows-arm-number", number = 1);
    let second_arm = text!("flows-arm-number", number = 2);
    let json = match kind {
        "branch" => json!({"kind": kind, "key": key, "label": label, "default": {"steps": []},
            "arms": [{"key": "arm_1", "label": first_arm, "when": no_condition(), "steps": []}]}),
        "parallel" => json!({"kind": kind, "key": key, "label": label, "arms": [
            {"key": "arm_1", "label": first_arm, "steps": []},
            {"key": "arm_2", "label": second_arm, "steps": []}]}),
        // What its members name is chosen then; until it is, publishing says so.
        "subflow" => json!({"kind": kind, "key": key, "label": label, "form": "", "wait": true}),
        "action" => json!({"kind": kind, "key": key, "label": label, "action": {"kind": "set", "set": {}}}),
        "delay" => json!({"kind": kind, "key": key, "label": label, "for": "P1D"}),
        "approve" | "fill" | "cc" => json!({"kind": kind, "key": key, "label": label, "who": []}),
        _ => return None,
    };
    serde_json::from_value(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_offered_can_be_made() {
        for kind in KINDS {
            assert_eq!(new_step(kind, "k").unwrap().kind(), kind);
            assert_ne!(kind_name(kind), format!("flows-kind-{kind}"));
        }
        assert_ne!(kind_name("start"), "flows-kind-start");
    }

    #[test]
    fn a_kind_is_found_by_its_name_and_by_what_it_does() {
        i18n::set_language(i18n::Language::En);
        assert_eq!(kinds_meant(" "), KINDS);
        assert_eq!(kinds_meant("PARALLEL"), ["parallel"]);
        assert_eq!(kinds_meant("messages"), ["action"]);
        assert_eq!(kinds_meant("approv").first(), Some(&"approve"));
        assert!(kinds_meant("no such thing").is_empty());
        i18n::set_language(i18n::Language::ZhCn);
        assert_eq!(kinds_meant("抄"), ["cc"]);
        for kind in KINDS {
            assert_ne!(kind_help(kind), format!("flows-help-{kind}"));
        }
    }
}
