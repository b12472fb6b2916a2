//! Defaults that other forms give, and what several links fill.

use super::*;
use crate::condition::CheckedOperand;

fn customer() -> Json {
    json!({"key": "customer", "label": "客户", "fields": [
        {"key": "name", "label": "名称", "kind": "text"},
        {"key": "tier", "label": "等级", "kind": "text"},
        {"key": "tags", "label": "标签", "kind": "multi_select", "options": {"choices": [
            {"key": "a", "label": "A"}, {"key": "b", "label": "B"}, {"key": "c", "label": "C"}]}},
        {"key": "owner", "label": "负责人", "kind": "member"}]})
}

fn alike(there: &str, here: &str) -> Json {
    json!({"field": there, "op": "eq", "value": {"field": here}})
}

fn sale() -> Json {
    let linkage = |field: &str| json!({"linkage": {"form": "customer", "filter": alike("name", "buyer"), "field": field}});
    json!({"key": "sale", "label": "销售", "fields": [
        {"key": "buyer", "label": "买方", "kind": "text"},
        {"key": "tier", "label": "等级", "kind": "text", "default": linkage("tier")},
        {"key": "shout", "label": "大写", "kind": "text", "compute": {"formula": "UPPER(tier)"}},
        {"key": "owners", "label": "负责人", "kind": "members", "default": linkage("owner")},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "sku", "label": "品号", "kind": "text"},
            {"key": "price", "label": "价", "kind": "number", "default": {"linkage": {
                "form": "product", "filter": alike("name", "sku"), "field": "list_price"}}},
            {"key": "qty", "label": "量", "kind": "number", "options": {"scale": 0}, "default": 1},
            {"key": "amount", "label": "额", "kind": "number", "compute": {"formula": "qty * price"}}]},
         "default": {"linkage": {"form": "kit", "filter": alike("buyer", "buyer"), "take": "all",
            "columns": [{"from": "parts.sku", "to": "sku"}, {"from": "parts.qty", "to": "qty"}]}}},
        {"key": "total", "label": "合计", "kind": "number", "compute": {"formula": "SUM(lines.amount)"}}]})
}

fn kit() -> Json {
    json!({"key": "kit", "label": "套件", "fields": [
        {"key": "buyer", "label": "买方", "kind": "text"},
        {"key": "parts", "label": "件", "kind": "subform", "options": {"fields": [
            {"key": "sku", "label": "品号", "kind": "text"},
            {"key": "qty", "label": "量", "kind": "number", "options": {"scale": 0}}]}}]})
}

fn sale_draft() -> Draft {
    Draft::new(publish(&[product(), customer(), kit(), sale()]).unwrap(), context())
}

/// The paths that are asked for.
fn asked(draft: &Draft) -> Vec<String> {
    draft.open_questions().into_iter().map(|question| question.path).collect()
}

/// Answers what is asked for at a path.
fn answer(draft: &mut Draft, path: &str, value: Value) {
    let open = draft.open_questions();
    let question = open.into_iter().find(|question| question.path == path).expect("it is asked for");
    draft.answer_questions([(question.key, value)]);
}

#[test]
fn a_default_is_asked_for_with_the_values_of_its_record_and_computed_with() {
    let mut draft = sale_draft();
    assert_eq!(asked(&draft), [""; 0], "nobody is meant while the condition compares with nothing");
    draft.set("buyer", Value::text("Ann"));
    assert_eq!(asked(&draft), ["lines", "owners", "tier"]);
    let question = draft.open_questions().pop().unwrap();
    let operands: Vec<&CheckedOperand> = question.filter.tests().iter().map(|test| &test.operand).collect();
    assert_eq!(operands, [&CheckedOperand::Value(Value::text("Ann"))]);
    answer(&mut draft, "tier", Value::text("gold"));
    answer(&mut draft, "owners", Value::Ref(id(9)));
    assert_eq!(get(draft.values(), "shout"), &Value::text("GOLD"));
    assert_eq!(get(draft.values(), "owners"), &Value::List(vec![Value::Ref(id(9))]), "one is a list of one");
    // Another buyer, another question; what was answered once is known.
    draft.set("buyer", Value::text("Bob"));
    assert_eq!(get(draft.values(), "tier"), &Value::text("gold"), "until it is answered");
    answer(&mut draft, "tier", Value::Empty);
    assert_eq!(get(draft.values(), "tier"), &Value::Empty);
    draft.set("buyer", Value::text("Ann"));
    assert_eq!(get(draft.values(), "shout"), &Value::text("GOLD"));
    // What somebody enters is theirs.
    draft.set("tier", Value::text("iron"));
    draft.set("buyer", Value::text("Cid"));
    assert!(!asked(&draft).contains(&"tier".to_string()));
    assert_eq!(get(draft.values(), "tier"), &Value::text("iron"));
    draft.set("buyer", Value::Empty);
    assert_eq!(get(draft.values(), "owners"), &Value::Empty, "nobody is meant any more");
}

#[test]
fn a_stored_record_asks_for_its_new_rows_alone_and_each_question_once() {
    let form = publish(&[product(), customer(), kit(), sale()]).unwrap();
    let row = Row { id: Some(id(5)), values: [("sku".to_string(), Value::text("desk"))].into() };
    let stored = Values::from([
        ("buyer".to_string(), Value::text("Ann")),
        ("lines".to_string(), Value::Rows(vec![row])),
    ]);
    let mut draft = Draft::edit(form, context(), Linked::default(), stored, Values::new());
    assert_eq!(asked(&draft), [""; 0]);
    for _ in 0..2 {
        let place = draft.add_row("lines");
        draft.set(&format!("lines.{place}.sku"), Value::text("lamp"));
    }
    assert_eq!(asked(&draft), ["lines.price"]);
    answer(&mut draft, "lines.price", number("12.5"));
    let prices: Vec<Value> = (0..3).map(|row| cell(&draft, row, "price")).collect();
    assert_eq!(prices, [Value::Empty, number("12.5"), number("12.5")]);
    assert_eq!(get(draft.values(), "total"), &number("25"));
}

#[test]
fn rows_come_from_another_form_until_somebody_touches_them() {
    let mut draft = sale_draft();
    draft.set("buyer", Value::text("Ann"));
    let row = |sku: &str, qty: &str| Row {
        id: Some(id(3)),
        values: [("sku".to_string(), Value::text(sku)), ("qty".to_string(), number(qty))].into(),
    };
    answer(&mut draft, "lines", Value::Rows(vec![row("desk", "2"), row("lamp", "4")]));
    let rows = get(draft.values(), "lines").rows();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.id.is_none()), "they are rows of this record");
    assert_eq!(cell(&draft, 1, "qty"), number("4"), "and not the column's default");
    // What their cells ask for is asked, and computed with.
    let keys: Vec<String> = draft.open_questions().into_iter().map(|question| question.key).collect();
    let prices = keys.into_iter().filter(|key| key.starts_with("lines.price")).map(|key| (key, number("10")));
    draft.answer_questions(prices.collect::<Vec<_>>());
    assert_eq!(get(draft.values(), "total"), &number("60"));
    // Other rows for another buyer, as long as nobody has changed any.
    draft.set("buyer", Value::text("Bob"));
    answer(&mut draft, "lines", Value::Rows(vec![row("desk", "1")]));
    assert_eq!(get(draft.values(), "total"), &number("10"));
    draft.add_row("lines");
    assert_eq!((cell(&draft, 0, "qty"), cell(&draft, 1, "qty")), (number("1"), number("1")));
    draft.set("buyer", Value::text("Ann"));
    assert_eq!(get(draft.values(), "lines").rows().len(), 2, "they are somebody's own now");
    assert_eq!(cell(&draft, 0, "sku"), Value::text("desk"));
}

#[test]
fn what_several_links_fill_is_what_all_of_them_hold_each_once() {
    let deal = json!({"key": "deal", "label": "商机", "fields": [
        {"key": "partners", "label": "伙伴", "kind": "links", "options": {"form": "customer",
            "fill": [{"from": "tags", "to": "tags"}, {"from": "owner", "to": "team"}]}},
        {"key": "tags", "label": "标签", "kind": "multi_select", "options": {"choices": [
            {"key": "a", "label": "A"}, {"key": "b", "label": "B"}, {"key": "c", "label": "C"}]}},
        {"key": "team", "label": "组", "kind": "members"}]});
    let form = publish(&[customer(), deal]).unwrap();
    let list = |items: &[Value]| Value::List(items.to_vec());
    let tags = |keys: &[&str]| list(&keys.iter().map(|key| Value::text(*key)).collect::<Vec<_>>());
    let both = list(&[Value::Ref(id(7)), Value::Ref(id(8))]);
    let mut draft = Draft::new(form.clone(), context());
    draft.set("partners", both.clone());
    let values = Values::from([("partners".to_string(), both)]);
    assert_eq!(missing_links(&form, &values, &Linked::default()).len(), 2);
    assert_eq!(get(draft.values(), "tags"), &Value::Empty, "nothing is known of them");
    let mut linked = Linked::default();
    let one = [("tags".to_string(), tags(&["a", "b"])), ("owner".to_string(), Value::Ref(id(1)))];
    let other = [("tags".to_string(), tags(&["b", "c"])), ("owner".to_string(), Value::Ref(id(1)))];
    linked.insert(id(1), id(7), one.into());
    linked.insert(id(1), id(8), other.into());
    draft.learn(linked);
    assert_eq!(get(draft.values(), "tags"), &tags(&["a", "b", "c"]));
    assert_eq!(get(draft.values(), "team"), &list(&[Value::Ref(id(1))]));
    draft.set("partners", Value::Empty);
    assert_eq!(get(draft.values(), "tags"), &Value::Empty);
}

#[test]
fn new_records_begin_with_who_makes_them_and_their_departments() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "who", "label": "w", "kind": "members", "options": {"default_me": true}},
        {"key": "dept", "label": "d", "kind": "department", "options": {"default_me": true}},
        {"key": "units", "label": "u", "kind": "departments", "options": {"default_me": true}},
        {"key": "hint", "label": "h", "kind": "note", "options": {"text": "x"}}]})])
    .unwrap();
    let mut of_ann = context();
    (of_ann.user, of_ann.own_departments) = (Some(id(1)), vec![id(2), id(3)]);
    let draft = Draft::new(form.clone(), of_ann);
    let json = values_to_json(&form, draft.values(), &|_| true);
    let id = |number: i64| id(number).to_string();
    assert_eq!(json!(json), json!({"who": [id(1)], "dept": id(2), "units": [id(2), id(3)]}));
    let nobody = Draft::new(form, context());
    assert!(nobody.values().is_empty());
}
