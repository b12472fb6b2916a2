//! The drawing of an instance: the steps and arms of its flow, with the way that it took.

use std::collections::BTreeMap;

use engine::flow::document::{FlowDocument, Step};
use engine::flow::{ArmState, DEFAULT_ARM, State, TaskState, Visit, VisitId, VisitState};
use engine::text::Label;
use wire::flows::{AskedPerson, DrawnStep};

/// The steps in the order of the design, with how each stands.
pub fn drawing(document: &FlowDocument, state: &State) -> Vec<DrawnStep> {
    let mut drawn = Vec::new();
    let mut pen = Pen { state, drawn: &mut drawn };
    pen.steps(&document.steps, 0, state.status.is_ended());
    drawn
}

struct Pen<'p> {
    state: &'p State,
    drawn: &'p mut Vec<DrawnStep>,
}

/// An arm as it is drawn.
struct Arm<'a> {
    key: &'a str,
    label: Label,
    steps: &'a [Step],
}

/// The arms of a block; none of other steps.
fn arms(step: &Step) -> Vec<Arm<'_>> {
    match step {
        Step::Branch(branch) => {
            let named = branch.arms.iter().map(|arm| Arm {
                key: &arm.key,
                label: arm.label.clone(),
                steps: &arm.steps,
            });
            let default = branch.default.iter().map(|arm| Arm {
                key: DEFAULT_ARM,
                label: arm.label.clone().unwrap_or_default(),
                steps: &arm.steps,
            });
            named.chain(default).collect()
        }
        Step::Parallel(parallel) => {
            let arms = parallel.arms.iter();
            arms.map(|arm| Arm { key: &arm.key, label: arm.label.clone(), steps: &arm.steps }).collect()
        }
        Step::Approve(_)
        | Step::Fill(_)
        | Step::Cc(_)
        | Step::Subflow(_)
        | Step::Action(_)
        | Step::Delay(_) => Vec::new(),
    }
}

impl Pen<'_> {
    /// `is_past` says that what was not entered will not be any more.
    fn steps(&mut self, steps: &[Step], depth: u32, is_past: bool) {
        let state = self.state;
        for step in steps {
            let last = state.numbered().filter(|(_, visit)| visit.step == step.key()).last();
            let people = last.map(|(id, visit)| people_at(state, id, visit)).unwrap_or_default();
            let last = last.map(|(_, visit)| visit);
            let stands = match last.map(|visit| visit.state) {
                None if is_past => "skipped",
                None => "waiting",
                Some(VisitState::Active) => "active",
                Some(VisitState::Passed) => "passed",
                Some(VisitState::Rejected) => "rejected",
                Some(VisitState::Returned) => "returned",
                Some(VisitState::Cancelled) => "cancelled",
            };
            let runs = last.map(|visit| visit.arms.as_slice()).unwrap_or_default();
            let (key, label) = (step.key().to_string(), step.label().clone());
            self.line(key, label, (step.kind(), stands), depth, people);
            for arm in arms(step) {
                let run = runs.iter().find(|run| run.arm == arm.key).map(|run| run.state);
                let stands = match run {
                    Some(ArmState::Running) => "active",
                    Some(ArmState::Done) => "passed",
                    Some(ArmState::Cancelled) => "cancelled",
                    None if is_past || !runs.is_empty() => "skipped",
                    None => "waiting",
                };
                let key = format!("{}.{}", step.key(), arm.key);
                self.line(key, arm.label, ("arm", stands), depth + 1, Vec::new());
                self.steps(arm.steps, depth + 2, is_past || stands == "skipped");
            }
        }
    }

    fn line(
        &mut self,
        key: String,
        label: Label,
        (kind, state): (&str, &str),
        depth: u32,
        people: Vec<AskedPerson>,
    ) {
        let (kind, state) = (kind.to_string(), state.to_string());
        self.drawn.push(DrawnStep { key, label, kind, state, depth, people });
    }
}

/// Those who have, or had, something to do at a stay, or were told of it.
fn people_at(state: &State, id: VisitId, visit: &Visit) -> Vec<AskedPerson> {
    let tasks = state.tasks_of(id).filter(|task| task.state != TaskState::Cancelled);
    let of_tasks: Vec<AskedPerson> = tasks
        .filter_map(|task| Some(AskedPerson { member: task.assignee?, on_behalf_of: task.on_behalf_of }))
        .collect();
    if !of_tasks.is_empty() {
        return of_tasks;
    }
    let asked = visit.people.iter();
    asked.map(|asked| AskedPerson { member: asked.member, on_behalf_of: asked.on_behalf_of }).collect()
}

/// Why the flow comes to a step: the arm of a branch that it lies in, by the step's key. Nothing for steps that every
/// request goes through.
pub fn reasons(document: &FlowDocument) -> BTreeMap<String, Label> {
    let mut reasons = BTreeMap::new();
    collect(&document.steps, None, &mut reasons);
    reasons
}

fn collect(steps: &[Step], because: Option<&Label>, reasons: &mut BTreeMap<String, Label>) {
    for step in steps {
        if let Some(label) = because.filter(|label| **label != Label::default()) {
            reasons.insert(step.key().to_string(), label.clone());
        }
        let is_branch = matches!(step, Step::Branch(_));
        for arm in arms(step) {
            collect(arm.steps, if is_branch { Some(&arm.label) } else { because }, reasons);
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::flow::{ArmRun, Status, Visit};
    use engine::value::Timestamp;
    use serde_json::json;

    use super::*;

    fn document() -> FlowDocument {
        let approve =
            |key: &str| json!({"kind": "approve", "key": key, "label": key, "who": [{"submitter": true}]});
        let when = json!({"field": "amount", "op": "gt", "value": "5"});
        serde_json::from_value(json!({"format": 1, "label": "f", "steps": [
            approve("first"),
            {"kind": "branch", "key": "size", "label": "size",
                "arms": [{"key": "large", "label": "More than 5", "when": when, "steps": [approve("boss")]}],
                "default": {"steps": [approve("clerk")]}},
            approve("last")]}))
        .unwrap()
    }

    fn visit(step: &str, state: VisitState, arms: &[(&str, ArmState)]) -> Visit {
        Visit {
            step: step.to_string(),
            within: None,
            after: None,
            people: Vec::new(),
            arms: arms.iter().map(|(arm, state)| ArmRun { arm: arm.to_string(), state: *state }).collect(),
            state,
            entered_at: Timestamp::UNIX_EPOCH,
            left_at: None,
            opened: 1,
            reopened: Vec::new(),
            closed: None,
            joined: Vec::new(),
            detour: None,
            aside: false,
        }
    }

    fn drawn(state: &State) -> Vec<(String, String, u32)> {
        drawing(&document(), state).into_iter().map(|line| (line.key, line.state, line.depth)).collect()
    }

    #[test]
    fn the_way_that_was_taken_and_the_one_that_was_not_are_told_apart() {
        let visits = vec![
            visit("first", VisitState::Passed, &[]),
            visit("size", VisitState::Active, &[("large", ArmState::Running)]),
            visit("boss", VisitState::Active, &[]),
        ];
        let mut state = State { status: Status::Running, visits, ..State::default() };
        let line = |key: &str, state: &str, depth: u32| (key.to_string(), state.to_string(), depth);
        let running = [
            line("first", "passed", 0),
            line("size", "active", 0),
            line("size.large", "active", 1),
            line("boss", "active", 2),
            line("size.default", "skipped", 1),
            line("clerk", "skipped", 2),
            line("last", "waiting", 0),
        ];
        assert_eq!(drawn(&state), running);
        state.status = Status::Rejected;
        assert_eq!(drawn(&state).last(), Some(&line("last", "skipped", 0)));
    }

    #[test]
    fn a_step_in_an_arm_is_reached_because_of_it() {
        let reasons = reasons(&document());
        let keys: Vec<&str> = reasons.keys().map(String::as_str).collect();
        assert_eq!((keys, reasons.get("boss")), (vec!["boss"], Some(&Label::from("More than 5"))));
    }
}
