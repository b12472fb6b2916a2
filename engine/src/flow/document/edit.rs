//! The flow editor's commands. Each knows its inverse, so that everything can be undone.
//!
//! A command changes a [`FlowDocument`], which need not be publishable in between: a step without people is kept as
//! it is, and named when one publishes.

use serde_json::Value as Json;

use super::super::published::DEFAULT_ARM;
use super::place::{ArmName, Place};
use super::{Branch, BranchArm, FlowDocument, Parallel, ParallelArm, START, Step};
use crate::condition::Condition;
use crate::text::{Fault, Label};

/// One command of the editor. Steps and arms are named by their keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    Add {
        at: Place,
        step: Box<Step>,
    },
    /// Takes a step out, with all that is in its arms.
    Remove {
        key: String,
    },
    /// Moves a step; its new position is counted without it.
    Move {
        key: String,
        to: Place,
    },
    /// Replaces a member of a step, or of `start`, as in documents (`label`, `who`, `policy`, `fields` …); `null` takes
    /// it away. Keys, kinds and arms have commands of their own or never change.
    Set {
        key: String,
        member: String,
        value: Json,
    },
    /// Replaces a member of the flow itself: `label`, `title`, `auto_pass`, `self_approval`, `nobody`.
    SetFlow {
        member: String,
        value: Json,
    },
    AddArm {
        step: String,
        position: usize,
        arm: Box<Arm>,
    },
    /// Takes an arm out, with its steps. The default arm of a branch stays.
    RemoveArm {
        arm: ArmName,
    },
    MoveArm {
        arm: ArmName,
        position: usize,
    },
    /// Replaces `label` or `when` of an arm; the default arm has a label alone.
    SetArm {
        arm: ArmName,
        member: String,
        value: Json,
    },
}

/// An arm of either kind of block.
#[derive(Clone, Debug, PartialEq)]
pub enum Arm {
    Branch(BranchArm),
    Parallel(ParallelArm),
}

impl Arm {
    fn key(&self) -> &str {
        match self {
            Arm::Branch(arm) => &arm.key,
            Arm::Parallel(arm) => &arm.key,
        }
    }
}

impl Edit {
    /// Carries the command out and gives the one that takes it back.
    ///
    /// # Errors
    /// The command does not fit the document: an unknown step, a key used twice, a member that can't be read, a step
    /// moved into itself. The document is unchanged then.
    pub fn apply(&self, document: &mut FlowDocument) -> Result<Edit, Fault> {
        let mut changed = document.clone();
        let undo = self.change(&mut changed)?;
        *document = changed;
        Ok(undo)
    }

    fn change(&self, document: &mut FlowDocument) -> Result<Edit, Fault> {
        match self {
            Edit::Add { at, step } => add(document, at, step),
            Edit::Remove { key } => {
                let (at, step) = take_out(document, key)?;
                Ok(Edit::Add { at, step: Box::new(step) })
            }
            Edit::Move { key, to } => {
                let (from, step) = take_out(document, key)?;
                put(document, to, step)?;
                Ok(Edit::Move { key: key.clone(), to: from })
            }
            Edit::Set { key, member, value } => set(document, key, member, value),
            Edit::SetFlow { member, value } => set_flow(document, member, value),
            Edit::AddArm { step, position, arm } => add_arm(document, step, *position, arm),
            Edit::RemoveArm { arm } => {
                let (position, taken) = take_arm(document, arm)?;
                Ok(Edit::AddArm { step: arm.step.clone(), position, arm: Box::new(taken) })
            }
            Edit::MoveArm { arm, position } => {
                let (from, taken) = take_arm(document, arm)?;
                put_arm(document, &arm.step, *position, taken)?;
                Ok(Edit::MoveArm { arm: arm.clone(), position: from })
            }
            Edit::SetArm { arm, member, value } => set_arm(document, arm, member, value),
        }
    }
}

fn unknown(key: &str) -> Fault {
    Fault::new("key", "unknown_step").arg("step", key)
}

fn out_of_place() -> Fault {
    Fault::new("position", "out_of_range")
}

fn used_twice(key: &str) -> Fault {
    Fault::new("key", "duplicate_key").arg("key", key)
}

fn add(document: &mut FlowDocument, at: &Place, step: &Step) -> Result<Edit, Fault> {
    if step.key() == START || document.step(step.key()).is_some() {
        return Err(used_twice(step.key()));
    }
    put(document, at, step.clone())?;
    Ok(Edit::Remove { key: step.key().to_string() })
}

fn put(document: &mut FlowDocument, at: &Place, step: Step) -> Result<(), Fault> {
    let sequence = document.sequence_mut(at.within.as_ref()).ok_or_else(out_of_place)?;
    if at.position > sequence.len() {
        return Err(out_of_place());
    }
    sequence.insert(at.position, step);
    Ok(())
}

fn take_out(document: &mut FlowDocument, key: &str) -> Result<(Place, Step), Fault> {
    let place = document.place(key).ok_or_else(|| unknown(key))?;
    let sequence = document.sequence_mut(place.within.as_ref()).ok_or_else(out_of_place)?;
    let step = sequence.remove(place.position);
    Ok((place, step))
}

fn set(document: &mut FlowDocument, key: &str, member: &str, value: &Json) -> Result<Edit, Fault> {
    if matches!(member, "key" | "kind" | "arms") {
        return Err(Fault::new("member", "not_writable"));
    }
    let undo = |old| Edit::Set { key: key.to_string(), member: member.to_string(), value: old };
    if key == START {
        let (start, old) = with_member(&document.start, member, value)?;
        document.start = start;
        return Ok(undo(old));
    }
    let step = document.step_mut(key).ok_or_else(|| unknown(key))?;
    let (changed, old) = with_member(&*step, member, value)?;
    *step = changed;
    Ok(undo(old))
}

fn set_flow(document: &mut FlowDocument, member: &str, value: &Json) -> Result<Edit, Fault> {
    if matches!(member, "format" | "start" | "steps") {
        return Err(Fault::new("member", "not_writable"));
    }
    let steps = std::mem::take(&mut document.steps);
    let (changed, old) = with_member(&*document, member, value)?;
    *document = FlowDocument { steps, ..changed };
    Ok(Edit::SetFlow { member: member.to_string(), value: old })
}

/// The thing with another value for a member, and the member as it was.
fn with_member<T>(thing: &T, member: &str, value: &Json) -> Result<(T, Json), Fault>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let malformed = |error: serde_json::Error| Fault::new("value", "malformed").arg("detail", error);
    let mut json = serde_json::to_value(thing).map_err(malformed)?;
    let members = json.as_object_mut().ok_or_else(out_of_place)?;
    let old = match value {
        Json::Null => members.remove(member),
        value => members.insert(member.to_string(), value.clone()),
    };
    let changed = serde_json::from_value(json).map_err(malformed)?;
    Ok((changed, old.unwrap_or_default()))
}

fn add_arm(document: &mut FlowDocument, step: &str, position: usize, arm: &Arm) -> Result<Edit, Fault> {
    put_arm(document, step, position, arm.clone())?;
    Ok(Edit::RemoveArm { arm: ArmName { step: step.to_string(), arm: arm.key().to_string() } })
}

fn put_arm(document: &mut FlowDocument, step: &str, position: usize, arm: Arm) -> Result<(), Fault> {
    let block = document.step_mut(step).ok_or_else(|| unknown(step))?;
    if arm.key() == DEFAULT_ARM || block.arms().iter().any(|(known, _)| *known == arm.key()) {
        return Err(used_twice(arm.key()));
    }
    match (block, arm) {
        (Step::Branch(Branch { arms, .. }), Arm::Branch(arm)) if position <= arms.len() => {
            arms.insert(position, arm);
        }
        (Step::Parallel(Parallel { arms, .. }), Arm::Parallel(arm)) if position <= arms.len() => {
            arms.insert(position, arm);
        }
        _ => return Err(out_of_place()),
    }
    Ok(())
}

fn take_arm(document: &mut FlowDocument, name: &ArmName) -> Result<(usize, Arm), Fault> {
    let block = document.step_mut(&name.step).ok_or_else(|| unknown(&name.step))?;
    let place = block.arms().iter().position(|(known, _)| *known == name.arm);
    let place = place.ok_or_else(|| unknown(&name.arm))?;
    match block {
        Step::Branch(branch) if place < branch.arms.len() => {
            Ok((place, Arm::Branch(branch.arms.remove(place))))
        }
        Step::Parallel(parallel) => Ok((place, Arm::Parallel(parallel.arms.remove(place)))),
        _ => Err(Fault::new("arm", "not_writable")),
    }
}

fn set_arm(document: &mut FlowDocument, name: &ArmName, member: &str, value: &Json) -> Result<Edit, Fault> {
    if !matches!(member, "label" | "when") {
        return Err(Fault::new("member", "not_writable"));
    }
    let block = document.step_mut(&name.step).ok_or_else(|| unknown(&name.step))?;
    let old = match block {
        Step::Branch(branch) if name.arm == DEFAULT_ARM => {
            let arm = branch.default.as_mut().ok_or_else(|| unknown(&name.arm))?;
            replace(arm, member, value)?
        }
        Step::Branch(branch) => {
            let arm = branch.arms.iter_mut().find(|arm| arm.key == name.arm);
            replace(arm.ok_or_else(|| unknown(&name.arm))?, member, value)?
        }
        Step::Parallel(parallel) => {
            let arm = parallel.arms.iter_mut().find(|arm| arm.key == name.arm);
            replace(arm.ok_or_else(|| unknown(&name.arm))?, member, value)?
        }
        _ => return Err(unknown(&name.arm)),
    };
    Ok(Edit::SetArm { arm: name.clone(), member: member.to_string(), value: old })
}

fn replace<T>(thing: &mut T, member: &str, value: &Json) -> Result<Json, Fault>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let (changed, old) = with_member(&*thing, member, value)?;
    *thing = changed;
    Ok(old)
}

/// The condition of an arm that nobody has given one yet: it never holds, so publishing names it.
pub fn no_condition() -> Condition {
    Condition::Any(Vec::new())
}

impl FlowDocument {
    /// A new arm for a block, under a key that no other arm of it has; `None` where the step is no block.
    pub fn new_arm(&self, step: &str, label: Label) -> Option<Arm> {
        let block = self.step(step)?;
        let arms = block.arms();
        let key = (1u32..)
            .map(|number| format!("arm_{number}"))
            .find(|key| arms.iter().all(|(known, _)| known != key))?;
        match block {
            Step::Branch(_) => {
                Some(Arm::Branch(BranchArm { key, label, when: no_condition(), steps: Vec::new() }))
            }
            Step::Parallel(_) => Some(Arm::Parallel(ParallelArm { key, label, steps: Vec::new() })),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn step(kind: &str, key: &str) -> Step {
        serde_json::from_value(match kind {
            "branch" => json!({"kind": kind, "key": key, "label": key, "default": {"steps": []},
                "arms": [{"key": "a", "label": "A", "when": {"field": "amount", "op": "gt", "value": 5}, "steps": []}]}),
            "parallel" => json!({"kind": kind, "key": key, "label": key,
                "arms": [{"key": "a", "steps": []}, {"key": "b", "steps": []}]}),
            _ => json!({"kind": kind, "key": key, "label": key, "who": [{"roles": ["boss"]}]}),
        })
        .unwrap()
    }

    fn start() -> FlowDocument {
        let mut document: FlowDocument =
            serde_json::from_value(json!({"format": 1, "label": "f", "steps": []})).unwrap();
        document.steps = vec![step("approve", "s1"), step("branch", "s2"), step("parallel", "s3")];
        document
    }

    fn keys() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["s1", "s2", "s3", "s4", "s5", "s6"]).prop_map(String::from)
    }

    fn arms() -> impl Strategy<Value = ArmName> {
        let arm = prop::sample::select(vec!["a", "b", "c", DEFAULT_ARM]);
        (keys(), arm).prop_map(|(step, arm)| ArmName { step, arm: arm.into() })
    }

    fn places() -> impl Strategy<Value = Place> {
        (prop::option::of(arms()), 0usize..4).prop_map(|(within, position)| Place { within, position })
    }

    fn edits() -> impl Strategy<Value = Edit> {
        let kinds = prop::sample::select(vec!["approve", "fill", "cc", "branch", "parallel"]);
        let members = prop::sample::select(vec![
            ("label", json!("other")),
            ("who", json!([{"submitter": true}, {"manager": 2}])),
            ("policy", json!({"ratio": {"percent": 60}})),
            ("policy", Json::Null),
            ("reject_to", json!("s1")),
            ("fields", json!({"*": "read", "amount": "required"})),
            ("actions", json!({"transfer": false})),
            ("nobody", json!("hold")),
            ("default", Json::Null),
            ("mode", json!("inclusive")),
            ("join", json!({"n": 1})),
            ("withdraw", json!("never")),
            ("arms", json!([])),
            ("label", json!(17)),
        ]);
        prop_oneof![
            4 => (places(), kinds, keys()).prop_map(|(at, kind, key)| Edit::Add { at, step: Box::new(step(kind, &key)) }),
            1 => keys().prop_map(|key| Edit::Remove { key }),
            3 => (keys(), places()).prop_map(|(key, to)| Edit::Move { key, to }),
            3 => (prop_oneof![keys(), Just(START.to_string())], members)
                .prop_map(|(key, (member, value))| Edit::Set { key, member: member.into(), value }),
            1 => prop::sample::select(vec![("auto_pass", json!("consecutive")), ("title", json!("{amount}")), ("nobody", Json::Null), ("steps", json!([]))])
                .prop_map(|(member, value)| Edit::SetFlow { member: member.into(), value }),
            1 => (keys(), 0usize..3).prop_map(|(step, position)| Edit::AddArm { step, position,
                arm: Box::new(Arm::Branch(BranchArm { key: "c".into(), label: Label::default(), when: no_condition(), steps: vec![] })) }),
            1 => (keys(), 0usize..3).prop_map(|(step, position)| Edit::AddArm { step, position,
                arm: Box::new(Arm::Parallel(ParallelArm { key: "c".into(), label: Label::default(), steps: vec![] })) }),
            1 => arms().prop_map(|arm| Edit::RemoveArm { arm }),
            1 => (arms(), 0usize..3).prop_map(|(arm, position)| Edit::MoveArm { arm, position }),
            1 => (arms(), prop::sample::select(vec![("label", json!("L")), ("label", Json::Null), ("when", json!({"all": []})), ("when", Json::Null), ("key", json!("z"))]))
                .prop_map(|(arm, (member, value))| Edit::SetArm { arm, member: member.into(), value }),
        ]
    }

    proptest! {
        #[test]
        fn undoing_everything_gives_the_start(commands in prop::collection::vec(edits(), 0..40)) {
            let mut document = start();
            let mut history = Vec::new();
            for command in &commands {
                let before = document.clone();
                match command.apply(&mut document) {
                    Ok(undo) => history.push((before, undo, document.clone())),
                    Err(_) => prop_assert_eq!(&document, &before),
                }
            }
            while let Some((before, undo, after)) = history.pop() {
                let redo = undo.apply(&mut document).unwrap();
                prop_assert_eq!(&document, &before);
                redo.apply(&mut document).unwrap();
                prop_assert_eq!(&document, &after);
                undo.apply(&mut document).unwrap();
            }
            prop_assert_eq!(document, start());
        }
    }

    #[test]
    fn a_block_can_not_be_moved_into_itself() {
        let mut document = start();
        let within = Some(ArmName { step: "s2".into(), arm: "a".into() });
        let fault = Edit::Move { key: "s2".into(), to: Place { within, position: 0 } }.apply(&mut document);
        assert_eq!(fault.unwrap_err().code, "out_of_range");
        assert_eq!(document, start());
    }

    #[test]
    fn a_new_arm_is_found_by_publishing_until_it_has_a_condition() {
        let mut document = start();
        let arm = document.new_arm("s2", Label::Plain("Large".into())).unwrap();
        Edit::AddArm { step: "s2".into(), position: 1, arm: Box::new(arm) }.apply(&mut document).unwrap();
        let Step::Branch(branch) = document.step("s2").unwrap() else { panic!("s2 is a branch") };
        assert_eq!((branch.arms[1].key.as_str(), &branch.arms[1].when), ("arm_1", &no_condition()));
        assert!(document.new_arm("s1", Label::default()).is_none());
    }
}
