//! Every option of every kind does something: what is entered is refused, or kept in another way, than without it. An option
//! that the engine learns has to be shown here, or to be named among those that other tests show.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::FieldKind;
use crate::value::Id;

/// No option has this name.
const NONE_SUCH: &str = "no-such-thing";

/// Options that say nothing of one value by itself, by the tests that show them.
const SHOWN_ELSEWHERE: [(&str, &[&str]); 22] = [
    // In which order lists are: `api::picker::lists_are_sorted_by_sound_where_the_field_says_so`.
    ("text", &["sort"]),
    // How a result is rounded: `engine::record::tests::rounding`. How the screen groups digits: the number's input.
    ("number", &["rounding", "thousands"]),
    ("percent", &["rounding", "thousands"]),
    // What a field of the record is called by: `api::kinds`, and the currencies of reports.
    ("money", &["rounding", "currency_field"]),
    // What people's devices say, and lists of regions: `browser` and `engine::record::read`.
    ("location", &["current_only"]),
    ("address", &["regions"]),
    // Who may be chosen, and who is from the start: `api::kinds_of_people`.
    ("member", &["within", "default_me"]),
    ("members", &["within", "default_me"]),
    ("department", &["within", "default_me"]),
    ("departments", &["within", "default_me"]),
    // What leads to other records: `api::links`, `api::links_many`, `api::picker`, `api::rollups`, `api::query_field`.
    ("link", &["form", "filter", "display", "fill", "on_target_delete", "create"]),
    ("links", &["form", "filter", "display", "fill", "on_target_delete", "create"]),
    ("lookup", &["link", "field"]),
    ("rollup", &["form", "link", "fn", "field", "filter"]),
    ("query", &["form", "filter", "columns", "sort", "limit"]),
    // What is computed or given: `api::kinds`, `engine::field::formula`, `engine::field::serial`.
    ("formula", &["formula", "type", "scale", "format"]),
    ("serial", &["parts"]),
    // Rows: `api::kinds`, `api::records::values`.
    ("subform", &["fields", "min_rows", "max_rows"]),
    // What is laid out: `api::pictures::parts_of_the_layout_have_keys_and_no_values`.
    ("note", &["text"]),
    ("tabs", &["tabs"]),
    // What a file is: below, and `api::files`, `api::pictures`.
    ("files", &["max_bytes", "types"]),
    ("images", &["max_bytes", "types"]),
];

/// An option, with which something that is entered ends otherwise than without it.
struct Case {
    kind: &'static str,
    option: &'static str,
    options: Json,
    entered: Json,
    /// What is kept, in its wire form; or the code of what is wrong.
    end: End,
}

type End = Result<Json, String>;

fn kept(kind: &'static str, option: &'static str, options: Json, entered: Json, end: Json) -> Case {
    Case { kind, option, options, entered, end: Ok(end) }
}

fn refused(kind: &'static str, option: &'static str, options: Json, entered: Json, code: &str) -> Case {
    Case { kind, option, options, entered, end: Err(code.to_string()) }
}

/// What becomes of something that is entered.
fn end(name: &str, options: Json, entered: &Json) -> End {
    let kind = FieldKind::from_parts(name, options).unwrap();
    let value = kind.parse(entered).map_err(|fault| fault.code.to_string())?;
    let faults = kind.check(&value);
    match faults.first() {
        Some(fault) => Err(fault.code.to_string()),
        None => Ok(kind.to_json(&value)),
    }
}

fn texts() -> Vec<Case> {
    let mut cases = vec![
        refused("text", "pattern", json!({"pattern": "[a-z]+"}), json!("AB"), "pattern"),
        kept("text", "format", json!({"format": "plate"}), json!("京a·12345"), json!("京A12345")),
        refused("barcode", "format", json!({"format": "ean13"}), json!("12"), "not_a_barcode"),
        refused("json", "schema", json!({"schema": {"type": "object"}}), json!([1]), "schema"),
    ];
    for (kind, short, long) in
        [("text", "ab", "abcd"), ("long_text", "a\n", "a\nbc"), ("rich_text", "<p>ab</p>", "<p>abcd</p>")]
    {
        cases.push(refused(kind, "min_length", json!({"min_length": 3}), json!(short), "too_short"));
        cases.push(refused(kind, "max_length", json!({"max_length": 3}), json!(long), "too_long"));
    }
    cases
}

fn numbers() -> Vec<Case> {
    let mut cases = vec![
        kept("number", "unit", json!({"unit": "kg"}), json!("2 kg"), json!("2.00")),
        kept("percent", "unit", json!({"unit": "pp"}), json!("2 pp"), json!("2.00")),
        refused("money", "currency", json!({"currency": "CNY"}), json!("USD 12"), "other_currency"),
        refused("rating", "max", json!({"max": 3}), json!("4"), "too_large"),
    ];
    for kind in ["number", "percent", "money"] {
        cases.push(refused(kind, "scale", json!({"scale": 0}), json!("1.5"), "too_precise"));
        cases.push(refused(kind, "min", json!({"min": "0"}), json!("-1"), "too_small"));
        cases.push(refused(kind, "max", json!({"max": "9"}), json!("10"), "too_large"));
    }
    cases
}

fn moments() -> Vec<Case> {
    let bounds = [
        ("date", "2024-01-01", "2023-12-31", "2024-01-02"),
        ("datetime", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01T00:00:01Z"),
        ("month", "2024-01", "2023-12", "2024-02"),
        ("time", "12:00", "11:59", "12:01"),
    ];
    let mut cases = vec![
        kept("date", "precision", json!({"precision": "month"}), json!("2024-09-09"), json!("2024-09-01")),
        kept(
            "datetime",
            "precision",
            json!({"precision": "minute"}),
            json!("2024-09-09T08:30:15Z"),
            json!("2024-09-09T08:30:00Z"),
        ),
        kept("month", "precision", json!({"precision": "year"}), json!("2024-09"), json!("2024-01")),
        kept("time", "precision", json!({"precision": "minute"}), json!("9:05:59"), json!("09:05")),
    ];
    for (kind, bound, before, after) in bounds {
        cases.push(refused(kind, "min", json!({"min": bound}), json!(before), "too_small"));
        cases.push(refused(kind, "max", json!({"max": bound}), json!(after), "too_large"));
    }
    cases
}

fn choices() -> Vec<Case> {
    let listed = json!([{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}]);
    let from = json!({"from": {"form": "city", "field": "name"}});
    let tree = json!([{"key": "food", "label": "食品", "children": [{"key": "fruit", "label": "水果"}]}]);
    let with = |option: &str, value: Json| json!({"choices": listed, option: value});
    let only = || json!({"choices": listed});
    vec![
        kept("select", "choices", only(), json!("甲"), json!("a")),
        kept("select", "allow_other", with("allow_other", json!(true)), json!("丙"), json!("丙")),
        kept("select", "from", from.clone(), json!("西安"), json!("西安")),
        kept("multi_select", "choices", only(), json!("乙、甲"), json!(["a", "b"])),
        kept("multi_select", "allow_other", with("allow_other", json!(true)), json!(["丙"]), json!(["丙"])),
        kept("multi_select", "from", from, json!(["西安"]), json!(["西安"])),
        refused("multi_select", "min", with("min", json!(2)), json!(["a"]), "too_few"),
        refused("multi_select", "max", with("max", json!(1)), json!(["a", "b"]), "too_many"),
        kept("cascader", "choices", json!({"choices": tree}), json!("食品/水果"), json!("food/fruit")),
        kept(
            "cascader",
            "any_level",
            json!({"choices": tree, "any_level": true}),
            json!("food"),
            json!("food"),
        ),
    ]
}

fn places_and_files() -> Vec<Case> {
    let around = json!({"center": {"lng": "121.4737", "lat": "31.2304"}, "radius": 1000});
    let far = json!({"lng": "120.16", "lat": "30.25"});
    let district = json!({"province": "广东省", "city": "深圳市", "district": "南山区"});
    let id = |number: i64| Id::from_i64(number).unwrap().to_string();
    let two = json!([id(1), id(2)]);
    vec![
        refused("location", "center", around.clone(), far.clone(), "too_far"),
        refused("location", "radius", around, far, "too_far"),
        refused("address", "level", json!({"level": "city"}), district, "address_too_deep"),
        refused("files", "max_count", json!({"max_count": 1}), two.clone(), "too_many"),
        refused("images", "max_count", json!({"max_count": 1}), two, "too_many"),
    ]
}

fn cases() -> Vec<Case> {
    [texts(), numbers(), moments(), choices(), places_and_files()].into_iter().flatten().collect()
}

#[test]
fn an_option_makes_of_what_is_entered_what_nothing_else_does() {
    for Case { kind, option, options, entered, end: expected } in cases() {
        let mut without = options.clone();
        assert!(without.as_object_mut().unwrap().remove(option).is_some(), "{kind}.{option}");
        assert_eq!(end(kind, options, &entered), expected, "{kind}.{option}, {entered}");
        assert_ne!(end(kind, without, &entered), expected, "{kind} without {option}, {entered}");
    }
}

#[test]
fn a_file_is_of_a_size_and_a_sort_that_its_field_takes() {
    for (kind, options, name, media, bytes, code) in [
        ("files", json!({"max_bytes": 10}), "a.pdf", "application/pdf", 11, "file_too_large"),
        ("files", json!({"types": [".docx"]}), "a.pdf", "application/pdf", 1, "file_type"),
        ("images", json!({"max_bytes": 10}), "a.png", "image/png", 11, "file_too_large"),
        ("images", json!({"types": [".jpg"]}), "a.png", "image/png", 1, "file_type"),
    ] {
        let admitted = |options: Json| {
            let kind = FieldKind::from_parts(kind, options).unwrap();
            kind.admit(name, media, bytes).map_err(|fault| fault.code.to_string())
        };
        assert_eq!(admitted(options.clone()), Err(code.to_string()), "{kind} {options}");
        assert_eq!(admitted(json!({})), Ok(()), "{kind}");
    }
}

/// The options of a kind, as it says itself of one that it does not know.
fn options_of(kind: &str) -> Vec<String> {
    let fault = FieldKind::from_parts(kind, json!({ NONE_SUCH: 1 })).unwrap_err();
    let said = fault.args.get("detail").cloned().unwrap_or_default();
    assert!(said.contains("unknown field"), "{kind}: {said}");
    let known = said.split_once("expected").map_or("", |(_, known)| known);
    known.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

#[test]
fn no_option_of_any_kind_is_left_out() {
    let name = |kind: &str, option: &str| format!("{kind}.{option}");
    let mut shown: BTreeSet<String> = cases().iter().map(|case| name(case.kind, case.option)).collect();
    for (kind, options) in SHOWN_ELSEWHERE {
        for option in options {
            assert!(shown.insert(name(kind, option)), "{kind}.{option} is there twice");
        }
    }
    let mut known = BTreeSet::new();
    for kind in FieldKind::NAMES {
        known.extend(options_of(kind).iter().map(|option| name(kind, option)));
    }
    let forgotten: Vec<&String> = known.difference(&shown).collect();
    assert!(forgotten.is_empty(), "nothing shows what {forgotten:?} do");
    let gone: Vec<&String> = shown.difference(&known).collect();
    assert!(gone.is_empty(), "no kind has {gone:?}");
}
