//! The flow editor's commands. Each knows its inverse, so that everything can be undone.
//!
//! A command changes a [`FlowDocument`], which need not be publishable in between: a step without people is kept as
//! it is, and named when one publishes.

use std::collections::BTreeSet;

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
    /// Puts another document in the place of this one, such as an earlier version.
    Replace {
        document: Box<FlowDocument>,
    },
}

/// An arm of either kind of block.
#[derive(Clone, Debug, PartialEq)]
pub enum Arm {
    Branch(BranchArm),
    Parallel(ParallelArm),
}

impl Arm {
    pub fn key(&self) -> &str {
        match self {
            Arm::Branch(arm) => &arm.key,
            Arm::Parallel(arm) => &arm.key,
        }
    }

    fn steps(&self) -> &[Step] {
        match self {
            Arm::Branch(arm) => &arm.steps,
            Arm::Parallel(arm) => &arm.steps,
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
            Edit::Replace { document: other } => {
                let before = std::mem::replace(document, (**other).clone());
                Ok(Edit::Replace { document: Box::new(before) })
            }
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
    check_keys(document, std::slice::from_ref(step))?;
    put(document, at, step.clone())?;
    Ok(Edit::Remove { key: step.key().to_string() })
}

/// Steps that come in have keys that no other step has, all the way down.
fn check_keys(document: &FlowDocument, steps: &[Step]) -> Result<(), Fault> {
    fn within(steps: &[Step], taken: &mut BTreeSet<String>) -> Result<(), Fault> {
        for step in steps {
            if !taken.insert(step.key().to_string()) {
                return Err(used_twice(step.key()));
            }
            step.arms().into_iter().try_for_each(|(_, inside)| within(inside, taken))?;
        }
        Ok(())
    }
    within(steps, &mut document.keys())
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
    check_keys(document, arm.steps())?;
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
