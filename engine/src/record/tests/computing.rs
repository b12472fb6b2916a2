//! What a draft computes, and how much of it again after a change.

use super::*;

#[test]
fn typing_a_quantity_computes_the_line_and_the_total() {
    let mut draft = order_draft();
    assert_eq!(get(draft.values(), "channel"), &Value::text("direct"));
    draft.add_row("lines");
    assert_eq!(cell(&draft, 0, "qty"), number("1"));
    draft.set("lines.0.unit_price", number("33.335"));
    draft.set("lines.0.qty", number("3"));
    assert_eq!(cell(&draft, 0, "amount"), number("100.01"));
    assert_eq!(get(draft.values(), "total"), &number("100.01"));
    assert_eq!(get(draft.values(), "big"), &Value::Bool(true));
}

#[test]
fn only_what_depends_on_a_change_is_evaluated_again() {
    let mut draft = order_draft();
    for _ in 0..1_000 {
        draft.add_row("lines");
    }
    draft.set("lines.500.unit_price", number("2"));
    let before = draft.evaluations();
    draft.set("lines.500.qty", number("7"));
    // The row's amount, the total, and what reads the total.
    assert_eq!(draft.evaluations() - before, 3);
    let before = draft.evaluations();
    draft.set("lines.500.qty", number("7"));
    assert_eq!(draft.evaluations(), before);
}

/// A share of the whole is another one in every row, whichever row changes.
#[test]
fn a_row_that_reads_all_rows_is_computed_again_with_any_of_them() {
    let form = json!({"key": "f", "label": "f", "fields": [
        {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "share", "label": "share", "kind": "number", "compute": {"formula": "qty / SUM(record.lines.qty)"}},
            {"key": "note", "label": "note", "kind": "text",
             "visible_when": {"field": "record.lines.qty", "op": "gt", "value": 5, "match": "any"}}]}},
        {"key": "shares", "label": "shares", "kind": "number", "compute": {"formula": "SUM(lines.share)"}}]});
    let mut draft = Draft::new(publish(&[form]).unwrap(), context());
    draft.add_row("lines");
    draft.set("lines.0.qty", number("1"));
    assert_eq!(cell(&draft, 0, "share"), number("1"));
    draft.add_row("lines");
    draft.set("lines.1.qty", number("3"));
    assert_eq!((cell(&draft, 0, "share"), cell(&draft, 1, "share")), (number("0.25"), number("0.75")));
    assert_eq!(get(draft.values(), "shares"), &number("1"));
    assert!(draft.is_hidden("lines.0.note"));
    draft.set("lines.1.qty", number("9"));
    assert_eq!((cell(&draft, 0, "share"), cell(&draft, 1, "share")), (number("0.1"), number("0.9")));
    assert!(!draft.is_hidden("lines.0.note") && !draft.is_hidden("lines.1.note"));
    draft.remove_row("lines", 1);
    assert_eq!(cell(&draft, 0, "share"), number("1"));
}

/// A balance goes on from row to row.
fn account(more: &str) -> Json {
    let computed = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
    json!({"key": "f", "label": "f", "fields": [
        {"key": "opening", "label": "opening", "kind": "number"},
        {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            computed("balance", "record.opening + RUNNING(amount)"), computed("more", more),
            {"key": "amount", "label": "amount", "kind": "number"},
            {"key": "note", "label": "note", "kind": "text"}]}},
        computed("closing", "INDEX(lines.balance, -1)")]})
}

/// Whichever row changes, comes, goes or moves.
#[test]
fn a_row_reads_the_one_before_it_and_the_sum_up_to_it() {
    let mut draft = Draft::new(publish(&[account("amount - PREV(amount)")]).unwrap(), context());
    draft.set("opening", number("100"));
    for (place, amount) in ["5", "-2", "10"].into_iter().enumerate() {
        draft.add_row("lines");
        draft.set(&format!("lines.{place}.amount"), number(amount));
    }
    let seen = |draft: &Draft, key: &str| -> Vec<String> {
        let rows = get(draft.values(), "lines").rows().iter();
        let cell = |row: &Row| get(&row.values, key).as_number().map(|cell| cell.normalize().to_string());
        rows.map(|row| cell(row).unwrap_or_default()).collect()
    };
    assert_eq!(seen(&draft, "balance"), ["105", "103", "113"]);
    assert_eq!(seen(&draft, "more"), ["", "-7", "12"]);
    assert_eq!(get(draft.values(), "closing"), &number("113"));
    draft.set("lines.0.amount", number("6"));
    assert_eq!(
        (seen(&draft, "balance"), seen(&draft, "more")[1].as_str()),
        (vec!["106".into(), "104".into(), "114".into()], "-8")
    );
    draft.move_row("lines", 2, 0);
    assert_eq!(seen(&draft, "balance"), ["110", "116", "114"]);
    assert_eq!(seen(&draft, "more"), ["", "-4", "-8"]);
    draft.remove_row("lines", 0);
    assert_eq!(seen(&draft, "balance"), ["106", "104"]);
    // What is empty adds nothing.
    draft.set("lines.0.amount", Value::Empty);
    assert_eq!(
        (seen(&draft, "balance"), seen(&draft, "more")),
        (vec!["100".into(), "98".into()], vec![String::new(); 2])
    );
    // As many rows as there may be are within what formulas of one record may do.
    let row = |place: u32| Row { id: None, values: Values::from([("amount".into(), Value::number(place))]) };
    draft.apply(Values::from([("lines".to_string(), Value::Rows((1..=1_000).map(row).collect()))]));
    assert_eq!(get(draft.values(), "closing"), &number("500600"));
}

#[test]
fn what_goes_over_rows_reads_other_columns_of_a_row_alone() {
    let fault = |more: &str| publish(&[account(more)]).map(|_| ()).unwrap_err()[0].code.to_string();
    // A row that reads the same of the row before it would go round.
    assert_eq!(fault("PREV(more) + amount"), "cycle");
    for (more, code) in [
        ("RUNNING(note)", "formula_argument"),
        ("RUNNING(record.opening)", "formula_over_rows"),
        ("PREV(opening)", "formula_over_rows"),
        ("PREV(amount + 1)", "formula_over_rows"),
        ("PREV()", "formula_arity"),
        ("SHARE(amount)", "unknown_function"),
        ("PREV(lines.amount)", "formula_over_rows"),
    ] {
        assert_eq!(fault(more), code, "{more}");
    }
    let outside = json!({"key": "f", "label": "f", "fields": [
        {"key": "a", "label": "a", "kind": "number"},
        {"key": "b", "label": "b", "kind": "number", "compute": {"formula": "RUNNING(a)"}}]});
    assert_eq!(publish(&[outside]).map(|_| ()).unwrap_err()[0].code, "formula_over_rows");
}

/// Twelve formulas in every row, eight over the rows: what reads `a` and what reads `d` have little in common.
fn sheet() -> Json {
    let input = |key: &str| json!({"key": key, "label": key, "kind": "number"});
    let formula = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
    json!({"key": "sheet", "label": "sheet", "fields": [
        input("rate"),
        {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            input("a"), input("b"), input("c"), input("d"),
            formula("ab", "a + b"), formula("ab2", "ab * 2"), formula("ab3", "ab2 + 1"), formula("bc", "b * c"),
            formula("bc2", "bc + 1"), formula("both", "ab + bc"), formula("cd", "c + d"), formula("cd2", "cd - 1"),
            formula("d2", "d * 2"), formula("d4", "d2 * 2"), formula("rated", "d * rate"),
            formula("large", "IF(c > 2, c, 0)")]}},
        formula("sum_ab", "SUM(lines.ab)"), formula("sum_bc", "SUM(lines.bc)"), formula("sum_cd", "SUM(lines.cd2)"),
        formula("most", "MAX(lines.d4)"), formula("many", "COUNTIF(lines.d, \">5\")"),
        formula("total", "sum_ab + sum_bc"), formula("billed", "sum_cd * rate"), formula("over", "total - 100")]})
}

#[test]
fn editing_one_cell_of_a_thousand_rows_evaluates_only_what_depends_on_it() {
    let form = publish(&[sheet()]).unwrap();
    let row = |place: u32| {
        let cell = |key: &str, value: u32| (key.to_string(), Value::number(value));
        Row {
            id: None,
            values: Values::from([cell("a", place), cell("b", 2), cell("c", 3), cell("d", place % 10)]),
        }
    };
    let mut draft = Draft::new(form.clone(), context());
    draft.apply(Values::from([
        ("rate".to_string(), number("3")),
        ("lines".to_string(), Value::Rows((0..1_000).map(row).collect())),
    ]));
    assert_eq!(get(draft.values(), "sum_ab"), &number("501500"));
    let mut evaluated = |path: &str, value: &str| {
        let before = draft.evaluations();
        draft.set(path, number(value));
        draft.evaluations() - before
    };
    // In the row ab, ab2, ab3 and both; of the record sum_ab, total and over.
    assert_eq!(evaluated("lines.500.a", "7"), 7);
    // In the row cd, cd2, d2, d4 and rated; of the record sum_cd, most, many and billed.
    assert_eq!(evaluated("lines.500.d", "8"), 9);
    // In the row bc, bc2, both, cd, cd2 and large; of the record sum_bc, total, over, sum_cd and billed.
    assert_eq!(evaluated("lines.0.c", "2"), 11);
    assert_eq!(evaluated("lines.0.c", "2"), 0);
    // Every row reads the rate, and the record once.
    assert_eq!(evaluated("rate", "4"), 1_001);
    assert_eq!(get(draft.values(), "billed"), &number("26028"));
    // And nothing was left that depends on it: who enters the same anew gets the same.
    let mut rows: Vec<Row> = (0..1_000).map(row).collect();
    for (place, key, value) in [(500, "a", "7"), (500, "d", "8"), (0, "c", "2")] {
        rows[place].values.insert(key.to_string(), number(value));
    }
    let mut anew = Draft::new(form, context());
    anew.apply(Values::from([("rate".to_string(), number("4")), ("lines".to_string(), Value::Rows(rows))]));
    assert_eq!(draft.values(), anew.values());
}

/// Formulas name a field by its key: what it is called is nothing to the hundred that read it.
#[test]
fn a_field_that_a_hundred_formulas_read_is_renamed_and_they_go_on() {
    let computed = |label: &str| -> Vec<Value> {
        let field = |key: &str| json!({"key": key, "label": label, "kind": "number"});
        let formula = |n: u32| {
            json!({"key": format!("f{n}"), "label": format!("f{n}"), "kind": "number",
                   "compute": {"formula": format!("amount * {n} + 1")}})
        };
        let mut fields = vec![field("amount")];
        fields.extend((0..100).map(formula));
        let form = publish(&[json!({"key": "f", "label": "f", "fields": fields})]).unwrap();
        let mut draft = Draft::new(form, context());
        draft.set("amount", number("7"));
        (0..100).map(|n| get(draft.values(), &format!("f{n}")).clone()).collect()
    };
    let before = computed("Amount");
    assert_eq!((&before[0], &before[99]), (&number("1"), &number("694")));
    for label in ["金额(元)", "new", "a + b"] {
        assert_eq!(computed(label), before, "{label}");
    }
}

#[test]
fn a_formula_over_live_data_is_live_itself() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "due", "label": "due", "kind": "date"},
        {"key": "left", "label": "left", "kind": "formula", "options": {"formula": "DAYS(due, TODAY())", "scale": 0}},
        {"key": "late", "label": "late", "kind": "formula", "options": {"formula": "left < 0", "type": "bool"}}]})])
    .unwrap();
    assert!(form.column("left").unwrap().is_live() && form.column("late").unwrap().is_live());
    let mut draft = Draft::new(form, context());
    draft.set("due", Value::Date(crate::value::parse_date("2026-11-20").unwrap()));
    assert_eq!(get(draft.values(), "left"), &number("-2"));
    assert_eq!(get(draft.values(), "late"), &Value::Bool(true));
    assert!(!draft.stored_values().contains_key("left"));
}

#[test]
fn an_error_value_is_refused_at_submit() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "a", "label": "a", "kind": "number"},
        {"key": "b", "label": "b", "kind": "number", "compute": {"formula": "1 / a"}}]})])
    .unwrap();
    let mut draft = Draft::new(form, context());
    draft.set("a", number("0"));
    let faults = draft.faults(&|_| true);
    assert_eq!((faults[0].code.as_ref(), faults[0].args["error"].as_str()), ("formula_error", "#DIV/0!"));
    draft.set("a", number("3"));
    assert_eq!(get(draft.values(), "b"), &number("0.33"));
}

#[test]
fn a_record_that_is_looked_at_keeps_what_unknown_records_gave() {
    let order = json!({"key": "sale", "label": "销售", "fields": [
        {"key": "product", "label": "商品", "kind": "link", "options": {"form": "product"}},
        {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 0}},
        {"key": "worth", "label": "值", "kind": "money", "compute": {"formula": "qty * product.list_price"}},
        {"key": "double", "label": "翻倍", "kind": "money", "compute": {"formula": "worth * 2"}}]});
    let form = publish(&[product(), order]).unwrap();
    let stored = Values::from([
        ("product".to_string(), Value::Ref(id(7))),
        ("qty".to_string(), number("3")),
        ("worth".to_string(), number("30.00")),
        ("double".to_string(), number("60.00")),
    ]);
    let mut draft = Draft::open(form, context(), stored, Values::new());
    assert_eq!(
        (get(draft.values(), "worth"), get(draft.values(), "double")),
        (&number("30.00"), &number("60.00"))
    );
    draft.set("qty", number("4"));
    assert_eq!(get(draft.values(), "worth"), &number("30.00"));
    let mut linked = Linked::default();
    linked.insert(id(1), id(7), Values::from([("list_price".to_string(), number("11.00"))]));
    draft.learn(linked);
    assert_eq!(
        (get(draft.values(), "worth"), get(draft.values(), "double")),
        (&number("44.00"), &number("88.00"))
    );
    // A link that is taken away leaves nothing to wait for.
    draft.set("product", Value::Empty);
    assert_eq!(get(draft.values(), "worth"), &Value::Empty);
}
