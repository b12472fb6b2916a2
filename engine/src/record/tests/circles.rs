//! What reads itself is refused.

use super::*;

#[test]
fn circles_and_unknown_names_are_refused_with_their_place() {
    let form = |fields: Json| publish(&[json!({"key": "f", "label": "f", "fields": fields})]);
    let number = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
    let faults = form(json!([number("a", "b + 1"), number("b", "c * 2"), number("c", "a")])).unwrap_err();
    assert_eq!(faults[0].code, "cycle");
    assert!(faults[0].args["fields"].contains("a → b → c → a"), "{:?}", faults[0].args);
    let faults = form(json!([number("a", "nope + 1")])).unwrap_err();
    assert_eq!(faults[0].path, "/fields/0/compute/formula");
    let hidden = json!([
        {"key": "a", "label": "a", "kind": "text", "visible_when": {"field": "b", "op": "not_empty"}},
        {"key": "b", "label": "b", "kind": "text", "visible_when": {"field": "a", "op": "not_empty"}}]);
    assert_eq!(form(hidden).unwrap_err()[0].code, "cycle");
}

#[test]
fn circles_of_every_shape_are_refused() {
    let input = |key: &str| json!({"key": key, "label": key, "kind": "number"});
    let with = |key: &str, member: &str, value: Json| {
        let mut field = input(key);
        field[member] = value;
        field
    };
    let computed = |key: &str, formula: &str| with(key, "compute", json!({"formula": formula}));
    let rows = |fields: Json| json!({"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": fields}});
    let shown_if = |other: &str| json!({"field": other, "op": "not_empty"});
    let chain = |n: u32| format!("f{n}");
    let all: Vec<String> = (0..40).map(chain).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for (fields, named) in [
        // A field that reads itself.
        (json!([computed("a", "a + 1")]), &["a"][..]),
        (json!([with("a", "default", json!({"formula": "IF(FALSE, a, 1)"}))]), &["a"]),
        // Two defaults.
        (
            json!([
                with("a", "default", json!({"formula": "b + 1"})),
                with("b", "default", json!({"formula": "a + 1"}))
            ]),
            &["a", "b"],
        ),
        // A row and the total over all rows.
        (
            json!([
                rows(json!([input("qty"), computed("part", "qty / total")])),
                computed("total", "SUM(lines.part)")
            ]),
            &["lines.part", "total"],
        ),
        (
            json!([rows(json!([computed("x", "y"), computed("y", "COUNT(lines.x)")]))]),
            &["lines.x", "lines.y"],
        ),
        // A value and who shows it.
        (json!([with("a", "visible_when", shown_if("b")), computed("b", "a * 2")]), &["a", "b"]),
        // A long way round.
        (
            Json::Array(
                (0..40).map(|n| computed(&chain(n), &format!("{} + 1", chain((n + 1) % 40)))).collect(),
            ),
            &all,
        ),
    ] {
        let form = json!({"key": "f", "label": "f", "fields": fields});
        let faults = publish(&[form]).expect_err(&fields.to_string());
        assert_eq!(circle_of(&faults), named.iter().copied().collect(), "{fields}: {faults:?}");
    }
}
