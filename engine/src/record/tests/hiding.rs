//! What rules of the form show and hide, and what becomes of what is hidden.

use super::*;

fn text(key: &str) -> Json {
    json!({"key": key, "label": key, "kind": "text"})
}

fn is(field: &str, value: &str) -> Json {
    json!({"field": field, "op": "eq", "value": value})
}

/// A form with these rules over `a` to `d`, of which `d` has a condition of its own besides.
fn ruled(rules: Json) -> Json {
    let mut own = text("d");
    own["visible_when"] = is("a", "own");
    json!({"key": "f", "label": "f", "fields": [text("a"), text("b"), text("c"), own], "rules": rules})
}

fn shown(draft: &mut Draft, a: &str, b: &str) -> [bool; 2] {
    draft.set("a", Value::text(a));
    draft.set("b", Value::text(b));
    [!draft.is_hidden("c"), !draft.is_hidden("d")]
}

#[test]
fn one_rule_of_several_shows_a_field_and_its_own_condition_has_to_hold_besides() {
    let rules = json!([
        {"when": is("b", "first"), "show": ["c", "d"]},
        {"when": is("b", "second"), "show": ["d", "c"]},
        // A rule that asks for a field does not show it.
        {"when": is("a", "asks"), "require": ["c"]},
    ]);
    let mut draft = Draft::new(publish(&[ruled(rules)]).unwrap(), context());
    for (a, b, expected) in [
        ("own", "first", [true, true]),
        ("own", "second", [true, true]),
        ("own", "none", [false, false]),
        ("other", "first", [true, false]),
        ("other", "second", [true, false]),
        ("asks", "none", [false, false]),
        ("own", "first", [true, true]),
    ] {
        assert_eq!(shown(&mut draft, a, b), expected, "{a}, {b}");
    }
    let asked = |draft: &Draft| -> Vec<String> {
        draft.faults(&|_| true).iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect()
    };
    // What is hidden is not asked for, and what is shown is.
    shown(&mut draft, "asks", "none");
    assert_eq!(asked(&draft), [""; 0]);
    shown(&mut draft, "asks", "first");
    assert_eq!(asked(&draft), ["c: required"]);
}

#[test]
fn a_circle_through_rules_is_refused() {
    let some = |field: &str| json!({"field": field, "op": "not_empty"});
    let computed = json!({"key": "c", "label": "c", "kind": "text", "compute": {"formula": "b & \"!\""}});
    let of = |fields: Json, rules: Json| json!({"key": "f", "label": "f", "fields": fields, "rules": rules});
    let plain = json!([text("a"), text("b")]);
    let mut own = text("a");
    own["visible_when"] = some("b");
    for (form, named) in [
        // What a rule shows is read by it.
        (of(plain.clone(), json!([{"when": some("a"), "show": ["a"]}])), &["a"][..]),
        // Two rules that each show what the other reads.
        (
            of(plain, json!([{"when": some("a"), "show": ["b"]}, {"when": some("b"), "show": ["a"]}])),
            &["a", "b"],
        ),
        // A rule and a condition of a field.
        (of(json!([own, text("b")]), json!([{"when": some("a"), "show": ["b"]}])), &["a", "b"]),
        // A rule that reads what is worked out of what it shows.
        (of(json!([text("b"), computed]), json!([{"when": some("c"), "show": ["b"]}])), &["b", "c"]),
    ] {
        let faults = publish(std::slice::from_ref(&form)).expect_err(&form.to_string());
        assert_eq!(circle_of(&faults), named.iter().copied().collect(), "{form}: {faults:?}");
    }
    // What is asked for changes nothing that a rule reads.
    let asks = of(json!([text("a"), text("b")]), json!([{"when": some("a"), "require": ["a", "b"]}]));
    publish(&[asks]).unwrap();
}

#[test]
fn formulas_read_what_is_cleared_as_empty_and_what_is_kept_as_it_is() {
    let hidden = |key: &str, policy: &str| json!({"key": key, "label": key, "kind": "number", "visible_when": is("a", "show"), "when_hidden": policy});
    let sum = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
    let lines = json!({"key": "lines", "label": "lines", "kind": "subform", "visible_when": is("a", "show"),
        "options": {"fields": [{"key": "n", "label": "n", "kind": "number"}]}});
    // The sums stand before what they read.
    let form = json!({"key": "f", "label": "f", "fields": [
        sum("all", "SUM(gone, kept, lines.n)"), sum("next", "gone + 1"), text("a"),
        {"key": "told", "label": "told", "kind": "formula", "options": {"formula": "ISEMPTY(gone)", "type": "bool"}},
        hidden("gone", "clear"), hidden("kept", "keep"), lines]});
    let row = Row { id: Some(id(7)), values: Values::from([("n".into(), number("100"))]) };
    let stored = Values::from([
        ("a".into(), Value::text("show")),
        ("gone".into(), number("1")),
        ("kept".into(), number("10")),
        ("lines".into(), Value::Rows(vec![row])),
    ]);
    let form = publish(&[form]).unwrap();
    let mut draft = Draft::edit(form, context(), Linked::default(), stored, Values::new());
    let seen = |draft: &Draft| ["all", "next", "told"].map(|key| get(draft.values(), key).clone());
    draft.set("gone", number("2"));
    assert_eq!(seen(&draft), [number("112"), number("3"), Value::Bool(false)]);
    draft.set("a", Value::text("hide"));
    assert_eq!(seen(&draft), [number("10"), Value::Empty, Value::Bool(true)]);
    assert_eq!(get(draft.values(), "gone"), &Value::Empty);
}

/// The totals stand before and after their rows, whose cells nobody enters: they go with their rows all the same.
#[test]
fn totals_of_hidden_rows_are_those_of_none() {
    let total = |key: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": "SUM(lines.part) + COUNT(lines.part)"}});
    let seen = json!({"key": "seen", "label": "seen", "kind": "text",
        "visible_when": {"field": "lines.part", "op": "gt", "value": 0, "match": "any"}});
    let form = json!({"key": "f", "label": "f", "fields": [
        total("all"), seen, text("a"), {"key": "rate", "label": "rate", "kind": "number"},
        {"key": "lines", "label": "lines", "kind": "subform", "visible_when": is("a", "show"), "options": {"fields": [
            text("note"),
            {"key": "part", "label": "part", "kind": "number", "compute": {"formula": "record.rate * 2"}}]}},
        total("total")]});
    let mut draft = Draft::new(publish(&[form]).unwrap(), context());
    draft.set("rate", number("4"));
    draft.set("a", Value::text("show"));
    draft.add_row("lines");
    draft.add_row("lines");
    let totals = |draft: &Draft| ["all", "total"].map(|key| get(draft.values(), key).clone());
    assert_eq!(totals(&draft), [number("18"), number("18")]);
    assert!(!draft.is_hidden("seen"));
    draft.set("a", Value::text("hide"));
    assert_eq!(totals(&draft), [number("0"), number("0")]);
    assert!(draft.is_hidden("seen"));
}

#[test]
fn what_is_computed_goes_on_while_it_is_hidden_unless_it_says_otherwise() {
    let twice = |key: &str, policy: Option<&str>| {
        let mut field = json!({"key": key, "label": key, "kind": "number", "visible_when": is("a", "show"),
            "compute": {"formula": "n * 2"}});
        if let Some(policy) = policy {
            field["when_hidden"] = json!(policy);
        }
        field
    };
    let form = json!({"key": "f", "label": "f", "fields": [
        text("a"), {"key": "n", "label": "n", "kind": "number"}, twice("usual", None),
        twice("goes_on", Some("recompute")), twice("stays", Some("keep")), twice("goes", Some("clear")),
        {"key": "reads", "label": "reads", "kind": "number", "compute": {"formula": "goes_on + 1"}}]});
    let twelve = ["usual", "goes_on", "stays", "goes"].map(|key| (key.to_string(), number("12")));
    let mut stored = Values::from(twelve);
    stored.insert("a".into(), Value::text("show"));
    stored.insert("n".into(), number("6"));
    let form = publish(&[form]).unwrap();
    let mut draft = Draft::edit(form, context(), Linked::default(), stored, Values::new());
    draft.set("a", Value::text("hide"));
    draft.set("n", number("7"));
    let kept = draft.stored_values();
    let seen = ["usual", "goes_on", "stays", "goes", "reads"].map(|key| get(&kept, key).clone());
    assert_eq!(seen, [number("14"), number("14"), number("12"), Value::Empty, number("15")]);
    draft.set("a", Value::text("show"));
    assert_eq!((get(draft.values(), "stays"), get(draft.values(), "goes")), (&number("14"), &number("14")));
    // Nobody enters what is computed, so there is nothing to compute anew where somebody does.
    let mut entered = text("b");
    entered["when_hidden"] = json!("recompute");
    let faults = publish(&[json!({"key": "f", "label": "f", "fields": [entered]})]).unwrap_err();
    assert_eq!(faults[0].path, "/fields/0/when_hidden");
}

#[test]
fn a_hidden_field_is_cleared_and_not_checked() {
    let mut draft = order_draft();
    assert!(draft.is_hidden("shop"));
    draft.add_row("lines");
    assert!(draft.faults(&|_| true).is_empty(), "{:?}", draft.faults(&|_| true));
    draft.set("channel", Value::text("online"));
    assert_eq!(draft.faults(&|_| true)[0].path, "shop");
    draft.set("shop", Value::text("天猫"));
    draft.set("channel", Value::text("direct"));
    assert_eq!(get(draft.values(), "shop"), &Value::Empty);
}

/// Who fills a form and turns to and fro loses nothing of what they entered; what is stored goes by the rule alone.
#[test]
fn what_was_entered_comes_back_when_it_is_shown_again() {
    let ruled = |key: &str, policy: &str| json!({"key": key, "label": key, "kind": "text", "visible_when": is("a", "show"), "when_hidden": policy});
    let lines = json!({"key": "lines", "label": "lines", "kind": "subform", "visible_when": is("a", "show"),
        "options": {"fields": [{"key": "n", "label": "n", "kind": "number"},
            {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "n * record.rate"}}]}});
    let mut own = ruled("own", "clear");
    own["default"] = json!("usual");
    let fields = json!([text("a"), {"key": "rate", "label": "rate", "kind": "number"}, ruled("gone", "clear"),
        ruled("kept", "keep"), own, lines,
        {"key": "sum", "label": "sum", "kind": "number", "compute": {"formula": "SUM(lines.twice)"}}]);
    let form = publish(&[json!({"key": "f", "label": "f", "fields": fields})]).unwrap();
    let stored = Values::from([("a".into(), Value::text("show")), ("kept".into(), Value::text("old"))]);
    let filled = |remembers: bool| {
        let mut draft =
            Draft::edit(form.clone(), context(), Linked::default(), stored.clone(), Values::new());
        if remembers {
            draft.remember_hidden();
        }
        draft.set("rate", number("2"));
        draft.set("gone", Value::text("typed"));
        draft.set("kept", Value::text("newer"));
        draft.add_row("lines");
        draft.set("lines.0.n", number("5"));
        draft.set("a", Value::text("hide"));
        draft
    };
    let seen = |draft: &Draft| ["gone", "kept", "sum"].map(|key| get(&draft.stored_values(), key).clone());
    for remembers in [true, false] {
        let draft = filled(remembers);
        assert_eq!(seen(&draft), [Value::Empty, Value::text("old"), number("0")], "stored as the rule says");
    }
    let mut draft = filled(true);
    draft.set("rate", number("3"));
    draft.set("a", Value::text("show"));
    assert_eq!(seen(&draft), [Value::text("typed"), Value::text("newer"), number("15")]);
    assert_eq!(cell(&draft, 0, "n"), number("5"));
    // What is entered then is what comes back the next time.
    draft.set("gone", Value::text("once more"));
    draft.set("a", Value::text("hide"));
    draft.set("a", Value::text("show"));
    assert_eq!(seen(&draft)[0], Value::text("once more"));
    draft.set("gone", Value::Empty);
    draft.set("a", Value::text("hide"));
    draft.set("a", Value::text("show"));
    assert_eq!(seen(&draft)[0], Value::Empty, "what was taken away stays away");
    // A default that nobody changed is what it is for a new record.
    let mut new = Draft::new(form, context());
    new.remember_hidden();
    for (a, own) in [("show", "usual"), ("hide", ""), ("show", "usual")] {
        new.set("a", Value::text(a));
        assert_eq!(get(new.values(), "own").as_text().unwrap_or_default(), own);
    }
}

#[test]
fn a_hidden_sub_form_that_keeps_its_rows_keeps_their_cells() {
    let hidden = json!({"key": "stock", "label": "库存", "fields": [
        {"key": "on", "label": "启用", "kind": "switch"},
        {"key": "lines", "label": "明细", "kind": "subform", "when_hidden": "keep",
         "visible_when": {"field": "on", "op": "eq", "value": true}, "options": {"fields": [
            {"key": "qty", "label": "数量", "kind": "number"},
            {"key": "note", "label": "备注", "kind": "text",
             "visible_when": {"field": "qty", "op": "gt", "value": 0}}]}}]});
    let row = |row: i64, qty: &str| Row {
        id: Some(id(row)),
        values: Values::from([("qty".into(), number(qty)), ("note".into(), Value::text("a"))]),
    };
    let rows = vec![row(7, "1"), row(8, "2")];
    let stored =
        Values::from([("on".into(), Value::Bool(true)), ("lines".into(), Value::Rows(rows.clone()))]);
    let form = publish(&[hidden]).unwrap();
    let mut draft = Draft::edit(form, context(), Linked::default(), stored, Values::new());
    draft.set("lines.0.qty", number("0"));
    assert_eq!(cell(&draft, 0, "note"), Value::Empty);
    draft.add_row("lines");
    draft.set("on", Value::Bool(false));
    assert_eq!(get(&draft.stored_values(), "lines"), &Value::Rows(rows));
}
