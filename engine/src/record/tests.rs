//! Drafts, as stories.

mod asking;
mod given;
mod hiding;
mod rounding;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::context::Context;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::text::Faults;
use crate::value::{Id, Row, Timestamp, Value, Values, get};

/// A handful of forms that know each other.
pub(crate) struct World(Vec<Arc<Sketch>>);

impl Catalogue for World {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        self.0.iter().find(|sketch| sketch.app == app && sketch.document.key == key).cloned()
    }
}

pub(crate) fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

fn world(documents: &[Json]) -> World {
    let sketch = |(place, json): (usize, &Json)| {
        let document: FormDocument = serde_json::from_value(json.clone()).unwrap();
        Arc::new(Sketch { id: id(place as i64 + 1), app: "crm".into(), document })
    };
    World(documents.iter().enumerate().map(sketch).collect())
}

pub(crate) fn publish(documents: &[Json]) -> Result<Arc<Form>, Faults> {
    let world = world(documents);
    Form::publish(world.0.last().unwrap().clone(), 1, &world).map(Arc::new)
}

pub(crate) fn context() -> Context {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    Context::system(now, jiff::tz::TimeZone::UTC)
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn product() -> Json {
    json!({"key": "product", "label": "商品", "fields": [
        {"key": "name", "label": "名称", "kind": "text"},
        {"key": "list_price", "label": "标准售价", "kind": "money"}]})
}

fn order() -> Json {
    json!({"key": "order", "label": "订单", "fields": [
        {"key": "channel", "label": "渠道", "kind": "select",
         "options": {"choices": [{"key": "direct", "label": "直销"}, {"key": "online", "label": "线上"}]},
         "default": "direct"},
        {"key": "shop", "label": "店铺", "kind": "text", "required": true,
         "visible_when": {"field": "channel", "op": "eq", "value": "online"}},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"min_rows": 1, "fields": [
            {"key": "product", "label": "商品", "kind": "link",
             "options": {"form": "product", "fill": [{"from": "list_price", "to": "unit_price"}]}},
            {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 3}, "required": true, "default": 1},
            {"key": "unit_price", "label": "单价", "kind": "money"},
            {"key": "amount", "label": "金额", "kind": "money", "compute": {"formula": "ROUND(qty * unit_price, 2)"}}]}},
        {"key": "total", "label": "合计", "kind": "money", "compute": {"formula": "SUM(lines.amount)"}},
        {"key": "big", "label": "大单", "kind": "formula", "options": {"formula": "total > 100", "type": "bool"}}],
      "validate": [{"key": "limit", "formula": "total <= 1000", "message": "合计不能超过 1000"}]})
}

fn order_draft() -> Draft {
    Draft::new(publish(&[product(), order()]).unwrap(), context())
}

fn cell(draft: &Draft, row: usize, key: &str) -> Value {
    get(&get(draft.values(), "lines").rows()[row].values, key).clone()
}

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
    let mut draft = Draft::new(form, context());
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

#[test]
fn a_link_fills_its_row_once_it_is_known_and_people_may_change_it() {
    let mut draft = order_draft();
    draft.add_row("lines");
    draft.add_row("lines");
    draft.set("lines.1.product", Value::Ref(id(77)));
    assert_eq!(
        missing_links(draft.form(), draft.values(), &Linked::default()).into_iter().next(),
        Some((id(1), id(77)))
    );
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    draft.learn(linked);
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
    assert_eq!(cell(&draft, 0, "unit_price"), Value::Empty);
    draft.set("lines.1.unit_price", number("400"));
    draft.set("lines.1.qty", number("2"));
    assert_eq!(cell(&draft, 1, "amount"), number("800"));
}

#[test]
fn what_is_sent_with_a_link_is_not_overwritten_by_it() {
    let form = publish(&[product(), order()]).unwrap();
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    let sent = json!({"lines": [{"product": id(77).to_string(), "qty": 2, "unit_price": "450"}, {"product": id(77).to_string()}]});
    let values =
        read_fields(&form, sent.as_object().unwrap(), &Values::new(), &ReadPolicy::unrestricted()).unwrap();
    let mut draft = Draft::new_with(form, context(), linked);
    draft.apply(values);
    assert_eq!(cell(&draft, 0, "unit_price"), number("450"));
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
    assert_eq!(get(draft.values(), "total"), &number("1368"));
    let faults = draft.faults(&|_| true);
    assert_eq!((faults[0].code.as_ref(), faults[0].path.as_str()), ("validation", "total"));
}

#[test]
fn a_link_that_is_found_later_leaves_what_was_entered_beside_it() {
    let form = publish(&[product(), order()]).unwrap();
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    let mut draft = Draft::new_with(form, context(), linked);
    draft.add_row("lines");
    draft.add_row("lines");
    draft.set("lines.0.unit_price", number("450"));
    draft.set_beside("lines.0.product", Value::Ref(id(77)));
    draft.set_beside("lines.1.product", Value::Ref(id(77)));
    assert_eq!(cell(&draft, 0, "unit_price"), number("450"));
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
}

#[test]
fn a_row_that_was_taken_out_comes_back_as_it_was() {
    let mut draft = order_draft();
    for place in ["0", "1", "2"] {
        draft.add_row("lines");
        draft.set(&format!("lines.{place}.qty"), number(place));
        draft.set(&format!("lines.{place}.unit_price"), number("10"));
    }
    let before = draft.values().clone();
    let taken = get(&before, "lines").rows()[1].clone();
    draft.remove_row("lines", 1);
    draft.insert_row("lines", 1, taken);
    assert_eq!(draft.values(), &before);
}

#[test]
fn a_row_that_is_moved_takes_its_id_and_what_was_entered_along() {
    let row = |number: i64, qty: &str| Row {
        id: Some(id(number)),
        values: Values::from([("qty".to_string(), self::number(qty))]),
    };
    let rows = vec![row(5, "1"), row(6, "2"), row(7, "3")];
    let mut draft = order_draft();
    draft.apply(Values::from([("lines".to_string(), Value::Rows(rows))]));
    draft.set("lines.0.unit_price", number("10"));
    draft.move_row("lines", 0, 2);
    let order = |draft: &Draft| -> Vec<_> {
        get(draft.values(), "lines").rows().iter().filter_map(|row| row.id).collect()
    };
    assert_eq!(order(&draft), [id(6), id(7), id(5)]);
    assert_eq!((cell(&draft, 2, "qty"), cell(&draft, 2, "unit_price")), (number("1"), number("10")));
    draft.move_row("lines", 2, 0);
    draft.move_row("lines", 0, 3);
    assert_eq!(order(&draft), [id(5), id(6), id(7)], "there is no fourth place");
}

#[test]
fn a_row_without_an_id_gets_one_and_the_others_keep_theirs() {
    let row = |id: Option<Id>| Row { id, values: Values::from([("qty".to_string(), number("1"))]) };
    let mut draft = order_draft();
    let rows = vec![row(Some(id(5))), row(None), row(None)];
    draft.apply(Values::from([("lines".to_string(), Value::Rows(rows))]));
    let mut next = 70;
    draft.name_rows(|| {
        next += 1;
        id(next)
    });
    draft.name_rows(|| unreachable!("all have one"));
    let ids: Vec<_> = get(&draft.stored_values(), "lines").rows().iter().map(|row| row.id).collect();
    assert_eq!(ids, [Some(id(5)), Some(id(71)), Some(id(72))]);
}

#[test]
fn rows_keep_their_ids_and_missing_columns_stay() {
    let form = publish(&[product(), order()]).unwrap();
    let row = |number: i64, qty: &str| Row {
        id: Some(id(number)),
        values: Values::from([
            ("qty".to_string(), self::number(qty)),
            ("unit_price".to_string(), self::number("10")),
        ]),
    };
    let stored = Values::from([("lines".to_string(), Value::Rows(vec![row(5, "1"), row(6, "2")]))]);
    let read =
        |fields: Json| read_fields(&form, fields.as_object().unwrap(), &stored, &ReadPolicy::unrestricted());
    let values = read(json!({"lines": [{"id": id(6).to_string(), "qty": "3"}, {"qty": 4}]})).unwrap().values;
    let rows = get(&values, "lines").rows();
    assert_eq!((rows[0].id, get(&rows[0].values, "unit_price")), (Some(id(6)), &number("10")));
    assert_eq!(rows[1].id, None);
    let faults = read(json!({"lines": [{"id": id(9).to_string()}], "nothing": 1, "total": "5"})).unwrap_err();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_ref()).collect();
    assert_eq!(codes, ["unknown_row", "not_writable", "unknown_field"]);
    assert_eq!(
        read(json!({"lines": [{"id": id(5).to_string(), "qty": "1.000"}, {"id": id(6).to_string()}]})),
        Ok(Sent::default())
    );
}

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
    for fields in [
        // A field that reads itself.
        json!([computed("a", "a + 1")]),
        json!([with("a", "default", json!({"formula": "IF(FALSE, a, 1)"}))]),
        // Two defaults.
        json!([
            with("a", "default", json!({"formula": "b + 1"})),
            with("b", "default", json!({"formula": "a + 1"}))
        ]),
        // A row and the total over all rows.
        json!([
            rows(json!([input("qty"), computed("part", "qty / total")])),
            computed("total", "SUM(lines.part)")
        ]),
        json!([rows(json!([computed("x", "y"), computed("y", "COUNT(lines.x)")]))]),
        // A value and who shows it.
        json!([with("a", "visible_when", shown_if("b")), computed("b", "a * 2")]),
        // A long way round.
        Json::Array((0..40).map(|n| computed(&format!("f{n}"), &format!("f{} + 1", (n + 1) % 40))).collect()),
    ] {
        let form = json!({"key": "f", "label": "f", "fields": fields});
        let faults = publish(&[form]).expect_err(&fields.to_string());
        assert!(faults.iter().any(|fault| fault.code == "cycle"), "{fields}: {faults:?}");
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
fn faults_come_in_the_order_of_the_form_whatever_was_sent_first() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "z", "label": "z", "kind": "number"},
        {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
            {"key": "y", "label": "y", "kind": "number"}, {"key": "b", "label": "b", "kind": "number"}]}},
        {"key": "a", "label": "a", "kind": "date"}]})])
    .unwrap();
    let sent = json!({"nobody": 1, "a": "x", "lines": [{"b": "x", "y": "x"}], "z": "x"});
    let refused = read_new_fields(&form, sent.as_object().unwrap(), &ReadPolicy::unrestricted()).unwrap_err();
    let places: Vec<&str> = refused.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(places, ["z", "lines.0.y", "lines.0.b", "a", "nobody"]);
}

#[test]
fn a_new_record_keeps_what_was_sent_empty_whatever_the_default() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "done", "label": "d", "kind": "switch", "default": true},
        {"key": "note", "label": "n", "kind": "text", "default": "new"}]})])
    .unwrap();
    let sent = json!({"done": null, "note": null});
    let values =
        read_new_fields(&form, sent.as_object().unwrap(), &ReadPolicy::unrestricted()).unwrap().values;
    // A switch is never empty.
    assert_eq!(get(&values, "done"), &Value::Bool(false));
    assert_eq!(values.get("note"), Some(&Value::Empty));
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

#[test]
fn the_facts_of_a_record_are_its_state_its_sums_and_who_is_in_charge() {
    let deal = json!({"key": "deal", "label": "商机", "title": "{name}", "fields": [
        {"key": "name", "label": "名称", "kind": "text"},
        {"key": "currency", "label": "币种", "kind": "select", "options": {"choices": [{"key": "CNY", "label": "CNY"}]}},
        {"key": "price", "label": "单价", "kind": "money", "options": {"scale": 6}},
        {"key": "budget", "label": "预算", "kind": "money"},
        {"key": "stage", "label": "阶段", "kind": "select",
         "options": {"choices": [{"key": "won", "label": "赢单", "color": "o6"}]}},
        {"key": "chance", "label": "概率", "kind": "percent"},
        {"key": "sum", "label": "合计", "kind": "money", "compute": {"formula": "budget * 2"}},
        {"key": "by", "label": "预计成交", "kind": "date"}]});
    let form = publish(&[deal]).unwrap();
    let facts: Vec<&str> = key_facts(&form).into_iter().map(|column| column.path.as_str()).collect();
    assert_eq!(facts, ["stage", "sum", "chance", "budget"]);
}

#[test]
fn a_title_is_made_of_fields_of_its_own_form() {
    let fields = json!([
        {"key": "qty", "label": "数量", "kind": "number"},
        {"key": "way", "label": "方式", "kind": "select", "options": {"choices": [{"key": "a", "label": "甲"}]}},
        {"key": "why", "label": "原因", "kind": "long_text"},
        {"key": "no", "label": "单号", "kind": "text"},
        {"key": "product", "label": "商品", "kind": "link", "options": {"form": "product"}}]);
    let of = |title: Option<&str>| {
        let mut order = json!({"key": "order", "label": "订单", "fields": fields});
        if let Some(title) = title {
            order["title"] = json!(title);
        }
        let form = publish(&[product(), order]).unwrap();
        title_fields(&form).into_iter().map(|column| column.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(Some("{no} {product.name}")), ["no", "product"]);
    // Without a pattern the first short text names it; a choice says little, and a long text too much.
    assert_eq!(of(None), ["no"]);
    let without_text = json!({"key": "order", "label": "订单", "fields": fields.as_array().unwrap()[..3]});
    let form = publish(&[without_text]).unwrap();
    assert_eq!(title_fields(&form).first().map(|column| column.path.as_str()), Some("way"));
}

#[test]
fn an_amount_that_must_be_entered_comes_before_what_is_derived_from_it() {
    let deal = json!({"key": "deal", "label": "deal", "fields": [
        {"key": "chance", "label": "chance", "kind": "percent"},
        {"key": "weighted", "label": "weighted", "kind": "money", "compute": {"formula": "amount * chance / 100"}},
        {"key": "rebate", "label": "rebate", "kind": "money"},
        {"key": "amount", "label": "amount", "kind": "money", "required": true}]});
    let form = publish(&[deal]).unwrap();
    let facts: Vec<&str> = key_facts(&form).into_iter().map(|column| column.path.as_str()).collect();
    assert_eq!(facts, ["amount", "chance", "weighted"]);
}

#[test]
fn a_text_that_is_told_from_all_others_or_sorted_by_its_sound_is_no_longer_than_an_index_takes() {
    let fields = json!([
        {"key": "code", "label": "code", "kind": "text", "unique": true},
        {"key": "from", "label": "from", "kind": "text"},
        {"key": "name", "label": "name", "kind": "text", "options": {"sort": "pinyin"}},
        {"key": "free", "label": "free", "kind": "text"}]);
    let form = publish(&[json!({"key": "f", "label": "f", "fields": fields, "unique": [["from"]]})]).unwrap();
    let faults = |length: usize| {
        let mut draft = Draft::new(form.clone(), context());
        for key in ["code", "from", "name", "free"] {
            draft.set(key, Value::text("长".repeat(length)));
        }
        let faults = draft.faults(&|_| true);
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(faults(500), [""; 0]);
    assert_eq!(faults(501), ["code: too_long", "from: too_long", "name: too_long"]);
}

#[test]
fn texts_that_are_told_from_others_together_share_their_length() {
    let text = |key: &str| json!({"key": key, "label": key, "kind": "text"});
    let fields = json!([text("from"), text("to"), {"key": "no", "label": "no", "kind": "number"}]);
    let unique = json!([["from", "to", "no"]]);
    let form = publish(&[json!({"key": "f", "label": "f", "fields": fields, "unique": unique})]).unwrap();
    let faults = |length: usize| {
        let mut draft = Draft::new(form.clone(), context());
        for key in ["from", "to"] {
            draft.set(key, Value::text("长".repeat(length)));
        }
        let faults = draft.faults(&|_| true);
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(faults(325), [""; 0]);
    assert_eq!(faults(326), ["from: too_long", "to: too_long"]);
}
