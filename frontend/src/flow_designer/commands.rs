//! What is done to a flow: each is one step that can be taken back.

use engine::flow::document::{ArmName, Clip, Direction, Edit, Part, Place, START, Step};
use engine::flow::{DEFAULT_ARM, FlowDocument};
use engine::text::Label;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::keys::PEOPLE;
use super::kinds::{kind_name, new_step};
use super::state::{FlowDesigner, element_of};
use crate::draft_editor::DraftEditor;
use crate::ui::toast;
use crate::{browser, text};

/// Where what was copied is kept: flows of other forms, also in other tabs, take it from there.
const CLIP: &str = "formwork.flow-clip";

/// What was copied last.
pub fn copied() -> Option<Clip> {
    serde_json::from_str(&browser::remembered(CLIP)?).ok()
}

impl FlowDesigner {
    /// Replaces a member of a step, or of the start.
    pub fn set(self, key: &str, member: &str, value: Json) {
        let part = if key == START { Part::Start } else { Part::Step(key.to_string()) };
        let name = untrack(|| self.name_of(&part));
        let edit = Edit::Set { key: key.to_string(), member: member.to_string(), value };
        self.run(text!("flows-did-change", name = name), vec![edit]);
    }

    /// Replaces several members of a step in one go; `null` takes one away.
    pub fn set_all(self, key: &str, members: Vec<(&'static str, Json)>) {
        let name = untrack(|| self.name_of(&Part::Step(key.to_string())));
        let edit = |(member, value): (&'static str, Json)| Edit::Set {
            key: key.to_string(),
            member: member.to_string(),
            value,
        };
        self.run(text!("flows-did-change", name = name), members.into_iter().map(edit).collect());
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
        let key = arm.key().to_string();
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
        let Some(Part::Step(key)) = self.dragged.get_untracked() else { return };
        self.dragged.set(None);
        let Some(to) = self.document.with_untracked(|document| without(document, &key, at)) else { return };
        self.move_to(&key, to);
    }

    /// Gives a dragged arm the place of another one, of its own block or of another.
    pub fn drop_on(self, onto: &ArmName) {
        let Some(Part::Arm(arm)) = self.dragged.get_untracked() else { return };
        self.dragged.set(None);
        let Some((edits, moved)) = self.document.with_untracked(|document| document.move_arm(&arm, onto))
        else {
            return;
        };
        let name = untrack(|| self.name_of(&Part::Arm(arm)));
        if self.run(text!("flows-did-move", name = name), edits) {
            self.choose_new(Part::Arm(moved));
        }
    }

    /// Keeps a copy of a part, to be put in elsewhere; whether there is something to copy.
    pub fn copy(self, part: &Part) -> bool {
        let clip = self.document.with_untracked(|document| document.clip(part));
        let Some(text) = clip.and_then(|clip| serde_json::to_string(&clip).ok()) else { return false };
        browser::remember(CLIP, &text);
        true
    }

    /// Copies a part and tells so.
    pub fn copy_and_tell(self, part: &Part) {
        if self.copy(part) {
            toast::show(text!("flows-copied", name = untrack(|| self.name_of(part))));
        }
    }

    /// Takes a part out to be put in elsewhere.
    pub fn cut(self, part: &Part) {
        let is_default = matches!(part, Part::Arm(arm) if arm.arm == DEFAULT_ARM);
        if !is_default && self.copy(part) {
            self.remove(part);
        }
    }

    /// Puts what was copied in behind a part, and chooses it.
    pub fn paste(self, behind: &Part) {
        let Some(clip) = copied() else { return toast::show(text!("flows-nothing-copied")) };
        let found = self.document.with_untracked(|document| document.paste(&clip, behind));
        let Some((edit, part)) = found else { return toast::show(text!("flows-arm-needs-block")) };
        let name = match &clip {
            Clip::Step(step) => step.label().get(crate::i18n::language()).to_string(),
            Clip::Arm(arm) => arm.label.get(crate::i18n::language()).to_string(),
        };
        if self.run(text!("flows-did-paste", name = name), vec![edit]) {
            self.choose_new(part);
        }
    }

    /// Goes on with another document, such as an earlier version.
    pub fn take_version(self, version: i64, document: FlowDocument) {
        let edit = Edit::Replace { document: Box::new(document) };
        self.focus.set_value(Some(element_of(&Part::Start)));
        self.run(text!("flows-did-take-version", version = version), vec![edit]);
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

    /// Chooses what was just made, and gives it the focus once it is drawn: the choice of people where it asks some and has
    /// none yet.
    fn choose_new(self, part: Part) {
        let lacks_people = self.document.with_untracked(|document| match &part {
            Part::Step(key) => document.step(key).is_some_and(lacks_people),
            Part::Flow | Part::Start | Part::Arm(_) => false,
        });
        self.focus.set_value(Some(if lacks_people { PEOPLE.to_string() } else { element_of(&part) }));
        self.tab.set("basic");
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

/// Whether a step asks people and names none yet.
fn lacks_people(step: &Step) -> bool {
    match step {
        Step::Approve(step) => step.who.is_empty(),
        Step::Fill(step) => step.who.is_empty(),
        Step::Cc(step) => step.who.is_empty(),
        Step::Branch(_) | Step::Parallel(_) | Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => false,
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
