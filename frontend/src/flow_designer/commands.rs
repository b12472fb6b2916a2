//! What is done to a flow: each is one step that can be taken back.

use engine::flow::document::{Arm, ArmName, Direction, Edit, Part, Place, START};
use engine::flow::{DEFAULT_ARM, FlowDocument};
use engine::text::Label;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::kinds::{kind_name, new_step};
use super::state::{FlowDesigner, element_of};
use crate::draft_editor::DraftEditor;
use crate::text;
use crate::ui::toast;

impl FlowDesigner {
    /// Replaces a member of a step, or of the start.
    pub fn set(self, key: &str, member: &str, value: Json) {
        let part = if key == START { Part::Start } else { Part::Step(key.to_string()) };
        let name = untrack(|| self.name_of(&part));
        let edit = Edit::Set { key: key.to_string(), member: member.to_string(), value };
        self.run(text!("flows-did-change", name = name), vec![edit]);
    }

    pub fn set_flow(self, member: &str, value: Json) {
        let edit = Edit::SetFlow { member: member.to_string(), value };
        self.run(text!("flows-did-change", name = text!("flows-settings")), vec![edit]);
    }

    pub fn set_arm(self, arm: &ArmName, member: &str, value: Json) {
        let name = untrack(|| self.name_of(&Part::Arm(arm.clone())));
        let edit = Edit::SetArm { arm: arm.clone(), member: member.to_string(), value };
        self.run(text!("flows-did-change", name = name), vec![edit]);
    }

    /// Puts a new step of a kind somewhere and chooses it.
    pub fn add(self, kind: &str, at: Place) {
        let key = self.document.with_untracked(|document| document.free_key(kind));
        let Some(step) = untrack(|| new_step(kind, &key)) else { return };
        let name = untrack(|| kind_name(kind));
        let edit = Edit::Add { at, step: Box::new(step) };
        if self.run(text!("flows-did-add", name = name), vec![edit]) {
            self.choose_new(Part::Step(key));
        }
    }

    /// Adds an arm to a block, before the default arm, and chooses it.
    pub fn add_arm(self, step: &str) {
        let found = self.document.with_untracked(|document| {
            let arms = document.step(step)?.arms().iter().filter(|(arm, _)| *arm != DEFAULT_ARM).count();
            let label = text!("flows-arm-number", number = arms + 1);
            Some((arms, document.new_arm(step, Label::Plain(label.clone()))?, label))
        });
        let Some((position, arm, label)) = found else { return };
        let key = match &arm {
            Arm::Branch(arm) => arm.key.clone(),
            Arm::Parallel(arm) => arm.key.clone(),
        };
        let edit = Edit::AddArm { step: step.to_string(), position, arm: Box::new(arm) };
        if self.run(text!("flows-did-add", name = label), vec![edit]) {
            self.choose_new(Part::Arm(ArmName { step: step.to_string(), arm: key }));
        }
    }

    /// Takes a step or arm out; a note offers to undo it.
    pub fn remove(self, part: &Part) {
        let name = untrack(|| self.name_of(part));
        let edit = match part {
            Part::Step(key) => Edit::Remove { key: key.clone() },
            Part::Arm(arm) => Edit::RemoveArm { arm: arm.clone() },
            Part::Flow | Part::Start => return,
        };
        let did = text!("flows-did-remove", name = name);
        self.focus.set_value(Some(element_of(&self.before(part))));
        if self.run(did.clone(), vec![edit]) {
            toast::show_with(did, text!("ui-undo"), move || self.undo());
        }
    }

    pub fn move_to(self, key: &str, to: Place) {
        let name = untrack(|| self.name_of(&Part::Step(key.to_string())));
        self.focus.set_value(Some(element_of(&Part::Step(key.to_string()))));
        self.run(text!("flows-did-move", name = name), vec![Edit::Move { key: key.to_string(), to }]);
    }

    /// Moves a step as people see the tree; at its end nothing happens.
    pub fn move_by(self, key: &str, direction: Direction) {
        if let Some(to) = self.document.with_untracked(|document| document.beside(key, direction)) {
            self.move_to(key, to);
        }
    }

    /// Moves a dragged step to a place as it is drawn, which still counts the step itself.
    pub fn drop_at(self, at: Place) {
        let Some(key) = self.dragged.get_untracked() else { return };
        self.dragged.set(None);
        let Some(to) = self.document.with_untracked(|document| without(document, &key, at)) else { return };
        self.move_to(&key, to);
    }

    /// Moves an arm among its siblings.
    pub fn move_arm(self, arm: &ArmName, by: isize) {
        let position = self.document.with_untracked(|document| {
            let arms = document.step(&arm.step)?.arms();
            let movable = arms.iter().filter(|(key, _)| *key != DEFAULT_ARM).count();
            let own = arms.iter().position(|(key, _)| *key == arm.arm)?;
            own.checked_add_signed(by).filter(|place| *place < movable && arm.arm != DEFAULT_ARM)
        });
        if let Some(position) = position {
            let name = untrack(|| self.name_of(&Part::Arm(arm.clone())));
            self.focus.set_value(Some(element_of(&Part::Arm(arm.clone()))));
            let edit = Edit::MoveArm { arm: arm.clone(), position };
            self.run(text!("flows-did-move", name = name), vec![edit]);
        }
    }

    /// Puts a copy of a step after it and chooses it.
    pub fn duplicate(self, key: &str) {
        let found = self.document.with_untracked(|document| {
            let place = document.place(key)?;
            Some((Place { position: place.position + 1, ..place }, document.copied(document.step(key)?)))
        });
        let Some((at, step)) = found else { return };
        let (name, copy) = (untrack(|| self.name_of(&Part::Step(key.to_string()))), step.key().to_string());
        let edit = Edit::Add { at, step: Box::new(step) };
        if self.run(text!("flows-did-copy", name = name), vec![edit]) {
            self.choose_new(Part::Step(copy));
        }
    }

    /// Chooses what was just made, and gives it the focus once it is drawn.
    fn choose_new(self, part: Part) {
        self.focus.set_value(Some(element_of(&part)));
        self.selected.set(part);
    }

    /// What the focus goes to when a part is gone: what stands before it, or around it.
    fn before(self, part: &Part) -> Part {
        self.document.with_untracked(|document| match part {
            Part::Step(key) => {
                let place = document.place(key);
                let siblings = place.as_ref().and_then(|place| document.sequence(place.within.as_ref()));
                match (place, siblings) {
                    (Some(place), Some(steps)) if place.position > 0 => {
                        let step = steps.get(place.position - 1);
                        step.map_or(Part::Start, |step| Part::Step(step.key().to_string()))
                    }
                    (Some(Place { within: Some(arm), .. }), _) => Part::Arm(arm),
                    _ => Part::Start,
                }
            }
            Part::Arm(arm) => Part::Step(arm.step.clone()),
            Part::Flow | Part::Start => Part::Start,
        })
    }
}

/// A place in the drawing as the place once `key` is taken out; nothing where it is the step's own place or lies
/// inside it.
fn without(document: &FlowDocument, key: &str, at: Place) -> Option<Place> {
    let own = document.place(key)?;
    let mut around = at.within.clone();
    while let Some(arm) = around {
        if arm.step == key {
            return None;
        }
        around = document.place(&arm.step)?.within;
    }
    if at.within != own.within || at.position < own.position {
        return Some(at);
    }
    let position = at.position.checked_sub(1)?;
    (position > own.position).then_some(Place { position, ..at })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dragged_step_lands_where_it_is_dropped() {
        let cc = |key: &str| json!({"kind": "cc", "key": key, "label": key, "who": []});
        let document = FlowDocument::read(json!({"format": 1, "label": "f", "steps": [cc("a"),
            {"kind": "parallel", "key": "b", "label": "b", "arms": [{"key": "x", "steps": [cc("d")]}]}, cc("c")]}))
        .unwrap();
        let main = |position| Place { within: None, position };
        let arm = |position| Place { within: Some(ArmName { step: "b".into(), arm: "x".into() }), position };
        assert_eq!(without(&document, "a", main(2)), Some(main(1)));
        assert_eq!(without(&document, "c", main(0)), Some(main(0)));
        // Before or after itself nothing changes.
        assert_eq!(without(&document, "a", main(1)), None);
        assert_eq!(without(&document, "c", main(2)), None);
        assert_eq!(without(&document, "a", arm(1)), Some(arm(1)));
        assert_eq!(without(&document, "b", arm(0)), None);
        assert_eq!(without(&document, "d", arm(1)), None);
    }
}
