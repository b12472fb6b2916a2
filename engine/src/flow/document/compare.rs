//! What is different between two documents, step by step, as people see it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::place::{ArmName, Part};
use super::{FlowDocument, Step};

/// What happened to one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The part as it is called in the document that has it; what is gone is in the earlier one alone.
    pub part: Part,
    pub what: Alteration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    Added,
    Removed,
    /// It stands elsewhere: in another arm, or before what it stood behind.
    Moved,
    /// These members are other ones, as documents call them: `who`, `policy`, `when` …
    Changed(Vec<String>),
}

impl FlowDocument {
    /// What this document says otherwise than an earlier one, in the order of reading; what is gone comes last.
    pub fn differences(&self, before: &FlowDocument) -> Vec<Difference> {
        let (old, new) = (Laid::of(before), Laid::of(self));
        let mut found = Vec::new();
        let mut say = |part: Part, what: Alteration| found.push(Difference { part, what });
        let changed = |part: Part, old: &Members, new: &Members| {
            let members = differing(old, new);
            (!members.is_empty()).then_some((part, Alteration::Changed(members)))
        };
        let own = [(Part::Flow, &old.flow, &new.flow), (Part::Start, &old.start, &new.start)];
        for (part, was, is) in own {
            changed(part, was, is).into_iter().for_each(|(part, what)| say(part, what));
        }
        let moved = new.moved(&old);
        for (key, is) in &new.steps {
            let part = Part::Step(key.to_string());
            let Some(was) = old.step(key) else {
                say(part, Alteration::Added);
                continue;
            };
            if moved.contains(key) {
                say(part.clone(), Alteration::Moved);
            }
            changed(part, &was.own, &is.own).into_iter().for_each(|(part, what)| say(part, what));
            let staying = staying(&order(&is.arms, &was.arms));
            for (place, (arm, members)) in is.arms.iter().enumerate() {
                let part = Part::Arm(ArmName { step: key.to_string(), arm: (*arm).to_string() });
                let Some((_, earlier)) = was.arms.iter().find(|(known, _)| known == arm) else {
                    say(part, Alteration::Added);
                    continue;
                };
                if !staying.contains(&place) {
                    say(part.clone(), Alteration::Moved);
                }
                changed(part, earlier, members).into_iter().for_each(|(part, what)| say(part, what));
            }
            for (arm, _) in was.arms.iter().filter(|(arm, _)| is.arms.iter().all(|(known, _)| known != arm)) {
                let name = ArmName { step: key.to_string(), arm: (*arm).to_string() };
                say(Part::Arm(name), Alteration::Removed);
            }
        }
        for (key, _) in old.steps.iter().filter(|(key, _)| new.step(key).is_none()) {
            say(Part::Step(key.to_string()), Alteration::Removed);
        }
        found
    }
}

type Members = Map<String, Json>;

/// A step as it stands: what it says itself, and its arms with what they say.
struct Standing<'d> {
    own: Members,
    arms: Vec<(&'d str, Members)>,
}

/// A document laid out in the order of reading.
#[derive(Default)]
struct Laid<'d> {
    flow: Members,
    start: Members,
    steps: Vec<(&'d str, Standing<'d>)>,
    places: BTreeMap<&'d str, usize>,
    /// The keys of each sequence, by the block and arm that it lies in.
    sequences: BTreeMap<Option<(&'d str, &'d str)>, Vec<&'d str>>,
}

impl<'d> Laid<'d> {
    fn of(document: &'d FlowDocument) -> Laid<'d> {
        let mut flow = members(&FlowDocument { steps: Vec::new(), ..document.clone() });
        flow.remove("start");
        flow.remove("steps");
        let mut laid = Laid { flow, start: members(&document.start), ..Laid::default() };
        laid.sequence(&document.steps, None);
        laid
    }

    fn sequence(&mut self, steps: &'d [Step], within: Option<(&'d str, &'d str)>) {
        self.sequences.insert(within, steps.iter().map(Step::key).collect());
        for step in steps {
            let mut own = members(step);
            let arms = arms(step, &mut own);
            self.places.insert(step.key(), self.steps.len());
            self.steps.push((step.key(), Standing { own, arms }));
            for (arm, inside) in step.arms() {
                self.sequence(inside, Some((step.key(), arm)));
            }
        }
    }

    fn step(&self, key: &str) -> Option<&Standing<'d>> {
        self.steps.get(*self.places.get(key)?).map(|(_, standing)| standing)
    }

    /// The steps that both have and that stand elsewhere now.
    fn moved(&self, before: &Laid<'_>) -> BTreeSet<&'d str> {
        let mut found = BTreeSet::new();
        for (within, keys) in &self.sequences {
            let earlier = before.sequences.get(within).map_or(&[][..], Vec::as_slice);
            let earlier: BTreeMap<&str, usize> =
                earlier.iter().enumerate().map(|(at, key)| (*key, at)).collect();
            let places: Vec<Option<usize>> = keys.iter().map(|key| earlier.get(key).copied()).collect();
            let staying = staying(&places);
            for (at, key) in keys.iter().enumerate() {
                if before.step(key).is_some() && !staying.contains(&at) {
                    found.insert(*key);
                }
            }
        }
        found
    }
}

fn members<T: serde::Serialize>(thing: &T) -> Members {
    match serde_json::to_value(thing) {
        Ok(Json::Object(members)) => members,
        Ok(_) | Err(_) => Members::new(),
    }
}

/// Takes the arms out of what a step says, each with what it says itself.
fn arms<'d>(step: &'d Step, own: &mut Members) -> Vec<(&'d str, Members)> {
    let mut said: Vec<Json> = match own.remove("arms") {
        Some(Json::Array(arms)) => arms,
        Some(_) | None => Vec::new(),
    };
    if matches!(step, Step::Branch(_)) {
        said.extend(own.remove("default"));
    }
    let said = said.into_iter().map(|arm| match arm {
        Json::Object(mut members) => {
            members.remove("steps");
            members
        }
        _ => Members::new(),
    });
    step.arms().into_iter().map(|(arm, _)| arm).zip(said).collect()
}

fn differing(old: &Members, new: &Members) -> Vec<String> {
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    all.into_iter().filter(|member| old.get(*member) != new.get(*member)).cloned().collect()
}

/// Where each of the arms stood before.
fn order(is: &[(&str, Members)], was: &[(&str, Members)]) -> Vec<Option<usize>> {
    is.iter().map(|(arm, _)| was.iter().position(|(known, _)| known == arm)).collect()
}

/// The places of what was not moved: of the longest run that stands in the order of before.
fn staying(before: &[Option<usize>]) -> BTreeSet<usize> {
    // For each length of a run the place of its lowest end, and for each place the one before it in its run.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut previous: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, number) in before.iter().enumerate() {
        let Some(number) = number else { continue };
        let shorter = ends.partition_point(|(end, _)| end < number);
        if let Some((_, at)) = shorter.checked_sub(1).and_then(|last| ends.get(last)) {
            previous.insert(place, *at);
        }
        match ends.get_mut(shorter) {
            Some(end) => *end = (*number, place),
            None => ends.push((*number, place)),
        }
    }
    let mut found = BTreeSet::new();
    let mut at = ends.last().map(|(_, place)| *place);
    while let Some(place) = at {
        found.insert(place);
        at = previous.get(&place).copied();
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::edit_tests::{edits, start};
    use super::super::{Edit, Place};
    use super::*;

    fn document() -> FlowDocument {
        let approve = |key: &str| json!({"kind": "approve", "key": key, "label": key, "who": []});
        FlowDocument::read(json!({"format": 1, "label": "f", "steps": [
            approve("first"), approve("second"), approve("third"),
            {"kind": "branch", "key": "b", "label": "b", "arms": [
                {"key": "large", "when": {"all": []}, "steps": [approve("director")]},
                {"key": "small", "when": {"all": []}, "steps": []}],
             "default": {"steps": []}}]}))
        .unwrap()
    }

    /// The differences in words, after some commands.
    fn after(edits: Vec<Edit>) -> Vec<String> {
        let (before, mut now) = (document(), document());
        edits.iter().for_each(|edit| drop(edit.apply(&mut now).unwrap()));
        let name = |part: &Part| match part {
            Part::Flow => "flow".to_string(),
            Part::Start => "start".to_string(),
            Part::Step(key) => key.clone(),
            Part::Arm(arm) => format!("{}.{}", arm.step, arm.arm),
        };
        let differences = now.differences(&before);
        differences.iter().map(|found| format!("{} {:?}", name(&found.part), found.what)).collect()
    }

    fn set(key: &str, member: &str, value: Json) -> Edit {
        Edit::Set { key: key.into(), member: member.into(), value }
    }

    #[test]
    fn what_was_changed_is_named_with_its_members() {
        let edits = vec![
            set("second", "policy", json!("all")),
            set("second", "label", json!("Second")),
            set("start", "withdraw", json!("never")),
            Edit::SetFlow { member: "title".into(), value: json!("T") },
            Edit::SetArm {
                arm: ArmName { step: "b".into(), arm: "small".into() },
                member: "when".into(),
                value: json!({"any": []}),
            },
        ];
        assert_eq!(
            after(edits),
            [
                r#"flow Changed(["title"])"#,
                r#"start Changed(["withdraw"])"#,
                r#"second Changed(["label", "policy"])"#,
                r#"b.small Changed(["when"])"#
            ]
        );
    }

    #[test]
    fn who_goes_past_others_is_moved_and_they_are_not() {
        let main = |position| Place { within: None, position };
        let within = Some(ArmName { step: "b".into(), arm: "small".into() });
        assert_eq!(after(vec![Edit::Move { key: "first".into(), to: main(2) }]), ["first Moved"]);
        let into = Edit::Move { key: "third".into(), to: Place { within, position: 0 } };
        assert_eq!(after(vec![into]), ["third Moved"]);
        let arm = ArmName { step: "b".into(), arm: "large".into() };
        // One of two goes past the other: one of them is told.
        assert_eq!(after(vec![Edit::MoveArm { arm, position: 1 }]).len(), 1);
    }

    #[test]
    fn what_came_and_went_is_named_and_its_arms_are_not() {
        assert_eq!(after(vec![Edit::Remove { key: "b".into() }]), ["b Removed", "director Removed"]);
        let block = serde_json::from_value(json!({"kind": "parallel", "key": "p", "label": "p",
            "arms": [{"key": "x", "steps": []}]}))
        .unwrap();
        let add = Edit::Add { at: Place { within: None, position: 1 }, step: Box::new(block) };
        assert_eq!(after(vec![add]), ["p Added"]);
        let gone = Edit::RemoveArm { arm: ArmName { step: "b".into(), arm: "large".into() } };
        assert_eq!(after(vec![gone]), ["b.large Removed", "director Removed"]);
        assert_eq!(after(vec![set("b", "default", Json::Null)]), ["b.default Removed"]);
    }

    proptest! {
        #[test]
        fn only_documents_that_say_the_same_have_no_differences(
            one in prop::collection::vec(edits(), 0..15), other in prop::collection::vec(edits(), 0..15),
        ) {
            let made = |edits: &[Edit]| {
                let mut document = start();
                edits.iter().for_each(|edit| drop(edit.apply(&mut document)));
                document
            };
            let (one, other) = (made(&one), made(&other));
            prop_assert!(one.differences(&one).is_empty());
            prop_assert_eq!(one == other, one.differences(&other).is_empty());
        }
    }
}
