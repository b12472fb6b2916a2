//! What the designer offers of each kind is what the engine has: an option that the engine learns can't be forgotten here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use engine::field::FieldKind;
use serde_json::json;

/// What is set in another way than by a member of the options: the columns of a sub-form are fields of their own.
const IN_ANOTHER_WAY: [(&str, &str); 1] = [("subform", "fields")];
/// No option has this name, and no choice.
const NONE_SUCH: &str = "no-such-thing";

/// The names between backticks, behind `expected`, in what the engine says of something that it does not know.
fn expected(said: &str) -> BTreeSet<String> {
    let known = said.split_once("expected").map_or("", |(_, known)| known);
    known.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

/// What the engine says of these options of a kind; empty where it takes them.
fn refusal(kind: &str, options: serde_json::Value) -> String {
    FieldKind::from_parts(kind, options)
        .err()
        .and_then(|fault| fault.args.get("detail").cloned())
        .unwrap_or_default()
}

/// The options of a kind, as the engine knows them.
fn members(kind: &str) -> BTreeSet<String> {
    let said = refusal(kind, json!({ NONE_SUCH: 1 }));
    assert!(said.contains("unknown field"), "{kind}: {said}");
    expected(&said)
}

/// The choices of an option that is one of a few, as far as this kind takes them.
fn choices(kind: &str, member: &str) -> BTreeSet<String> {
    let said = refusal(kind, json!({ member: NONE_SUCH }));
    let all = if said.contains("unknown variant") { expected(&said) } else { BTreeSet::new() };
    let is_taken = |choice: &String| {
        let kind = FieldKind::from_parts(kind, json!({ member: choice }));
        kind.is_ok_and(|kind| kind.check_options().iter().all(|fault| !fault.path.contains(member)))
    };
    all.into_iter().filter(is_taken).collect()
}

/// The functions of the designer, by their names.
fn functions() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/designer");
    let mut found = BTreeMap::new();
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    for file in files.filter(|file| !file.to_string_lossy().ends_with("tests.rs")) {
        let source = fs::read_to_string(file).unwrap();
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let mut name = None;
        for line in source.lines() {
            let start = line.strip_prefix("pub(super) ").or(line.strip_prefix("pub ")).unwrap_or(line);
            if let Some(rest) = start.strip_prefix("fn ") {
                name = rest.split(['(', '<']).next().map(str::to_string);
            }
            if let Some(name) = &name {
                let body: &mut String = found.entry(name.clone()).or_default();
                body.push_str(line);
                body.push('\n');
            }
            if line == "}" {
                name = None;
            }
        }
    }
    found
}

/// What the designer writes for a kind: its arm in `KindOptions`, and every function that this leads to.
fn written_for(kind: &FieldKind, functions: &BTreeMap<String, String>) -> String {
    let debug = format!("{kind:?}");
    let variant = debug.split('(').next().unwrap_or_default();
    let pattern = format!("FieldKind::{variant}(");
    let arms = functions["KindOptions"].split("\n        Some(");
    let is_own = |arm: &&str| arm.split_once("=>").is_some_and(|(patterns, _)| patterns.contains(&pattern));
    let mut written = arms.filter(is_own).collect::<String>();
    assert!(!written.is_empty(), "no arm for {variant}");
    let mut known = BTreeSet::from(["KindOptions"]);
    loop {
        let new = functions.iter().filter(|(name, _)| !known.contains(name.as_str()));
        let new: Vec<_> = new.filter(|(name, _)| uses(&written, name)).collect();
        if new.is_empty() {
            return written;
        }
        for (name, body) in new {
            known.insert(name);
            written.push_str(body);
        }
    }
}

/// Whether a source calls a function, or has it as a component.
fn uses(source: &str, name: &str) -> bool {
    let is_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    source.match_indices(name).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        let after = source[at + name.len()..].chars().next();
        let is_called = after == Some('(') && before != Some('.') && !is_of_word(before);
        is_called || before == Some('<') && !is_of_word(after)
    })
}

/// The members of the options that a source names.
fn named(source: &str) -> BTreeSet<String> {
    let named = source.split("\"options.").skip(1).filter_map(|rest| rest.split('"').next());
    named.map(str::to_string).collect()
}

#[test]
fn every_option_of_the_engine_can_be_set_in_the_designer() {
    let functions = functions();
    let mut forgotten = Vec::new();
    for name in FieldKind::NAMES {
        let kind = FieldKind::from_parts(name, serde_json::Value::Null).unwrap();
        let written = written_for(&kind, &functions);
        let mut offered = named(&written);
        let others = IN_ANOTHER_WAY.iter().filter(|(kind, _)| kind == name);
        offered.extend(others.map(|(_, member)| member.to_string()));
        let known = members(name);
        forgotten.extend(known.difference(&offered).map(|member| format!("{name}.{member}")));
        let strange = offered.difference(&known).collect::<Vec<_>>();
        assert!(strange.is_empty(), "{name} has no {strange:?}");
        for member in known {
            let choices = choices(name, &member);
            let left = choices.iter().filter(|choice| !written.contains(&format!("\"{choice}\"")));
            forgotten.extend(left.map(|choice| format!("{name}.{member} = {choice}")));
        }
    }
    assert_eq!(forgotten, Vec::<String>::new(), "options that the designer does not offer");
}

#[test]
fn the_options_of_the_engine_are_read_from_what_it_says() {
    assert_eq!(members("rating"), BTreeSet::from(["max".to_string()]));
    assert!(members("number").is_superset(&["scale", "min", "max", "unit"].map(str::to_string).into()));
    assert!(members("switch").is_empty());
    assert!(choices("rollup", "fn").contains("distinct") && choices("number", "unit").is_empty());
    assert!(choices("date", "precision").contains("day") && !choices("date", "precision").contains("second"));
}
