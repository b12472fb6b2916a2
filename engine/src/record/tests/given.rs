//! What somebody gave beside a link or a default is theirs, and what a record held comes back as it was.

use super::*;

/// Two products, and a sale that one of them fills.
fn sale() -> (Arc<Form>, Linked) {
    let sale = json!({"key": "sale", "label": "销售", "fields": [
        {"key": "product", "label": "商品", "kind": "link",
         "options": {"form": "product", "fill": [{"from": "list_price", "to": "price"}]}},
        {"key": "price", "label": "单价", "kind": "money"},
        {"key": "note", "label": "备注", "kind": "text", "default": "new"},
        {"key": "free", "label": "自由", "kind": "text"},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "product", "label": "商品", "kind": "link",
             "options": {"form": "product", "fill": [{"from": "list_price", "to": "price"}]}},
            {"key": "price", "label": "单价", "kind": "money"},
            {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 0}, "default": 1}]}}]});
    let mut linked = Linked::default();
    for (product, price) in [(7, "5"), (8, "9")] {
        linked.insert(id(1), id(product), Values::from([("list_price".to_string(), number(price))]));
    }
    (publish(&[product(), sale]).unwrap(), linked)
}

/// A sale of the first product at a price of its own, 4, with a line of the same.
fn stored_sale() -> Values {
    let own = || [("product".to_string(), Value::Ref(id(7))), ("price".to_string(), number("4.00"))];
    let row = Row { id: Some(id(50)), values: Values::from(own()) };
    let mut stored = Values::from(own());
    stored.insert("lines".to_string(), Value::Rows(vec![row]));
    stored
}

fn sent_to(form: &Form, fields: Json, stored: &Values) -> Sent {
    read_fields(form, fields.as_object().unwrap(), stored, &ReadPolicy::unrestricted()).unwrap()
}

#[test]
fn what_is_sent_as_it_is_stored_is_not_filled_either() {
    let (form, linked) = sale();
    let stored = stored_sale();
    let other = id(8).to_string();
    for knows in [true, false] {
        let price = |fields: Json| {
            let known = if knows { linked.clone() } else { Linked::default() };
            let mut draft = Draft::edit(form.clone(), context(), known, stored.clone(), Values::new());
            draft.apply(sent_to(&form, fields, &stored));
            draft.learn(linked.clone());
            let rows = get(draft.values(), "lines").rows();
            (get(draft.values(), "price").clone(), get(&rows[0].values, "price").clone())
        };
        assert_eq!(price(json!({"product": other, "price": "4"})).0, number("4.00"));
        assert_eq!(price(json!({"product": other})).0, number("9.00"));
        let line = |price: Json| {
            let mut row = json!({"id": id(50).to_string(), "product": other});
            row.as_object_mut().unwrap().extend(price.as_object().unwrap().clone());
            json!({"lines": [row]})
        };
        assert_eq!(price(line(json!({"price": 4}))).1, number("4.00"));
        assert_eq!(price(line(json!({}))).1, number("9.00"));
        // A link that is sent as it is fills nothing anew.
        let own = id(7).to_string();
        assert_eq!(price(json!({"product": own, "free": "x"})).0, number("4.00"));
        assert_eq!(
            price(json!({"lines": [{"id": id(50).to_string(), "product": own, "qty": 3}]})).1,
            number("4.00")
        );
    }
}

#[test]
fn only_what_something_else_fills_is_told_beside_the_changes() {
    let (form, _) = sale();
    let stored = stored_sale();
    let sent = sent_to(
        &form,
        json!({"price": "4", "note": null, "free": null, "product": id(7).to_string()}),
        &stored,
    );
    assert!(sent.values.is_empty(), "nothing is another value");
    assert_eq!(sent.confirmed.iter().collect::<Vec<_>>(), ["note", "price"]);
    let row = json!({"lines": [{"id": id(50).to_string()}, {"price": null, "qty": null, "product": null}]});
    let sent = sent_to(&form, row, &stored);
    assert_eq!(sent.confirmed.iter().collect::<Vec<_>>(), ["lines.1.price", "lines.1.qty"]);
    // What its writer may not set is not theirs to say.
    let policy = ReadPolicy { writable: &|path| path != "price", ..ReadPolicy::unrestricted() };
    let fields = json!({"price": "4"});
    let sent = read_fields(&form, fields.as_object().unwrap(), &stored, &policy).unwrap();
    assert_eq!(sent, Sent::default());
}

#[test]
fn a_cell_of_a_new_row_that_is_sent_empty_stays_empty() {
    let (form, linked) = sale();
    let sent = json!({"lines": [
        {"product": id(8).to_string(), "price": null, "qty": null}, {"product": id(8).to_string()}]});
    let sent = read_new_fields(&form, sent.as_object().unwrap(), &ReadPolicy::unrestricted()).unwrap();
    let mut draft = Draft::new(form, context());
    draft.apply(sent);
    draft.learn(linked);
    assert_eq!((cell(&draft, 0, "price"), cell(&draft, 0, "qty")), (Value::Empty, Value::Empty));
    assert_eq!((cell(&draft, 1, "price"), cell(&draft, 1, "qty")), (number("9.00"), number("1")));
}

#[test]
fn what_a_record_held_comes_back_whatever_links_fill() {
    let (form, linked) = sale();
    let former = stored_sale();
    let mut now = former.clone();
    now.insert("product".to_string(), Value::Ref(id(8)));
    let row = |values: &Values| get(values, "lines").rows()[0].clone();
    let mut line = row(&former);
    line.values.insert("product".to_string(), Value::Ref(id(8)));
    now.insert("lines".to_string(), Value::Rows(vec![line]));
    let mut draft = Draft::edit(form, context(), Linked::default(), now, Values::new());
    draft.restore(former.clone());
    draft.learn(linked);
    assert_eq!(draft.stored_values(), former);
}

#[test]
fn what_is_kept_while_it_is_hidden_comes_back_as_it_was() {
    let form = json!({"key": "f", "label": "f", "fields": [
        {"key": "on", "label": "on", "kind": "switch"},
        {"key": "kept", "label": "kept", "kind": "text", "when_hidden": "keep",
         "visible_when": {"field": "on", "op": "eq", "value": true}},
        {"key": "cleared", "label": "cleared", "kind": "text",
         "visible_when": {"field": "on", "op": "eq", "value": true}}]});
    let held = |on: bool, kept: &str| {
        Values::from([("on".to_string(), Value::Bool(on)), ("kept".to_string(), Value::text(kept))])
    };
    let form = publish(&[form]).unwrap();
    let mut draft = Draft::edit(form, context(), Linked::default(), held(true, "new"), Values::new());
    draft.restore(held(false, "old"));
    assert!(draft.is_hidden("kept"));
    assert_eq!(draft.stored_values(), held(false, "old"));
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
