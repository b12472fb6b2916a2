//! Where things stand in the tree of a document: sequences, places in them, and what a JSON pointer leads into.

use std::collections::BTreeSet;

use super::super::published::DEFAULT_ARM;
use super::{Branch, FlowDocument, Parallel, START, Step};

/// An arm of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArmName {
    pub step: String,
    pub arm: String,
}

/// A place for a step: in the main line or in an arm, before the step that stands there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub within: Option<ArmName>,
    pub position: usize,
}

/// Where a step is to be moved, as people see the tree: arms lie side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// What a part of the document is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Flow,
    Start,
    Step(String),
    Arm(ArmName),
}

impl Branch {
    /// The keys of the arms with their steps, the default arm last.
    fn arms(&self) -> impl DoubleEndedIterator<Item = (&str, &Vec<Step>)> {
        let default = self.default.iter().map(|arm| (DEFAULT_ARM, &arm.steps));
        self.arms.iter().map(|arm| (arm.key.as_str(), &arm.steps)).chain(default)
    }
}

impl Parallel {
    fn arms(&self) -> impl DoubleEndedIterator<Item = (&str, &Vec<Step>)> {
        self.arms.iter().map(|arm| (arm.key.as_str(), &arm.steps))
    }
}

impl Step {
    /// The arms of a block with their steps, a branch's default arm last; none for other steps.
    pub fn arms(&self) -> Vec<(&str, &Vec<Step>)> {
        match self {
            Step::Branch(branch) => branch.arms().collect(),
            Step::Parallel(parallel) => parallel.arms().collect(),
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => Vec::new(),
        }
    }

    /// The steps of one arm.
    pub(super) fn arm_mut(&mut self, arm: &str) -> Option<&mut Vec<Step>> {
        match self {
            Step::Branch(branch) => match arm {
                DEFAULT_ARM => branch.default.as_mut().map(|arm| &mut arm.steps),
                _ => branch.arms.iter_mut().find(|known| known.key == arm).map(|arm| &mut arm.steps),
            },
            Step::Parallel(parallel) => {
                parallel.arms.iter_mut().find(|known| known.key == arm).map(|arm| &mut arm.steps)
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => None,
        }
    }

    /// The step with its key and those of all steps inside.
    fn keys(&self, into: &mut BTreeSet<String>) {
        into.insert(self.key().to_string());
        self.arms().into_iter().flat_map(|(_, steps)| steps).for_each(|step| step.keys(into));
    }
}

pub(super) fn free(taken: &BTreeSet<String>, kind: &str) -> String {
    let mut keys = (1u32..).map(|number| format!("{kind}_{number}"));
    keys.find(|key| !taken.contains(key)).unwrap_or_default()
}

impl FlowDocument {
    /// The step with this key, wherever it stands.
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.sequence(self.place(key)?.within.as_ref())?.iter().find(|step| step.key() == key)
    }

    /// Where the step with this key stands.
    pub fn place(&self, key: &str) -> Option<Place> {
        fn search(steps: &[Step], within: Option<ArmName>, key: &str) -> Option<Place> {
            if let Some(position) = steps.iter().position(|step| step.key() == key) {
                return Some(Place { within, position });
            }
            steps.iter().find_map(|step| {
                step.arms().into_iter().find_map(|(arm, steps)| {
                    let within = ArmName { step: step.key().to_string(), arm: arm.to_string() };
                    search(steps, Some(within), key)
                })
            })
        }
        search(&self.steps, None, key)
    }

    /// The steps of an arm, or of the main line.
    pub fn sequence(&self, within: Option<&ArmName>) -> Option<&[Step]> {
        let Some(ArmName { step, arm }) = within else { return Some(&self.steps) };
        let block = self.step(step)?;
        block.arms().into_iter().find(|(known, _)| known == arm).map(|(_, steps)| steps.as_slice())
    }

    pub(super) fn sequence_mut(&mut self, within: Option<&ArmName>) -> Option<&mut Vec<Step>> {
        match within {
            None => Some(&mut self.steps),
            Some(ArmName { step, arm }) => self.step_mut(step)?.arm_mut(arm),
        }
    }

    pub(super) fn step_mut(&mut self, key: &str) -> Option<&mut Step> {
        fn search<'s>(steps: &'s mut [Step], key: &str) -> Option<&'s mut Step> {
            let holds = |step: &Step| {
                let mut keys = BTreeSet::new();
                step.keys(&mut keys);
                keys.contains(key)
            };
            let step = steps.iter_mut().find(|step| holds(step))?;
            if step.key() == key {
                return Some(step);
            }
            let inside = |steps: &Vec<Step>| steps.iter().any(holds);
            let arm =
                step.arms().into_iter().find(|(_, steps)| inside(steps)).map(|(arm, _)| arm.to_string());
            search(step.arm_mut(&arm?)?, key)
        }
        search(&mut self.steps, key)
    }

    /// A key that no step has: `approve_2`.
    pub fn free_key(&self, kind: &str) -> String {
        free(&self.keys(), kind)
    }

    /// The keys that a further step can't have.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::from([START.to_string(), "end".to_string()]);
        self.steps.iter().for_each(|step| step.keys(&mut keys));
        keys
    }

    /// The approve and fill steps that every instance has passed when it comes to this one, the nearest last: where
    /// it may be sent back to.
    pub fn passed_before(&self, key: &str) -> Vec<&Step> {
        let mut found = Vec::new();
        let mut place = self.place(key);
        while let Some(Place { within, position }) = place {
            let before = self.sequence(within.as_ref()).unwrap_or_default().iter().take(position).rev();
            found.extend(before.filter(|step| matches!(step, Step::Approve(_) | Step::Fill(_))));
            place = within.and_then(|arm| self.place(&arm.step));
        }
        found.reverse();
        found
    }

    /// The place next to a step in a direction, for [`Edit::Move`](super::Edit::Move). Up and down go through the
    /// arms of a block that is met and out of the arm at its ends; left and right go to the arm beside.
    pub fn beside(&self, key: &str, direction: Direction) -> Option<Place> {
        let Place { within, position } = self.place(key)?;
        let siblings = self.sequence(within.as_ref())?;
        match direction {
            Direction::Up => match position.checked_sub(1) {
                Some(position) => {
                    let into = siblings.get(position).and_then(|met| end_of_arm(met, 0));
                    Some(into.unwrap_or(Place { within, position }))
                }
                None => self.place(&within?.step),
            },
            Direction::Down => match siblings.get(position + 1) {
                Some(met) => {
                    let first = met.arms().first().map(|(arm, _)| (*arm).to_string());
                    let into = first.map(|arm| ArmName { step: met.key().to_string(), arm });
                    Some(match into {
                        Some(arm) => Place { within: Some(arm), position: 0 },
                        None => Place { within, position: position + 1 },
                    })
                }
                None => {
                    let block = self.place(&within?.step)?;
                    Some(Place { position: block.position + 1, ..block })
                }
            },
            Direction::Left | Direction::Right => {
                let ArmName { step, arm } = within?;
                let arms = self.step(&step)?.arms();
                let own = arms.iter().position(|(known, _)| *known == arm)?;
                let by = if direction == Direction::Left { -1 } else { 1 };
                let (arm, steps) = arms.get(own.checked_add_signed(by)?)?;
                let within = Some(ArmName { step, arm: (*arm).to_string() });
                Some(Place { within, position: position.min(steps.len()) })
            }
        }
    }

    /// The JSON pointer of an arm, as faults have it; nothing where there is no such arm.
    pub fn pointer_to(&self, arm: &ArmName) -> Option<String> {
        pointer_in(&self.steps, "", arm)
    }

    /// What a JSON pointer of a fault leads into.
    pub fn part_at(&self, pointer: &str) -> Part {
        let mut parts = pointer.trim_start_matches('/').split('/').peekable();
        match parts.next() {
            Some("start") => return Part::Start,
            Some("steps") => {}
            _ => return Part::Flow,
        }
        let mut steps = &self.steps;
        let mut found = Part::Flow;
        loop {
            let step =
                parts.next().and_then(|place| place.parse::<usize>().ok()).and_then(|at| steps.get(at));
            let Some(step) = step else { return found };
            found = Part::Step(step.key().to_string());
            let arm = match parts.next() {
                Some("arms") => parts.next().and_then(|place| place.parse::<usize>().ok()),
                Some("default") => step.arms().len().checked_sub(1),
                _ => None,
            };
            let Some((arm, inside)) = arm.and_then(|arm| step.arms().get(arm).copied()) else { return found };
            found = Part::Arm(ArmName { step: step.key().to_string(), arm: arm.to_string() });
            if parts.next() != Some("steps") {
                return found;
            }
            steps = inside;
        }
    }
}

fn pointer_in(steps: &[Step], at: &str, name: &ArmName) -> Option<String> {
    steps.iter().enumerate().find_map(|(place, step)| {
        step.arms().into_iter().enumerate().find_map(|(arm, (key, inside))| {
            let own = match (step, key) {
                (Step::Branch(_), DEFAULT_ARM) => format!("{at}/steps/{place}/default"),
                _ => format!("{at}/steps/{place}/arms/{arm}"),
            };
            let is_it = step.key() == name.step && key == name.arm;
            if is_it { Some(own) } else { pointer_in(inside, &own, name) }
        })
    })
}

fn end_of_arm(step: &Step, arm: usize) -> Option<Place> {
    let (arm, steps) = step.arms().get(arm).copied()?;
    let within = Some(ArmName { step: step.key().to_string(), arm: arm.to_string() });
    Some(Place { within, position: steps.len() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> FlowDocument {
        let approve = |key: &str| json!({"kind": "approve", "key": key, "label": key, "who": []});
        FlowDocument::read(json!({"format": 1, "label": "f", "steps": [
            approve("first"),
            {"kind": "branch", "key": "by_amount", "label": "b",
             "arms": [{"key": "large", "when": {"all": []}, "steps": [approve("director"), approve("owner")]}],
             "default": {"steps": [approve("clerk")]}},
            approve("last")]}))
        .unwrap()
    }

    fn at(arm: &str, position: usize) -> Option<Place> {
        let within = ArmName { step: "by_amount".to_string(), arm: arm.to_string() };
        let within = if arm.is_empty() { None } else { Some(within) };
        Some(Place { within, position })
    }

    #[test]
    fn steps_are_found_wherever_they_stand() {
        let document = document();
        assert_eq!(document.place("first"), at("", 0));
        assert_eq!(document.place("owner"), at("large", 1));
        assert_eq!(document.place("clerk"), at("default", 0));
        assert_eq!(document.place("nobody"), None);
        assert_eq!(document.step("clerk").unwrap().key(), "clerk");
        assert_eq!(document.clone().step_mut("owner").unwrap().key(), "owner");
    }

    #[test]
    fn only_steps_that_are_certainly_passed_can_be_sent_back_to() {
        let document = document();
        let before = |key| document.passed_before(key).into_iter().map(Step::key).collect::<Vec<_>>();
        assert_eq!(before("owner"), ["first", "director"]);
        assert_eq!(before("clerk"), ["first"]);
        assert_eq!(before("last"), ["first"]);
        assert!(before("first").is_empty());
    }

    #[test]
    fn a_step_goes_through_a_block_and_out_again() {
        use Direction::{Down, Left, Right, Up};
        let document = document();
        assert_eq!(document.beside("first", Down), at("large", 0));
        assert_eq!(document.beside("last", Up), at("large", 2));
        assert_eq!(document.beside("director", Up), at("", 1));
        assert_eq!(document.beside("director", Down), at("large", 1));
        assert_eq!(document.beside("owner", Down), at("", 2));
        assert_eq!(document.beside("owner", Right), at("default", 1));
        assert_eq!(document.beside("clerk", Left), at("large", 0));
        assert_eq!(document.beside("clerk", Right), None);
        assert_eq!(document.beside("first", Up), None);
    }

    #[test]
    fn pointers_of_faults_lead_to_what_they_are_about() {
        let document = document();
        let arm = |arm: &str| Part::Arm(ArmName { step: "by_amount".into(), arm: arm.into() });
        let step = |key: &str| Part::Step(key.into());
        for (pointer, part) in [
            ("/steps/0/who", step("first")),
            ("/steps/1", step("by_amount")),
            ("/steps/1/arms/0/when", arm("large")),
            ("/steps/1/arms/0/steps/1/who/0", step("owner")),
            ("/steps/1/default/steps/0/label", step("clerk")),
            ("/steps/1/default/label", arm("default")),
            ("/start/fields/amount", Part::Start),
            ("/nobody/member", Part::Flow),
        ] {
            assert_eq!(document.part_at(pointer), part, "{pointer}");
        }
        for (name, pointer) in
            [("large", Some("/steps/1/arms/0")), ("default", Some("/steps/1/default")), ("none", None)]
        {
            let arm = ArmName { step: "by_amount".into(), arm: name.into() };
            assert_eq!(document.pointer_to(&arm).as_deref(), pointer, "{name}");
        }
    }
}
