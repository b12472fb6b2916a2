//! What is done in the designer can be taken back.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::*;

fn document() -> FormDocument {
    serde_json::from_value(json!({"key": "leave", "label": "请假", "fields": [
        {"key": "name", "label": "姓名", "kind": "text"},
        {"key": "days", "label": "天数", "kind": "number", "options": {"scale": 1}},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "数量", "kind": "number"},
            {"key": "note", "label": "说明", "kind": "text"}]}}],
        "layout": [{"row": [{"field": "name", "width": 6}, {"field": "days", "width": 6}]}, {"row": [{"field": "lines", "width": 12}]}]}))
    .unwrap()
}

fn keys() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["name", "days", "lines", "lines.qty", "lines.note", "a", "b", "lines.a"])
        .prop_map(String::from)
}

fn places() -> impl Strategy<Value = Option<At>> {
    let place = (0usize..4, prop::option::of(0usize..3)).prop_map(|(row, column)| At { row, column });
    prop::option::of(place)
}

fn positions() -> impl Strategy<Value = Option<usize>> {
    prop::option::of(0usize..5)
}

fn rules() -> impl Strategy<Value = Rule> {
    prop::sample::select(vec!["name", "days", "gone"]).prop_map(|field| -> Rule {
        serde_json::from_value(json!({"when": {"all": []}, "show": [field], "require": ["name"]})).unwrap()
    })
}

fn validations() -> impl Strategy<Value = Validation> {
    prop::sample::select(vec!["days > 0", "LEN(name) > 1", "days >"]).prop_map(|formula| Validation {
        key: "check".into(),
        formula: formula.into(),
        message: Label::Plain("no".into()),
    })
}

/// Rows, dividers and tabs; some fields in several places and some in none.
fn layouts() -> impl Strategy<Value = Vec<LayoutItem>> {
    let fields = prop::collection::vec(prop::sample::select(vec!["name", "days", "lines", "a", "b"]), 0..3);
    let row = fields.prop_map(|fields| {
        let cells = fields.iter().map(|field| json!({"field": field, "width": 4}));
        json!({"row": cells.collect::<Vec<_>>()})
    });
    let tabs = prop::collection::vec(row.clone(), 0..3)
        .prop_map(|rows| json!({"tabs": [{"label": "One", "rows": rows}, {"label": "Two", "rows": []}]}));
    let items = prop_oneof![3 => row, 1 => tabs, 1 => Just(json!({"divider": "Line"}))];
    prop::collection::vec(items, 0..4)
        .prop_map(|items| -> Vec<LayoutItem> { serde_json::from_value(json!(items)).unwrap() })
}

fn members() -> impl Strategy<Value = (&'static str, Json)> {
    prop::sample::select(vec![
        ("label", json!("other")),
        ("label", Json::Null),
        ("required", json!(true)),
        ("required", Json::Null),
        ("help", json!("help")),
        ("help", Json::Null),
        ("default", json!("x")),
        ("default", json!({"formula": "1"})),
        ("compute", json!({"formula": "1"})),
        ("compute", Json::Null),
        ("options", json!({"max_length": 5})),
        ("options", Json::Null),
        ("options.max_length", json!(20)),
        ("options.max_length", Json::Null),
        ("key", json!("z")),
    ])
}

fn form_members() -> impl Strategy<Value = (&'static str, Json)> {
    prop::sample::select(vec![
        ("title", json!("{name}")),
        ("title", Json::Null),
        ("label", json!("other")),
        ("label", Json::Null),
        ("icon", json!("tree")),
        ("unique", json!([["name", "days"]])),
        ("unique", Json::Null),
        ("settings", json!({"drafts": false})),
        ("settings", json!(17)),
        ("fields", json!([])),
    ])
}

fn kinds() -> impl Strategy<Value = (&'static str, Json)> {
    prop::sample::select(vec![
        ("number", json!({"scale": 3})),
        ("text", Json::Null),
        ("select", json!({"choices": [{"key": "x", "label": "X"}]})),
        ("number", json!({"scale": "many"})),
        ("unheard_of", Json::Null),
    ])
}

fn edits_of_fields() -> impl Strategy<Value = Edit> {
    let field = |key: &str| -> Field {
        serde_json::from_value(json!({"key": key, "label": "x", "kind": "text"})).unwrap()
    };
    let new = prop::sample::select(vec!["a", "b", "name"]);
    prop_oneof![
        (new, any::<bool>(), positions(), places()).prop_map(move |(key, inside, position, at)| {
            let within = inside.then(|| "lines".to_string());
            Edit::AddField { within, position, at, field: Box::new(field(key)) }
        }),
        keys().prop_map(|key| Edit::RemoveField { key }),
        (keys(), 0usize..5, places()).prop_map(|(key, position, at)| Edit::MoveField { key, position, at }),
        (keys(), members()).prop_map(|(key, (member, value))| Edit::Set {
            key,
            member: member.into(),
            value
        }),
        (keys(), kinds()).prop_map(|(key, (kind, options))| Edit::SetKind {
            key,
            kind: kind.into(),
            options
        }),
    ]
}

fn edits_of_the_form() -> impl Strategy<Value = Edit> {
    prop_oneof![
        form_members().prop_map(|(member, value)| Edit::SetForm { member: member.into(), value }),
        layouts().prop_map(|layout| Edit::SetLayout { layout }),
        (positions(), rules()).prop_map(|(position, rule)| Edit::AddRule { position, rule }),
        (0usize..3).prop_map(|position| Edit::RemoveRule { position }),
        (0usize..3, rules()).prop_map(|(position, rule)| Edit::SetRule { position, rule }),
        (positions(), validations())
            .prop_map(|(position, validation)| Edit::AddValidation { position, validation }),
        (0usize..3).prop_map(|position| Edit::RemoveValidation { position }),
        (0usize..3, validations())
            .prop_map(|(position, validation)| Edit::SetValidation { position, validation }),
    ]
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![edits_of_fields(), edits_of_the_form()]
}

fn name_of(edit: &Edit) -> String {
    serde_json::to_value(edit).unwrap()["do"].as_str().unwrap().to_string()
}

/// The names of all commands, as a refusal lists them: a new one is among them without being written here.
fn all_names() -> BTreeSet<String> {
    let refusal = serde_json::from_value::<Edit>(json!({"do": "?"})).unwrap_err().to_string();
    let quoted = refusal.split('`').skip(1).step_by(2);
    let names: BTreeSet<_> = quoted.filter(|name| *name != "?").map(String::from).collect();
    assert!(names.contains("set_layout"), "{refusal}");
    names
}

#[test]
fn undoing_everything_gives_the_start() {
    let carried_out = RefCell::new(BTreeSet::new());
    let cases = Config::default().cases.max(256);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let run = |commands: Vec<Edit>| {
        let mut document = document();
        let start = document.clone();
        let mut history = Vec::new();
        for command in &commands {
            let before = document.clone();
            match command.apply(&mut document) {
                Ok(undo) => {
                    carried_out.borrow_mut().insert(name_of(command));
                    history.push((before, undo));
                }
                Err(_) => prop_assert_eq!(&document, &before),
            }
        }
        while let Some((before, undo)) = history.pop() {
            for command in undo {
                command.apply(&mut document).unwrap();
            }
            prop_assert_eq!(&document, &before);
        }
        prop_assert_eq!(document, start);
        Ok(())
    };
    runner.run(&prop::collection::vec(edits(), 0..30), run).unwrap();
    assert_eq!(carried_out.into_inner(), all_names());
}

/// Carries out commands and gives those that take them back.
fn carried_out(document: &mut FormDocument, commands: Vec<Edit>) -> Vec<Edit> {
    let mut back = Vec::new();
    for command in commands {
        let undo = command.apply(document).unwrap();
        back.splice(0..0, undo);
    }
    back
}

#[test]
fn ten_thousand_commands_go_back_to_the_start_and_forth_to_the_end() {
    let mut runner = TestRunner::default();
    let edits = edits();
    let mut document = document();
    let start = document.clone();
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    for _ in 0..10_000 {
        let command = edits.new_tree(&mut runner).unwrap().current();
        done.extend(command.apply(&mut document));
    }
    assert!(done.len() > 1_000, "{}", done.len());
    let end = document.clone();
    while let Some(commands) = done.pop() {
        undone.push(carried_out(&mut document, commands));
    }
    assert_eq!(document, start);
    while let Some(commands) = undone.pop() {
        done.push(carried_out(&mut document, commands));
    }
    assert_eq!(document, end);
}

#[test]
fn a_field_outside_the_layout_is_put_back_outside_it() {
    let mut form = document();
    form.layout.remove(1);
    let start = form.clone();
    let undo = Edit::RemoveField { key: "lines".into() }.apply(&mut form).unwrap();
    for command in undo {
        command.apply(&mut form).unwrap();
    }
    assert_eq!(form, start);
}

#[test]
fn commands_are_json() {
    let edit: Edit = serde_json::from_value(json!({"do": "add_field", "at": {"row": 2, "column": 0},
        "field": {"key": "a", "label": "A", "kind": "number", "options": {"min": 0.5}}}))
    .unwrap();
    let mut form = document();
    edit.apply(&mut form).unwrap();
    assert_eq!(form.fields.len(), 4);
    assert_eq!(form.layout[2].row.as_ref().unwrap()[0].field, "a");
}

#[test]
fn the_way_between_two_documents_leads_there_and_back() {
    let run = |commands: Vec<Edit>| {
        let (start, mut document) = (document(), document());
        for command in &commands {
            let _ = command.apply(&mut document);
        }
        for (from, to) in [(&start, &document), (&document, &start)] {
            let mut walked = from.clone();
            for command in Edit::between(from, to) {
                command.apply(&mut walked).unwrap();
            }
            prop_assert_eq!(&walked, to);
        }
        prop_assert!(Edit::between(&document, &document).is_empty());
        Ok(())
    };
    let cases = Config::default().cases.max(256);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner.run(&prop::collection::vec(edits(), 0..30), run).unwrap();
}
