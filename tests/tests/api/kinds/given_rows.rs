//! The kinds whose value nobody enters, or not as one.

use serde_json::{Value, json};
use tests::design::{Field, link, number};

use super::known::Known;
use super::table::{Alone, Asked, Row};
use super::values::{ordered, presence, texts};

/// What nobody enters, or not as one value.
pub fn given(known: &Known) -> Vec<Row> {
    let ((record, title), (other, _)) = (&known.records[0], &known.records[1]);
    let computed = |others: Vec<Field>, enter: Value, reads: Value, asked: Asked| Alone {
        others,
        enter,
        reads,
        refused: vec![(json!("x"), "not_writable")],
        asked,
    };
    let shown = Asked::new(
        [json!({"to": record}), json!({"to": other}), json!({})],
        ["Apfel", "Birne"],
        texts("Apfel", "Birne", "PF", "ａ", "EL"),
    );
    // Each is the parent of the next, and shows the greatest number of those below it.
    let counted = Asked::new(
        [json!({"n": 5}), json!({"n": 7, "parent": "$0"}), json!({"n": 10.5, "parent": "$1"})],
        ["7.00", "10.50"],
        ordered(json!("7"), json!(10.5)),
    );
    let doubled = Asked::new(
        [json!({"n": 1}), json!({"n": "5.25"}), json!({})],
        ["2.00", "10.50"],
        ordered(json!("2"), json!(10.5)),
    );
    let below = vec![link("parent", "rollup_form"), number("n", 2)];
    vec![
        Row::alone(
            "lookup",
            json!({"link": "to", "field": "name"}),
            computed(vec![link("to", "target")], json!({"to": record}), json!(title), shown),
        )
        .bad([(json!({"field": "name"}), "link", "required"), (json!({"link": "to"}), "field", "required")]),
        Row::alone(
            "rollup",
            json!({"form": "rollup_form", "link": "parent", "fn": "max", "field": "n"}),
            computed(below, json!({"name": "alone"}), Value::Null, counted),
        )
        .bad([
            (json!({"form": "nowhere", "link": "to", "fn": "count"}), "form", "unknown_form"),
            (json!({"form": "target", "link": "to", "fn": "sum"}), "field", "required"),
        ]),
        Row::alone(
            "formula",
            json!({"formula": "n * 2", "type": "number", "scale": 2}),
            computed(vec![number("n", 2)], json!({"n": 1}), json!("2.00"), doubled.staying()),
        )
        .bad([
            (json!({"formula": ""}), "formula", "required"),
            (json!({"formula": "1", "scale": 9}), "scale", "too_large"),
        ]),
        Row::alone(
            "serial",
            json!({"parts": [{"text": "S-"}, {"counter": {"width": 4}}]}),
            computed(Vec::new(), json!({}), json!("S-0001"), numbers().staying()),
        )
        .bad([(json!({"parts": [{"text": "S-"}]}), "parts", "serial_needs_one_counter")]),
        Row::alone(
            "subform",
            json!({"fields": [{"key": "n", "label": "n", "kind": "number"}], "max_rows": 2}),
            Alone {
                others: Vec::new(),
                enter: json!({"x": [{"n": 1}, {"n": "2"}]}),
                reads: json!([{"n": "1.00"}, {"n": "2.00"}]),
                refused: vec![(json!({"n": 1}), "wrong_type"), (json!([{}, {}, {}]), "too_many")],
                asked: rows_of_two(),
            },
        )
        .bad([
            (json!({"fields": []}), "fields", "no_fields"),
            (
                json!({"fields": [{"key": "n", "label": "n", "kind": "number"}], "min_rows": 2, "max_rows": 1}),
                "min_rows",
                "min_over_max",
            ),
        ]),
    ]
}

/// The first number went to the record before: none is given twice. There is no record without one.
fn numbers() -> Asked {
    let mut finds = vec![
        ("eq", json!("S-0002"), "0"),
        ("ne", json!("S-0002"), "1"),
        ("in", json!(["S-0002", "S-0003"]), "01"),
        ("not_in", json!(["S-0002"]), "1"),
        ("contains", json!("0002"), "0"),
        ("not_contains", json!("0002"), "1"),
        ("starts_with", json!("ｓ-"), "01"),
        ("ends_with", json!("3"), "1"),
    ];
    finds.extend([("is_empty", Value::Null, ""), ("not_empty", Value::Null, "01")]);
    Asked {
        enter: vec![json!({}), json!({})],
        kept: vec![json!("S-0002"), json!("S-0003")],
        sorted: Some(["01", "10"]),
        imports: Some("S-0042"),
        ..Asked::new([json!({}), json!({}), json!({})], ["", ""], finds)
    }
}

fn rows_of_two() -> Asked {
    let rows = |numbers: &[u32]| numbers.iter().map(|n| json!({"n": format!("{n}.00")})).collect::<Value>();
    let (one, two) = (rows(&[1]), rows(&[2, 3]));
    Asked {
        kept: vec![one.clone(), two.clone()],
        sorted: None,
        ..Asked::new([json!({ "x": one }), json!({ "x": two }), json!({})], ["", ""], presence())
    }
}
