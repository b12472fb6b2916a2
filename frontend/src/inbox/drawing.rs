//! The flow as it is drawn, with the way that the request has taken.

use leptos::prelude::*;

use super::flow_look;
use crate::api::instances::{DrawnStep, Instance};
use crate::i18n;
use crate::t;
use crate::ui::{Icon, IconSize};

/// Pixels that each block moves what is in it to the right.
const DEEPER: u32 = 16;

/// The steps from top to bottom; what was passed, is active, and was left aside are told apart by mark and words.
#[component]
pub fn FlowDrawing(instance: Instance) -> impl IntoView {
    let line = |step: DrawnStep| {
        let (icon, word) = mark_of(&step);
        let (label, kind) = (step.label.clone(), step.kind.clone());
        let name = move || {
            let name = label.get(i18n::language()).to_string();
            match (name.is_empty(), kind.as_str()) {
                (true, "arm") => t!("flow-otherwise")(),
                _ => name,
            }
        };
        let is_arm = step.kind == "arm";
        let tone = flow_look(&step.state).0.class();
        view! {
            <li class=tone data-state=step.state.clone() class:arm=is_arm style:margin-left=format!("{}px", step.depth * DEEPER)>
                <Icon name=icon size=IconSize::Small/>
                <span class="grow">{name}</span>
                <span class="note muted nowrap">{move || i18n::lookup(word, &[])}</span>
            </li>
        }
    };
    view! {
        <ol class="flow-drawing">
            <li data-state="passed" class="success"><Icon name="send" size=IconSize::Small/><span class="grow">{t!("flow-start")}</span></li>
            {instance.drawing.into_iter().map(line).collect_view()}
        </ol>
    }
}

/// The icon of a step by how it stands, and the text that says so.
fn mark_of(step: &DrawnStep) -> (&'static str, &'static str) {
    let word = match step.state.as_str() {
        "active" => "flow-stands-active",
        "passed" => "flow-stands-passed",
        "rejected" => "flow-stands-rejected",
        "returned" => "flow-stands-returned",
        "cancelled" => "flow-stands-cancelled",
        "skipped" => "flow-stands-skipped",
        _waiting if step.kind == "arm" => return ("branch", "flow-stands-waiting"),
        _waiting => "flow-stands-waiting",
    };
    (flow_look(&step.state).1, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_a_mark_of_its_own() {
        let of = |state: &str| {
            let json = serde_json::json!({"key": "boss", "kind": "approve", "state": state});
            mark_of(&serde_json::from_value(json).unwrap()).0
        };
        let states = ["waiting", "active", "passed", "rejected", "returned", "cancelled", "skipped"];
        let marks: std::collections::BTreeSet<&str> = states.into_iter().map(of).collect();
        assert_eq!(marks.len(), states.len());
    }
}
