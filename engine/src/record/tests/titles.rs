//! What a record is called, and what of it is told first.

use super::*;

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
fn beside_an_approval_its_state_is_not_told_again_and_leaves_room() {
    let states = json!({"choices": [{"key": "draft", "label": "draft", "color": "o1"}]});
    let computed = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "select", "options": states, "compute": {"formula": formula}});
    let quote = |state: Json| {
        json!({"key": "quote", "label": "quote", "title": "{no}", "fields": [
            {"key": "no", "label": "no", "kind": "text"}, state,
            {"key": "total", "label": "total", "kind": "money"},
            {"key": "in_base", "label": "base", "kind": "money"},
            {"key": "margin", "label": "margin", "kind": "percent"},
            {"key": "off", "label": "off", "kind": "percent"}]})
    };
    let facts = |state: Json| {
        let form = publish(&[quote(state)]).unwrap();
        let own = |columns: Vec<&crate::form::Column>| {
            columns.into_iter().map(|column| column.path.clone()).collect::<Vec<_>>()
        };
        (own(key_facts(&form)), own(key_facts_beside_approval(&form)))
    };
    let (all, beside) = facts(computed("state", "IFEMPTY($flow_state, \"draft\")"));
    assert_eq!(all, ["state", "total", "margin", "in_base"]);
    assert_eq!(beside, ["total", "margin", "in_base", "off"]);
    // What says more than that stays.
    let (all, beside) = facts(computed("state", "IF(ISEMPTY(no), $flow_state, \"draft\")"));
    assert_eq!((all[0].as_str(), &all), ("state", &beside));
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
