//! Every command is taken back by what it gives.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::published::DEFAULT_ARM;
use super::*;

pub fn step(kind: &str, key: &str) -> Step {
    serde_json::from_value(match kind {
        "branch" => json!({"kind": kind, "key": key, "label": key, "default": {"steps": []},
            "arms": [{"key": "a", "label": "A", "when": {"field": "amount", "op": "gt", "value": 5}, "steps": []}]}),
        "parallel" => json!({"kind": kind, "key": key, "label": key,
            "arms": [{"key": "a", "steps": []}, {"key": "b", "steps": []}]}),
        _ => json!({"kind": kind, "key": key, "label": key, "who": [{"roles": ["boss"]}]}),
    })
    .unwrap()
}

pub fn start() -> FlowDocument {
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

pub fn edits() -> impl Strategy<Value = Edit> {
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
        1 => (keys(), 0usize..3).prop_map(|(block, position)| Edit::AddArm { step: block, position,
            arm: Box::new(Arm::Branch(BranchArm { key: "c".into(), label: Label::default(), when: no_condition(), steps: vec![] })) }),
        1 => (keys(), 0usize..3).prop_map(|(block, position)| Edit::AddArm { step: block, position,
            arm: Box::new(Arm::Parallel(ParallelArm { key: "c".into(), label: Label::default(), steps: vec![step("cc", "s6")] })) }),
        1 => prop::collection::vec(keys(), 0..3).prop_map(|keys| {
            let keys: BTreeSet<String> = keys.into_iter().collect();
            let steps = keys.iter().map(|key| step("fill", key)).collect();
            Edit::Replace { document: Box::new(FlowDocument { steps, ..start() }) }
        }),
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

#[test]
fn what_comes_in_has_keys_of_its_own_all_the_way_down() {
    let mut document = start();
    let Step::Parallel(mut block) = step("parallel", "s4") else { panic!("s4 is parallel") };
    block.arms[0].steps.push(step("cc", "s1"));
    let at = Place { within: None, position: 0 };
    let fault = Edit::Add { at, step: Box::new(Step::Parallel(block)) }.apply(&mut document).unwrap_err();
    assert_eq!(fault.code, "duplicate_key");
    assert_eq!(document, start());
    let arm = ParallelArm { key: "c".into(), label: Label::default(), steps: vec![step("cc", "end")] };
    let edit = Edit::AddArm { step: "s3".into(), position: 0, arm: Box::new(Arm::Parallel(arm)) };
    assert!(edit.apply(&mut document).is_err());
}
