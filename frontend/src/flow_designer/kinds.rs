//! The kinds of steps that can be added, with what a new one starts with.

use engine::flow::document::{Step, no_condition};
use serde_json::json;

use crate::{i18n, text};

/// What the menu of a `+` offers.
pub const KINDS: [&str; 8] = ["approve", "fill", "cc", "branch", "parallel", "subflow", "action", "delay"];

/// What a kind is called.
pub fn kind_name(kind: &str) -> String {
    i18n::lookup(&format!("flows-kind-{kind}"), &[])
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
}
