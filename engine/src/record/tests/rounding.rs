//! How a formula's result is brought to the digits of the field where it lands: six ways, on both sides of zero.

use super::*;

const MODES: [&str; 6] = ["half_up", "half_even", "down", "up", "ceiling", "floor"];

/// What is worked out, and what each mode makes of it with one digit.
const ROUNDED: [(&str, [&str; 6]); 10] = [
    ("2.25", ["2.3", "2.2", "2.2", "2.3", "2.3", "2.2"]),
    ("2.35", ["2.4", "2.4", "2.3", "2.4", "2.4", "2.3"]),
    ("2.21", ["2.2", "2.2", "2.2", "2.3", "2.3", "2.2"]),
    ("2.29", ["2.3", "2.3", "2.2", "2.3", "2.3", "2.2"]),
    ("-2.25", ["-2.3", "-2.2", "-2.2", "-2.3", "-2.2", "-2.3"]),
    ("-2.35", ["-2.4", "-2.4", "-2.3", "-2.4", "-2.3", "-2.4"]),
    ("-2.21", ["-2.2", "-2.2", "-2.2", "-2.3", "-2.2", "-2.3"]),
    ("-2.29", ["-2.3", "-2.3", "-2.2", "-2.3", "-2.2", "-2.3"]),
    // What fits is left alone.
    ("2.2", ["2.2"; 6]),
    ("-2.2", ["-2.2"; 6]),
];

/// One field for each mode, of one kind: half of what is entered, with one digit.
fn halves(kind: &str) -> Json {
    let half = |mode: &&str| {
        let options = json!({"scale": 1, "rounding": mode});
        json!({"key": mode, "label": mode, "kind": kind, "options": options, "compute": {"formula": "twice / 2"}})
    };
    let mut fields = vec![json!({"key": "twice", "label": "twice", "kind": "number"})];
    fields.extend(MODES.iter().map(half));
    json!({"key": "halves", "label": "halves", "fields": fields})
}

#[test]
fn a_result_is_rounded_by_the_mode_of_its_field() {
    for kind in ["number", "money", "percent"] {
        let mut draft = Draft::new(publish(&[halves(kind)]).unwrap(), context());
        for (half, expected) in ROUNDED {
            let Value::Number(half) = number(half) else { unreachable!("it is a number") };
            draft.set("twice", Value::Number(half + half));
            for (mode, expected) in MODES.iter().zip(expected) {
                assert_eq!(get(draft.values(), mode), &number(expected), "{kind}, {half} by {mode}");
            }
        }
    }
}

/// A field that says nothing rounds half away from zero, and a default is a result like any other.
#[test]
fn a_mode_holds_for_defaults_and_rows_and_half_up_where_none_is_said() {
    let down = json!({"scale": 1, "rounding": "down"});
    let form = json!({"key": "f", "label": "f", "fields": [
        {"key": "usual", "label": "usual", "kind": "number", "options": {"scale": 1}, "compute": {"formula": "0 - 2.25"}},
        {"key": "default", "label": "default", "kind": "number", "options": down, "default": {"formula": "0 - 2.29"}},
        {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "third", "label": "third", "kind": "number", "options": {"scale": 1, "rounding": "up"},
             "compute": {"formula": "qty / 3"}}]}}]});
    let mut draft = Draft::new(publish(&[form]).unwrap(), context());
    draft.add_row("lines");
    draft.set("lines.0.qty", number("1"));
    assert_eq!(get(draft.values(), "usual"), &number("-2.3"));
    assert_eq!(get(draft.values(), "default"), &number("-2.2"));
    assert_eq!(cell(&draft, 0, "third"), number("0.4"));
}
