//! Copies of steps and arms: what is taken along, and how it fits in elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::outcome;
use super::super::published::DEFAULT_ARM;
use super::edit::{Arm, Edit, no_condition};
use super::place::{ArmName, Part, Place, free};
use super::settings::{RejectTo, ReturnTo};
use super::{BranchArm, FlowDocument, ParallelArm, Step};
use crate::condition::Condition;
use crate::text::Label;

/// A step or an arm with all that is in it, as it is kept to be put in elsewhere, also in the flow of another form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clip {
    Step(Box<Step>),
    Arm(Box<CopiedArm>),
}

/// An arm of either kind of block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedArm {
    #[serde(default)]
    pub label: Label,
    /// Where it is an arm of a branch, and not its default arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    pub steps: Vec<Step>,
}

impl FlowDocument {
    /// A copy of a part; nothing of the flow itself and of its start.
    pub fn clip(&self, part: &Part) -> Option<Clip> {
        match part {
            Part::Flow | Part::Start => None,
            Part::Step(key) => Some(Clip::Step(Box::new(self.step(key)?.clone()))),
            Part::Arm(name) => Some(Clip::Arm(Box::new(self.step(&name.step)?.copied_arm(&name.arm)?))),
        }
    }

    /// The command that puts a copy in behind a part, and what it is called there: a step behind a step or at the top
    /// of an arm, an arm behind the arm or at the end of the block. Nothing where it has no place.
    pub fn paste(&self, clip: &Clip, behind: &Part) -> Option<(Edit, Part)> {
        match clip {
            Clip::Step(step) => {
                let at = self.place_behind(behind)?;
                let step = self.copied(step);
                let part = Part::Step(step.key().to_string());
                Some((Edit::Add { at, step: Box::new(step) }, part))
            }
            Clip::Arm(arm) => {
                let (step, position) = self.arm_behind(behind)?;
                let arm = self.fitted_arm(&step, arm)?;
                let name = ArmName { step: step.clone(), arm: arm.key().to_string() };
                Some((Edit::AddArm { step, position, arm: Box::new(arm) }, Part::Arm(name)))
            }
        }
    }

    /// The commands that give an arm the place of another one, of the same block or of another, and what it is called
    /// there. Nothing where it stays where it is, is a default arm, or would be put into itself.
    pub fn move_arm(&self, arm: &ArmName, onto: &ArmName) -> Option<(Vec<Edit>, ArmName)> {
        if arm == onto || arm.arm == DEFAULT_ARM || self.lies_in(&onto.step, arm) {
            return None;
        }
        let (mut position, last) = self.step(&onto.step)?.arm_place(&onto.arm)?;
        if arm.step == onto.step {
            position = position.min(last.checked_sub(1)?);
            let own = self.step(&arm.step)?.arm_place(&arm.arm)?.0;
            let edit = Edit::MoveArm { arm: arm.clone(), position };
            return (own != position).then(|| (vec![edit], arm.clone()));
        }
        let Clip::Arm(copy) = self.clip(&Part::Arm(arm.clone()))? else { return None };
        let take_out = Edit::RemoveArm { arm: arm.clone() };
        let mut rest = self.clone();
        take_out.apply(&mut rest).ok()?;
        let fitted = rest.fitted_arm(&onto.step, &copy)?;
        let name = ArmName { step: onto.step.clone(), arm: fitted.key().to_string() };
        let put_in = Edit::AddArm { step: onto.step.clone(), position, arm: Box::new(fitted) };
        Some((vec![take_out, put_in], name))
    }

    /// The step again, with all that is in it, under keys of its own; those that nobody has stay.
    pub fn copied(&self, step: &Step) -> Step {
        self.made_to_fit(std::slice::from_ref(step)).pop().unwrap_or_else(|| step.clone())
    }

    fn place_behind(&self, part: &Part) -> Option<Place> {
        match part {
            Part::Flow | Part::Start => Some(Place { within: None, position: 0 }),
            Part::Step(key) => {
                let place = self.place(key)?;
                Some(Place { position: place.position + 1, ..place })
            }
            Part::Arm(arm) => {
                self.sequence(Some(arm))?;
                Some(Place { within: Some(arm.clone()), position: 0 })
            }
        }
    }

    /// The block that gets an arm that is put in behind a part, and the arm's place in it.
    fn arm_behind(&self, part: &Part) -> Option<(String, usize)> {
        match part {
            Part::Flow | Part::Start => None,
            Part::Arm(arm) => {
                let (own, last) = self.step(&arm.step)?.arm_place(&arm.arm)?;
                Some((arm.step.clone(), (own + 1).min(last)))
            }
            Part::Step(key) => match self.step(key)? {
                block @ (Step::Branch(_) | Step::Parallel(_)) => Some((key.clone(), block.own_arms())),
                _ => self.arm_behind(&Part::Arm(self.place(key)?.within?)),
            },
        }
    }

    /// Whether a step lies in an arm, however deep.
    fn lies_in(&self, key: &str, arm: &ArmName) -> bool {
        let mut within = self.place(key).and_then(|place| place.within);
        while let Some(around) = within {
            if around == *arm {
                return true;
            }
            within = self.place(&around.step).and_then(|place| place.within);
        }
        false
    }

    /// A copy of an arm as one of a block, which may be of the other kind.
    fn fitted_arm(&self, block: &str, arm: &CopiedArm) -> Option<Arm> {
        let steps = self.made_to_fit(&arm.steps);
        Some(match self.new_arm(block, arm.label.clone())? {
            Arm::Branch(new) => {
                let when = arm.when.clone().unwrap_or_else(no_condition);
                Arm::Branch(BranchArm { when, steps, ..new })
            }
            Arm::Parallel(new) => Arm::Parallel(ParallelArm { steps, ..new }),
        })
    }

    /// Steps under keys that no step here has. What they say of each other goes along.
    fn made_to_fit(&self, steps: &[Step]) -> Vec<Step> {
        let mut fitting = steps.to_vec();
        let mut taken = self.keys();
        let mut renamed = BTreeMap::new();
        fitting.iter_mut().for_each(|step| step.rekey(&mut taken, &mut renamed));
        fitting.iter_mut().for_each(|step| step.follow(&renamed));
        fitting
    }
}

impl Step {
    /// The arms besides the default one.
    fn own_arms(&self) -> usize {
        self.arms().iter().filter(|(arm, _)| *arm != DEFAULT_ARM).count()
    }

    /// The place of an arm, and the first one behind all but the default arm.
    fn arm_place(&self, arm: &str) -> Option<(usize, usize)> {
        let own = self.arms().iter().position(|(known, _)| *known == arm)?;
        let last = self.own_arms();
        Some((own.min(last), last))
    }

    fn copied_arm(&self, arm: &str) -> Option<CopiedArm> {
        match self {
            Step::Branch(branch) if arm == DEFAULT_ARM => {
                let found = branch.default.as_ref()?;
                let label = found.label.clone().unwrap_or_default();
                Some(CopiedArm { label, when: None, steps: found.steps.clone() })
            }
            Step::Branch(branch) => {
                let found = branch.arms.iter().find(|known| known.key == arm)?.clone();
                Some(CopiedArm { label: found.label, when: Some(found.when), steps: found.steps })
            }
            Step::Parallel(parallel) => {
                let found = parallel.arms.iter().find(|known| known.key == arm)?.clone();
                Some(CopiedArm { label: found.label, when: None, steps: found.steps })
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => None,
        }
    }

    /// Gives the step, and those inside, other keys where theirs are taken.
    fn rekey(&mut self, taken: &mut BTreeSet<String>, renamed: &mut BTreeMap<String, String>) {
        let old = self.key().to_string();
        if !taken.insert(old.clone()) {
            let key = free(taken, self.kind());
            taken.insert(key.clone());
            renamed.insert(old, key.clone());
            match self {
                Step::Approve(step) => step.key = key,
                Step::Fill(step) => step.key = key,
                Step::Cc(step) => step.key = key,
                Step::Branch(step) => step.key = key,
                Step::Parallel(step) => step.key = key,
                Step::Subflow(step) => step.key = key,
                Step::Action(step) => step.key = key,
                Step::Delay(step) => step.key = key,
            }
        }
        self.each_inside(&mut |step| step.rekey(taken, renamed));
    }

    /// Names steps by the keys that they have got.
    fn follow(&mut self, renamed: &BTreeMap<String, String>) {
        let rename = |key: &mut String| {
            if let Some(new) = renamed.get(key.as_str()) {
                key.clone_from(new);
            }
        };
        match self {
            Step::Approve(step) => {
                if let RejectTo::Step(key) = &mut step.reject_to {
                    rename(key);
                }
                if let ReturnTo::Steps(keys) = &mut step.return_to {
                    keys.iter_mut().for_each(rename);
                }
            }
            Step::Fill(step) => {
                if let ReturnTo::Steps(keys) = &mut step.return_to {
                    keys.iter_mut().for_each(rename);
                }
            }
            Step::Branch(step) => {
                step.arms.iter_mut().for_each(|arm| rename_outcomes(&mut arm.when, renamed));
            }
            Step::Cc(_) | Step::Parallel(_) | Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => {}
        }
        self.each_inside(&mut |step| step.follow(renamed));
    }

    fn each_inside(&mut self, act: &mut dyn FnMut(&mut Step)) {
        let arms: Vec<String> = self.arms().into_iter().map(|(arm, _)| arm.to_string()).collect();
        for arm in arms {
            self.arm_mut(&arm).into_iter().flatten().for_each(&mut *act);
        }
    }
}

/// Conditions on how a subflow ended name its step.
fn rename_outcomes(condition: &mut Condition, renamed: &BTreeMap<String, String>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter_mut().for_each(|part| rename_outcomes(part, renamed));
        }
        Condition::Not(part) => rename_outcomes(part, renamed),
        Condition::Test(test) => {
            if let Some(new) = outcome::step_of(&test.field).and_then(|step| renamed.get(step)) {
                test.field = outcome::path_of(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::edit_tests::{edits, start};
    use super::*;

    fn document() -> FlowDocument {
        let approve = |key: &str| json!({"kind": "approve", "key": key, "label": key, "who": []});
        let mut owner = approve("owner");
        owner["reject_to"] = json!("director");
        owner["return_to"] = json!(["first", "director"]);
        FlowDocument::read(json!({"format": 1, "label": "f", "steps": [
            approve("first"),
            {"kind": "branch", "key": "by_amount", "label": "b",
             "arms": [{"key": "large", "label": "Large", "when": {"field": "amount", "op": "gt", "value": 5},
                       "steps": [approve("director"), owner,
                            {"kind": "subflow", "key": "order", "label": "o", "form": "order", "wait": true},
                            {"kind": "branch", "key": "ordered", "label": "?", "arms": [
                                {"key": "yes", "when": {"all": [{"field": "steps.order.outcome", "op": "eq", "value": "approved"},
                                    {"not": {"field": "steps.other.outcome", "op": "is_empty"}}]}, "steps": []}],
                             "default": {"steps": []}}]},
                      {"key": "small", "when": {"field": "amount", "op": "lt", "value": 1}, "steps": []}],
             "default": {"label": "Else", "steps": [approve("clerk")]}},
            {"kind": "parallel", "key": "beside", "label": "p", "arms": [{"key": "x", "steps": []}, {"key": "y", "steps": []}]}]}))
        .unwrap()
    }

    fn arm(step: &str, arm: &str) -> ArmName {
        ArmName { step: step.into(), arm: arm.into() }
    }

    #[test]
    fn a_copy_has_keys_of_its_own_all_the_way_down() {
        let document = document();
        let copy = document.copied(document.step("by_amount").unwrap());
        assert_eq!(copy.key(), "branch_1");
        let inside: Vec<&str> = copy.arms().into_iter().flat_map(|(_, steps)| steps).map(Step::key).collect();
        assert_eq!(inside, ["approve_1", "approve_2", "subflow_1", "branch_2", "approve_3"]);
        assert_eq!(document.free_key("cc"), "cc_1");
    }

    #[test]
    fn what_is_copied_names_its_own_steps_and_those_outside() {
        let document = document();
        let copy = serde_json::to_value(document.copied(document.step("by_amount").unwrap())).unwrap();
        let owner = &copy["arms"][0]["steps"][1];
        assert_eq!(
            (&owner["reject_to"], &owner["return_to"]),
            (&json!("approve_1"), &json!(["first", "approve_1"]))
        );
        let when = &copy["arms"][0]["steps"][3]["arms"][0]["when"];
        assert_eq!(when["all"][0]["field"], "steps.subflow_1.outcome");
        assert_eq!(when["all"][1]["not"]["field"], "steps.other.outcome");
    }

    #[test]
    fn what_was_cut_out_keeps_its_keys() {
        let mut document = document();
        let clip = document.clip(&Part::Step("by_amount".into())).unwrap();
        Edit::Remove { key: "by_amount".into() }.apply(&mut document).unwrap();
        let (edit, part) = document.paste(&clip, &Part::Start).unwrap();
        assert_eq!(part, Part::Step("by_amount".into()));
        edit.apply(&mut document).unwrap();
        assert_eq!(document.clip(&part), Some(clip));
    }

    #[test]
    fn arms_are_put_behind_arms_and_into_blocks_of_either_kind() {
        let document = document();
        let large = document.clip(&Part::Arm(arm("by_amount", "large"))).unwrap();
        let put = |clip: &Clip, behind: Part| {
            let mut changed = document.clone();
            let (edit, part) = document.paste(clip, &behind)?;
            edit.apply(&mut changed).unwrap();
            let Part::Arm(name) = part else { panic!("an arm") };
            let place = changed.step(&name.step).unwrap().arms().iter().position(|(key, _)| *key == name.arm);
            Some((name.step.clone(), place.unwrap(), changed.sequence(Some(&name)).unwrap().len()))
        };
        assert_eq!(put(&large, Part::Arm(arm("by_amount", "large"))), Some(("by_amount".into(), 1, 4)));
        // Behind the default arm nothing is: it stays the last.
        assert_eq!(put(&large, Part::Arm(arm("by_amount", "default"))), Some(("by_amount".into(), 2, 4)));
        assert_eq!(put(&large, Part::Step("beside".into())), Some(("beside".into(), 2, 4)));
        assert_eq!(put(&large, Part::Step("clerk".into())), Some(("by_amount".into(), 2, 4)));
        assert_eq!(put(&large, Part::Step("first".into())), None);
        // A default arm that is copied has no condition yet.
        let other = document.clip(&Part::Arm(arm("by_amount", "default"))).unwrap();
        let (edit, _) = document.paste(&other, &Part::Step("by_amount".into())).unwrap();
        let Edit::AddArm { arm, .. } = edit else { panic!("an arm") };
        let Arm::Branch(arm) = *arm else { panic!("of a branch") };
        assert_eq!((arm.when, arm.label), (no_condition(), Label::Plain("Else".into())));
    }

    #[test]
    fn an_arm_takes_the_place_of_another() {
        let document = document();
        let moved = |from: ArmName, onto: ArmName| {
            let (edits, name) = document.move_arm(&from, &onto)?;
            let mut changed = document.clone();
            edits.iter().for_each(|edit| drop(edit.apply(&mut changed).unwrap()));
            let arms: Vec<String> =
                changed.step(&name.step).unwrap().arms().iter().map(|(key, _)| (*key).to_string()).collect();
            Some((arms, changed.sequence(Some(&name)).unwrap().len()))
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect::<Vec<_>>();
        let (large, small) = (arm("by_amount", "large"), arm("by_amount", "small"));
        assert_eq!(moved(large.clone(), small.clone()), Some((names(&["small", "large", "default"]), 4)));
        assert_eq!(moved(small.clone(), large.clone()), Some((names(&["small", "large", "default"]), 0)));
        assert_eq!(
            moved(large.clone(), arm("by_amount", "default")),
            Some((names(&["small", "large", "default"]), 4))
        );
        assert_eq!(moved(small.clone(), arm("by_amount", "default")), None, "it is there already");
        assert_eq!(moved(large.clone(), arm("beside", "y")), Some((names(&["x", "arm_1", "y"]), 4)));
        assert_eq!(moved(large.clone(), arm("ordered", "yes")), None, "it lies in it");
        assert_eq!(moved(arm("by_amount", "default"), large), None);
    }

    #[test]
    fn a_copy_goes_through_text() {
        let document = document();
        for part in [
            Part::Step("by_amount".into()),
            Part::Arm(arm("by_amount", "large")),
            Part::Arm(arm("beside", "x")),
        ] {
            let clip = document.clip(&part).unwrap();
            let text = serde_json::to_string(&clip).unwrap();
            assert_eq!(serde_json::from_str::<Clip>(&text).unwrap(), clip);
        }
        assert_eq!(document.clip(&Part::Start), None);
    }

    /// Every part of a document.
    fn parts(steps: &[Step], found: &mut Vec<Part>) {
        for step in steps {
            found.push(Part::Step(step.key().to_string()));
            for (arm, inside) in step.arms() {
                found.push(Part::Arm(ArmName { step: step.key().to_string(), arm: arm.to_string() }));
                parts(inside, found);
            }
        }
    }

    fn is_sound(document: &FlowDocument) -> bool {
        fn count(steps: &[Step]) -> usize {
            steps
                .iter()
                .map(|step| 1 + step.arms().into_iter().map(|(_, inside)| count(inside)).sum::<usize>())
                .sum()
        }
        // `start` and `end` are taken, too.
        document.keys().len() == count(&document.steps) + 2
    }

    proptest! {
        #[test]
        fn whatever_is_copied_fits_in_wherever_it_has_a_place(
            commands in prop::collection::vec(edits(), 0..20), from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
        ) {
            let mut document = start();
            for command in &commands {
                let _ = command.apply(&mut document);
            }
            let mut all = vec![Part::Start];
            parts(&document.steps, &mut all);
            let (from, to) = (from.get(&all), to.get(&all));
            if let Some(clip) = document.clip(from)
                && let Some((edit, part)) = document.paste(&clip, to)
            {
                let before = document.clone();
                let undo = edit.apply(&mut document).unwrap();
                prop_assert!(is_sound(&document));
                prop_assert!(document.clip(&part).is_some());
                undo.apply(&mut document).unwrap();
                prop_assert_eq!(&document, &before);
            }
            if let (Part::Arm(from), Part::Arm(onto)) = (from, to)
                && let Some((edits, name)) = document.move_arm(from, onto)
            {
                let before = document.clone();
                let undo: Vec<Edit> = edits.iter().map(|edit| edit.apply(&mut document).unwrap()).collect();
                prop_assert!(is_sound(&document));
                prop_assert!(document.sequence(Some(&name)).is_some());
                for edit in undo.iter().rev() {
                    edit.apply(&mut document).unwrap();
                }
                prop_assert_eq!(&document, &before);
            }
        }
    }
}
