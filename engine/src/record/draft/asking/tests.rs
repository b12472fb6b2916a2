//! Figures over the records of other forms, from the formula to the answer.

use serde_json::{Value as Json, json};

use crate::condition::{Checked, Reach};
use crate::form::{Ask, Form};
use crate::formula::Answers;
use crate::record::tests::{context, id, number, publish};
use crate::record::{Draft, Linked};
use crate::text::Fault;
use crate::value::{Row, Value, Values, get};

fn payment() -> Json {
    json!({"key": "payment", "label": "收款", "fields": [
        {"key": "order", "label": "订单", "kind": "link", "options": {"form": "order"}},
        {"key": "state", "label": "状态", "kind": "select",
         "options": {"choices": [{"key": "done", "label": "已到账"}, {"key": "open", "label": "未到账"}]}},
        {"key": "amount", "label": "金额", "kind": "money"},
        {"key": "day", "label": "日期", "kind": "date"},
        {"key": "at", "label": "时间", "kind": "datetime"},
        {"key": "tags", "label": "标签", "kind": "multi_select",
         "options": {"choices": [{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}]}},
        {"key": "checked", "label": "已核对", "kind": "switch"},
        {"key": "note", "label": "备注", "kind": "text"},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "项目", "kind": "text"},
            {"key": "qty", "label": "数量", "kind": "number"}]}},
        {"key": "parts", "label": "部分", "kind": "subform", "options": {"fields": [
            {"key": "share", "label": "份额", "kind": "number"}]}}]})
}

fn order(fields: Json) -> Json {
    let mut all = json!([
        {"key": "state", "label": "状态", "kind": "text"},
        {"key": "amount", "label": "金额", "kind": "money"},
        {"key": "day", "label": "日期", "kind": "date"},
        {"key": "at", "label": "时间", "kind": "datetime"},
        {"key": "checked", "label": "已核对", "kind": "switch"},
        {"key": "goods", "label": "货物", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "项目", "kind": "text"},
            {"key": "paid", "label": "已收", "kind": "number",
             "compute": {"formula": "SUMOF(payment, payment.lines.item = item, payment.lines.qty)"}}]}}]);
    if let (Some(all), Some(fields)) = (all.as_array_mut(), fields.as_array()) {
        all.extend(fields.iter().cloned());
    }
    json!({"key": "order", "label": "订单", "fields": all})
}

fn computed(kind: &str, formula: &str) -> Json {
    order(json!([{"key": "it", "label": "它", "kind": kind, "compute": {"formula": formula}}]))
}

/// A draft of an order of the form with this formula.
fn draft(kind: &str, formula: &str) -> Draft {
    let form = publish(&[payment(), computed(kind, formula)])
        .unwrap_or_else(|faults| panic!("{formula}: {faults:?}"));
    let mut draft = Draft::new(form, context());
    draft.give(Values::from([("$id".to_string(), Value::Ref(id(9)))]));
    draft
}

fn the_fault(kind: &str, formula: &str) -> Fault {
    publish(&[payment(), computed(kind, formula)]).expect_err(formula).remove(0)
}

/// Answers everything that is asked with the same value.
fn answer_all(draft: &mut Draft, value: &Value) {
    let mut answers = draft.answers().clone();
    for ask in draft.asks() {
        answers.insert(ask.key.clone(), value.clone());
    }
    draft.answer(&answers);
}

fn one(draft: &Draft) -> Ask {
    let asks = draft.asks();
    assert_eq!(asks.len(), 1, "{asks:?}");
    asks[0].clone()
}

/// Whether a payment is counted.
fn counts(form: &std::sync::Arc<Form>, filter: &Checked, values: Values) -> bool {
    let payment = Draft::edit(form.clone(), context(), Linked::default(), values, Values::new());
    filter.holds(&payment.source(None), &context())
}

#[test]
fn a_figure_is_asked_answered_and_goes_on() {
    let twice = json!([
        {"key": "paid", "label": "已收", "kind": "money",
         "compute": {"formula": "SUMOF(payment, payment.order = $id and payment.state = \"done\", payment.amount)"}},
        {"key": "left", "label": "未收", "kind": "money", "compute": {"formula": "amount - paid"}}]);
    let form = publish(&[payment(), order(twice)]).unwrap();
    let mut draft = Draft::new(form, context());
    draft.give(Values::from([("$id".to_string(), Value::Ref(id(9)))]));
    draft.set("amount", number("100"));
    let asked = draft.asks().iter().filter(|ask| ask.figure.form == id(1)).count();
    assert_eq!(asked, 1);
    assert_eq!(get(draft.values(), "left"), &Value::Empty);
    answer_all(&mut draft, &number("30"));
    assert!(draft.asks().is_empty());
    assert_eq!((get(draft.values(), "paid"), get(draft.values(), "left")), (&number("30"), &number("70")));
    // What does not change the question asks nothing anew.
    draft.set("amount", number("50"));
    assert!(draft.asks().is_empty());
    assert_eq!(get(draft.values(), "left"), &number("20"));
}

#[test]
fn what_a_record_says_is_part_of_the_question() {
    let mut draft = draft("money", "SUMOF(payment, payment.state = state, payment.amount)");
    draft.set("state", Value::text("done"));
    answer_all(&mut draft, &number("7"));
    assert_eq!(get(draft.values(), "it"), &number("7"));
    draft.set("state", Value::text("open"));
    // Not known yet: the last figure stays until it is.
    assert_eq!((draft.asks().len(), get(draft.values(), "it")), (1, &number("7")));
    draft.set("state", Value::text("done"));
    assert!(draft.asks().is_empty());
}

#[test]
fn conditions_are_those_of_conditions() {
    let payments = publish(&[order(json!([])), payment()]).unwrap();
    let with = |values: &[(&str, Value)]| -> Values {
        values.iter().map(|(key, value)| ((*key).to_string(), value.clone())).collect()
    };
    let day = |text: &str| Value::Date(crate::value::parse_date(text).unwrap());
    let done = with(&[("state", Value::text("done")), ("amount", number("80")), ("day", day("2026-03-01"))]);
    let open =
        with(&[("state", Value::text("open")), ("amount", number("20")), ("checked", Value::Bool(true))]);
    let bare = Values::new();
    for (condition, counted) in [
        ("TRUE", [true, true, true]),
        ("FALSE", [false, false, false]),
        ("payment.state = state", [true, false, false]),
        ("state = payment.state", [true, false, false]),
        ("payment.state <> state", [false, true, true]),
        ("not payment.state = state", [false, true, true]),
        ("payment.amount > amount / 2", [true, false, false]),
        ("amount / 2 > payment.amount", [false, true, false]),
        ("payment.amount >= 20 and payment.amount < 80", [false, true, false]),
        ("payment.amount = 80 or payment.state = \"open\"", [true, true, false]),
        ("BETWEEN(payment.amount, 20, 50)", [false, true, false]),
        ("payment.day >= DATE(2026, 1, 1)", [true, false, false]),
        ("payment.day < TODAY()", [true, false, false]),
        ("ISEMPTY(payment.day)", [false, true, true]),
        ("payment.day = EMPTY", [false, true, true]),
        ("payment.day <> EMPTY()", [true, false, false]),
        ("payment.checked", [false, true, false]),
        ("payment.checked = checked", [true, false, true]),
        ("NOT(payment.checked)", [true, false, true]),
        // What this record alone decides.
        ("amount > 50", [true, true, true]),
        ("amount > 500 and payment.amount > 1", [false, false, false]),
        // What is empty here equals nothing there (semantics.md 10).
        ("payment.note = \"\"", [false, false, false]),
        ("payment.day = day", [false, false, false]),
    ] {
        let mut draft = draft("number", &format!("COUNTOF(payment, {condition})"));
        draft.set("state", Value::text("done"));
        draft.set("amount", number("100"));
        let filter = one(&draft).filter(&context());
        let found = [&done, &open, &bare].map(|values| counts(&payments, &filter, values.clone()));
        assert_eq!(found, counted, "{condition}");
    }
}

#[test]
fn lists_and_parts_of_texts_are_looked_into() {
    let payments = publish(&[order(json!([])), payment()]).unwrap();
    let tagged = Values::from([
        ("tags".to_string(), Value::List(vec![Value::text("a")])),
        ("note".to_string(), Value::text("Down payment")),
    ]);
    for (condition, counted) in [
        ("CONTAINS(payment.tags, \"a\")", true),
        ("CONTAINS(payment.tags, \"b\")", false),
        ("HASANY(payment.tags, SPLIT(\"b,a\", \",\"))", true),
        ("HASALL(payment.tags, SPLIT(\"b,a\", \",\"))", false),
        ("CONTAINS(payment.note, \"PAY\")", true),
        ("STARTSWITH(payment.note, \"down\")", true),
        ("ENDSWITH(payment.note, \"down\")", false),
    ] {
        let draft = draft("number", &format!("COUNTOF(payment, {condition})"));
        let filter = one(&draft).filter(&context());
        assert_eq!(counts(&payments, &filter, tagged.clone()), counted, "{condition}");
    }
}

#[test]
fn rows_are_held_against_each_other_row_by_row() {
    let mut draft = draft(
        "number",
        "SUMOF(payment, payment.lines.item = state and payment.amount > 1, payment.lines.qty)",
    );
    draft.set("state", Value::text("pen"));
    let ask = one(&draft);
    let (value, _) = ask.figure.value.clone().unwrap();
    assert_eq!((value.rows.as_deref(), value.field.as_str()), (Some("lines"), "qty"));
    let tests = ask.filter(&context());
    let reaches: Vec<Reach> = tests.reaches();
    assert_eq!(reaches[0].in_row.as_deref(), Some("lines"));
    assert_eq!((reaches[1].in_row.as_deref(), reaches[1].field.as_str()), (None, "amount"));
    // Where records are counted, one row that matches is enough.
    let mut draft = self::draft("number", "COUNTOF(payment, payment.lines.item = state)");
    draft.set("state", Value::text("pen"));
    let reaches = one(&draft).filter(&context()).reaches();
    assert_eq!((reaches[0].rows.as_deref(), reaches[0].in_row.as_deref()), (Some("lines"), None));
}

#[test]
fn every_row_asks_for_itself_and_they_ask_together() {
    let mut draft = draft("money", "amount");
    let goods = |items: &[&str]| {
        let row =
            |item: &&str| Row { id: None, values: Values::from([("item".to_string(), Value::text(*item))]) };
        Values::from([("goods".to_string(), Value::Rows(items.iter().map(row).collect()))])
    };
    draft.apply(goods(&["pen", "ink", "pen"]));
    let asks = draft.asks();
    assert_eq!(asks.len(), 2, "the same is asked once");
    assert_eq!(asks[0].group(), asks[1].group());
    let by: Vec<Value> = asks.iter().map(|ask| ask.by(&context()).unwrap().value).collect();
    assert_eq!(by, [Value::text("ink"), Value::text("pen")]);
    assert_eq!(asks[0].filter_of_all(&context()), Checked::always());
    let mut answers = draft.answers().clone();
    let keys: Vec<String> = asks.iter().map(|ask| ask.key.clone()).collect();
    for (key, value) in keys.into_iter().zip(["1", "2"]) {
        answers.insert(key, number(value));
    }
    draft.answer(&answers);
    let paid = |draft: &Draft| -> Vec<Value> {
        get(draft.values(), "goods").rows().iter().map(|row| get(&row.values, "paid").clone()).collect()
    };
    assert_eq!(paid(&draft), [number("2"), number("1"), number("2")]);
    draft.set("goods.1.item", Value::text("pen"));
    assert!(draft.asks().is_empty());
    assert_eq!(paid(&draft), [number("2"), number("2"), number("2")]);
    draft.set("goods.0.item", Value::text("cap"));
    draft.remove_row("goods", 0);
    assert!(draft.asks().is_empty(), "{:?}", draft.asks());
}

#[test]
fn a_draft_keeps_the_answers_to_its_own_questions_alone() {
    let asking = |state: &str| {
        let mut draft = draft("money", "SUMOF(payment, payment.state = state, payment.amount)");
        draft.set("state", Value::text(state));
        draft
    };
    let (mut done, mut open) = (asking("done"), asking("open"));
    let keys = [one(&done).key, one(&open).key];
    let mut known = Answers::default();
    for (key, value) in keys.iter().zip(["7", "9"]) {
        known.insert(key.clone(), number(value));
    }
    for (draft, value, kept) in [(&mut done, "7", [true, false]), (&mut open, "9", [false, true])] {
        draft.answer(&known);
        assert_eq!(get(draft.values(), "it"), &number(value));
        assert_eq!(keys.each_ref().map(|key| draft.answers().get(key).is_some()), kept);
    }
}

#[test]
fn a_check_asks_too() {
    let mut document = order(json!([]));
    document["validate"] = json!([{"key": "limit", "message": "too much",
        "formula": "amount + SUMOF(payment, payment.state = state, payment.amount) <= 100"}]);
    let form = publish(&[payment(), document]).unwrap();
    let mut draft = Draft::new(form, context());
    draft.apply(Values::from([
        ("state".to_string(), Value::text("done")),
        ("amount".to_string(), number("60")),
    ]));
    assert_eq!(draft.asks().len(), 1);
    assert!(draft.faults(&|_| true).is_empty());
    answer_all(&mut draft, &number("50"));
    assert!(draft.asks().is_empty());
    assert_eq!(draft.faults(&|_| true)[0].code, "validation");
    draft.set("amount", number("50"));
    assert!(draft.faults(&|_| true).is_empty());
}

#[test]
fn a_formula_field_that_asks_is_live_and_what_a_figure_gives_has_a_type() {
    let form = publish(&[
        payment(),
        order(json!([
            {"key": "last", "label": "最近", "kind": "formula",
             "options": {"type": "date", "formula": "MAXOF(payment, payment.order = $id, payment.day)"}},
            {"key": "late", "label": "逾期", "kind": "formula", "options": {"type": "bool", "formula": "last < day"}}])),
    ])
    .unwrap();
    assert!(form.column("last").unwrap().is_live() && form.column("late").unwrap().is_live());
    assert!(form.column("last").unwrap().asks() && !form.column("late").unwrap().asks());
    assert_eq!(form.figures().count(), 2);
}

#[test]
fn faults_of_figures_have_their_place() {
    for (kind, formula, code, at, length) in [
        ("money", "SUMOF(payments, TRUE, payments.amount)", "unknown_form", 6, 8),
        ("money", "SUMOF(payment)", "formula_arity", 0, 14),
        ("money", "SUMOF(payment, TRUE)", "formula_arity", 0, 20),
        ("money", "SUMOF(\"payment\", TRUE, payment.amount)", "formula_form", 6, 9),
        ("money", "SUMOF(payment, TRUE, amount)", "formula_field_of", 21, 6),
        ("money", "SUMOF(payment, TRUE, payment.sum)", "unknown_field", 21, 11),
        ("money", "SUMOF(payment, TRUE, payment.note)", "formula_argument", 21, 12),
        ("money", "SUMOF(payment, TRUE, payment.tags)", "formula_argument", 21, 12),
        ("money", "MAXOF(payment, TRUE, payment.day)", "formula_type", 0, 33),
        ("money", "SUMOF(payment, payment.amount, payment.amount)", "formula_type", 15, 14),
        ("money", "SUMOF(payment, amount, payment.amount)", "formula_type", 15, 6),
        ("money", "SUMOF(payment, payment.amount = state, payment.amount)", "formula_operands", 32, 5),
        ("money", "SUMOF(payment, payment.amount > day, payment.amount)", "formula_operands", 32, 3),
        // A day of the other form against an instant: which of the two is meant must be said.
        ("money", "SUMOF(payment, payment.day = at, payment.amount)", "formula_operands", 29, 2),
        ("money", "SUMOF(payment, payment.note > state, payment.amount)", "unknown_operator", 15, 12),
        ("money", "SUMOF(payment, payment.amount + 1 = 2, payment.amount)", "formula_condition", 15, 22),
        ("money", "SUMOF(payment, 1 + payment.amount, payment.amount)", "formula_condition", 15, 18),
        (
            "money",
            "SUMOF(payment, IF(payment.checked, TRUE, FALSE), payment.amount)",
            "formula_condition",
            15,
            32,
        ),
        ("money", "SUMOF(payment, LEN(payment.note) > 3, payment.amount)", "formula_condition", 15, 21),
        ("money", "SUMOF(payment, payment.amount = amount = 1, payment.amount)", "formula_condition", 15, 27),
        (
            "money",
            "SUMOF(payment, payment.amount = LEN(payment.note), payment.amount)",
            "formula_condition",
            32,
            17,
        ),
        (
            "money",
            "SUMOF(payment, payment.amount = payment.parts.share, payment.amount)",
            "bad_operand",
            32,
            19,
        ),
        ("money", "SUMOF(payment, unknown = 1, payment.amount)", "unknown_field", 15, 7),
    ] {
        let fault = the_fault(kind, formula);
        let place = (fault.args.get("at").map(String::as_str), fault.args.get("length").map(String::as_str));
        let (at, length) = (at.to_string(), length.to_string());
        assert_eq!(fault.code, code, "{formula}: {fault:?}");
        assert_eq!(place, (Some(at.as_str()), Some(length.as_str())), "{formula}: {fault:?}");
        assert!(fault.path.ends_with("/compute/formula"), "{fault:?}");
    }
    let many = vec!["COUNTOF(payment, TRUE)"; 21].join(" + ");
    assert_eq!(the_fault("number", &many).code, "too_many_figures");
}

#[test]
fn a_figure_may_be_told_by_another() {
    let formula = "SUMOF(payment, payment.amount = MAXOF(payment, payment.state = state, payment.amount), payment.amount)";
    let mut draft = draft("money", formula);
    draft.set("state", Value::text("done"));
    for _ in 0..2 {
        answer_all(&mut draft, &number("5"));
    }
    assert!(draft.asks().is_empty());
    assert_eq!(get(draft.values(), "it"), &number("5"));
    let outer =
        "SUMOF(payment, payment.amount = COUNTOF(order, order.amount = payment.amount), payment.amount)";
    assert_eq!(the_fault("money", outer).code, "formula_condition");
}

#[test]
fn what_comes_by_chance_comes_once() {
    let by_chance = json!([{"key": "code", "label": "码", "kind": "text", "default": {"formula": "UUID()"}}]);
    let form = publish(&[payment(), order(by_chance)]).unwrap();
    assert!(form.column("code").unwrap().has_random_default());
    let mut draft = Draft::new(form, context());
    let code = get(draft.values(), "code").clone();
    assert_eq!(code.as_text().map(str::len), Some(36));
    draft.set("amount", number("1"));
    assert_eq!(get(draft.values(), "code"), &code);
    assert_eq!(the_fault("text", "UUID()").code, "random_value");
    assert_eq!(the_fault("number", "RAND() * 2").code, "random_value");
}

#[test]
fn a_record_knows_its_place_among_those_of_its_form() {
    let mut draft = draft("number", "RECNO()");
    let ask = one(&draft);
    assert_eq!(ask.figure.form, id(2), "{ask:?}");
    answer_all(&mut draft, &number("41"));
    assert_eq!(get(draft.values(), "it"), &number("42"));
}

#[test]
fn a_draft_that_is_told_the_figure_goes_on_with_it() {
    let fields = json!([
        {"key": "paid", "label": "已收", "kind": "money", "compute": {"formula": "SUMOF(payment, payment.state = state, payment.amount)"}},
        {"key": "left", "label": "未收", "kind": "money", "compute": {"formula": "amount - paid"}},
        {"key": "next", "label": "下一个", "kind": "number", "default": {"formula": "COUNTOF(payment, TRUE) + 1"}}]);
    let form = publish(&[payment(), order(fields)]).unwrap();
    let mut draft = Draft::new(form, context());
    draft.set("amount", number("100"));
    draft.add_row("goods");
    let told = [("paid", "30"), ("next", "8"), ("goods.0.paid", "3")];
    draft.tell(told.map(|(path, value)| (path.to_string(), number(value))).into());
    let is = |draft: &Draft, path: &str, value: &str| {
        assert_eq!(get(draft.values(), path), &number(value), "{path}")
    };
    is(&draft, "paid", "30");
    is(&draft, "left", "70");
    is(&draft, "next", "8");
    assert_eq!(get(&get(draft.values(), "goods").rows()[0].values, "paid"), &number("3"));
    // Somebody's own entry stays.
    draft.set("next", number("5"));
    draft.tell(Values::from([("next".to_string(), number("9")), ("paid".to_string(), number("40"))]));
    is(&draft, "next", "5");
    is(&draft, "left", "60");
}
