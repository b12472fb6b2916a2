//! What the keyboard does in the drawing.

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{Direction, Part};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::state::{FlowDesigner, element_of};
use super::wires::Gap;
use crate::browser;
use crate::ui::press_by_key;

/// Everything that can be chosen in the drawing.
const PARTS: &str = ".flow [data-part]";

/// The first input of the settings.
const SETTINGS: &str = ".flow-side .pane-body :is(input, button)";

/// What gets the focus where a step asks people and has none yet, among the ids of elements; none of them is called so.
pub const PEOPLE: &str = ".people";

/// The choice of a step's people in its settings.
const PEOPLE_INPUT: &str = ".flow-side .pane-body .input.chips";

/// The keys of steps and blocks, as they are announced.
pub const STEP_KEYS: &str = "Enter F2 Insert Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight Delete Control+C Control+X Control+V Control+D";

/// The keys of arms.
pub const ARM_KEYS: &str =
    "Enter F2 Insert ArrowLeft ArrowRight Alt+ArrowLeft Alt+ArrowRight Delete Control+C Control+X Control+V";

/// What a key does with the part that has the focus.
pub fn part_keys(designer: FlowDesigner, part: &Part, event: &KeyboardEvent) {
    let control = event.ctrl_key() || event.meta_key();
    let done = match (event.key().to_lowercase().as_str(), control, event.alt_key()) {
        ("delete" | "backspace", false, false) => remove(designer, part),
        ("c", true, false) => {
            designer.copy_and_tell(part);
            true
        }
        ("x", true, false) => {
            designer.cut(part);
            true
        }
        ("v", true, false) => {
            designer.paste(part);
            true
        }
        ("d", true, false) => duplicate(designer, part),
        ("arrowup", false, true) => move_by(designer, part, Direction::Up),
        ("arrowdown", false, true) => move_by(designer, part, Direction::Down),
        ("arrowleft", false, true) => move_by(designer, part, Direction::Left),
        ("arrowright", false, true) => move_by(designer, part, Direction::Right),
        ("arrowleft", false, false) => beside(designer, part, -1),
        ("arrowright", false, false) => beside(designer, part, 1),
        ("insert" | "+", false, false) => {
            press(&Gap::behind(part).element());
            true
        }
        ("f2", false, false) => {
            designer.choose(part.clone());
            // Once the settings are there.
            request_animation_frame(|| browser::focus_at(SETTINGS));
            true
        }
        ("escape", false, false) => {
            designer.choose(Part::Flow);
            true
        }
        _other_keys => return press_by_key(event, || designer.choose(part.clone())),
    };
    if done {
        event.prevent_default();
    }
}

fn remove(designer: FlowDesigner, part: &Part) -> bool {
    let is_kept = match part {
        Part::Flow | Part::Start => true,
        Part::Arm(arm) => is_default(designer, &arm.step, &arm.arm),
        Part::Step(_) => false,
    };
    if !is_kept {
        designer.remove(part);
    }
    !is_kept
}

/// Whether an arm is the one that its branch falls back to.
fn is_default(designer: FlowDesigner, step: &str, arm: &str) -> bool {
    let kind = designer.document.with_untracked(|document| document.step(step).map(|step| step.kind()));
    arm == DEFAULT_ARM && kind == Some("branch")
}

fn duplicate(designer: FlowDesigner, part: &Part) -> bool {
    if let Part::Step(key) = part {
        designer.duplicate(key);
    }
    true
}

fn move_by(designer: FlowDesigner, part: &Part, direction: Direction) -> bool {
    match (part, direction) {
        (Part::Step(key), direction) => designer.move_by(key, direction),
        (Part::Arm(arm), Direction::Left) => designer.move_arm(arm, -1),
        (Part::Arm(arm), Direction::Right) => designer.move_arm(arm, 1),
        (Part::Arm(_) | Part::Flow | Part::Start, _) => return false,
    }
    true
}

/// Goes to the arm beside the one that has the focus, or that is around it.
fn beside(designer: FlowDesigner, part: &Part, by: isize) -> bool {
    let next = designer.document.with_untracked(|document| {
        let arm = match part {
            Part::Arm(arm) => arm.clone(),
            Part::Step(key) => document.place(key)?.within?,
            Part::Flow | Part::Start => return None,
        };
        let arms = document.step(&arm.step)?.arms();
        let own = arms.iter().position(|(known, _)| *known == arm.arm)?;
        let (beside, _) = arms.get(own.checked_add_signed(by)?)?;
        Some(Part::Arm(engine::flow::document::ArmName { arm: (*beside).to_string(), ..arm }))
    });
    let is_there = next.is_some();
    if let Some(next) = next {
        focus_element(&element_of(&next));
    }
    is_there
}

/// Presses the button with this id, as who clicks it.
fn press(id: &str) {
    let found = document().get_element_by_id(id);
    if let Some(button) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        button.click();
    }
}

/// Gives the focus to the element with this id, or to the choice of people.
pub fn focus_element(id: &str) {
    if id == PEOPLE {
        return browser::focus_at(PEOPLE_INPUT);
    }
    if let Some(element) = document().get_element_by_id(id) {
        focus(element.dyn_ref());
    }
}

fn focus(element: Option<&web_sys::HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// The arrows go from part to part, in the order of reading.
pub fn walk(event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.default_prevented() {
        return;
    }
    let key = event.key();
    if !matches!(key.as_str(), "ArrowDown" | "ArrowUp" | "Home" | "End") {
        return;
    }
    let Ok(parts) = document().query_selector_all(PARTS) else { return };
    let focused = document().active_element();
    let last = parts.length().saturating_sub(1);
    let at =
        (0..parts.length()).find(|at| parts.get(*at).is_some_and(|part| focused.as_deref() == Some(&part)));
    let Some(at) = at else { return };
    event.prevent_default();
    let to = match key.as_str() {
        "ArrowDown" => (at + 1).min(last),
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        _end => last,
    };
    if let Some(part) = parts.get(to) {
        focus(part.dyn_ref());
    }
}
