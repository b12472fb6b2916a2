use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::form::{Catalogue, FormDocument, Sketch};
use crate::text::Faults;
use crate::value::Id;

/// A form that links to itself.
struct Itself(Arc<Sketch>);

impl Catalogue for Itself {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        Some(self.0.clone())
    }
}

fn form() -> Arc<Form> {
    let document: FormDocument = serde_json::from_value(json!({
        "format": 1, "key": "order", "label": "Order", "fields": [
            {"key": "code", "label": "Code", "kind": "text", "unique": true},
            {"key": "name", "label": "Name", "kind": "text", "required": true},
            {"key": "amount", "label": "Amount", "kind": "number"},
            {"key": "state", "label": "State", "kind": "text", "required": true, "default": "new"},
            {"key": "paper", "label": "Paper", "kind": "files"},
            {"key": "number", "label": "Number", "kind": "serial", "options": {"parts": [{"counter": {"width": 4}}]}},
            {"key": "after", "label": "After", "kind": "link", "options": {"form": "order"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "sku", "label": "SKU", "kind": "text", "required": true},
                {"key": "qty", "label": "Quantity", "kind": "number"}]}}]}))
    .unwrap();
    let sketch = Arc::new(Sketch { id: Id::from_i64(7).unwrap(), app: "shop".into(), document });
    Arc::new(Form::publish(sketch.clone(), 1, &Itself(sketch)).unwrap())
}

fn hook(document: Json) -> HookDocument {
    serde_json::from_value(document).unwrap()
}

fn told(faults: &Faults) -> Vec<String> {
    faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

fn checked(document: Json) -> Vec<String> {
    let form = form();
    told(&hook(document).check(&form, &|_| Some(form.clone())))
}

#[test]
fn what_a_hook_names_is_there_and_can_be_filled_in() {
    let right = json!({"mode": "upsert", "key": "code", "map": [
        {"from": "/id", "to": "code"}, {"from": "/who", "to": "name"}, {"from": "/before", "to": "after", "by": "code"},
        {"from": "/items", "to": "lines"}, {"from": "/sku", "to": "lines.sku"}]});
    assert_eq!(checked(right), [""; 0]);
    assert_eq!(checked(json!({"map": []})), ["map required"]);
    for (to, code) in [("gone", "unknown_field"), ("paper", "not_mappable"), ("number", "not_mappable")] {
        assert_eq!(checked(json!({"map": [{"from": "/a", "to": to}]})), [format!("map.0.to {code}")]);
    }
    for from in ["id", "/a~2", "$.id"] {
        assert_eq!(checked(json!({"map": [{"from": from, "to": "name"}]})), ["map.0.from bad_pointer"]);
    }
    let twice = json!({"map": [{"from": "/a", "to": "name"}, {"from": "/b", "to": "name"}]});
    assert_eq!(checked(twice), ["map.1.to named_twice"]);
    assert_eq!(checked(json!({"map": [{"from": "/a", "to": "lines"}]})), ["map.0.to columns_not_mapped"]);
    assert_eq!(checked(json!({"map": [{"from": "/a", "to": "lines.sku"}]})), ["map.0.to subform_not_mapped"]);
    let by = |to: &str, by: &str| checked(json!({"map": [{"from": "/a", "to": to, "by": by}]}));
    assert_eq!(by("name", "code"), ["map.0.by shows_no_records"]);
    assert_eq!(by("after", "name"), ["map.0.by key_not_unique"]);
    assert_eq!(by("after", "gone"), ["map.0.by unknown_field"]);
}

#[test]
fn a_key_is_different_in_all_records_and_always_comes() {
    let with = |mode: &str, key: Json, map: Json| checked(json!({"mode": mode, "key": key, "map": map}));
    let code = json!([{"from": "/id", "to": "code"}]);
    assert_eq!(with("update", json!("code"), code.clone()), [""; 0]);
    assert_eq!(with("update", Json::Null, code.clone()), ["key required"]);
    assert_eq!(with("create", json!("code"), code.clone()), ["key key_without_update"]);
    assert_eq!(with("upsert", json!("gone"), code.clone()), ["key unknown_field"]);
    assert_eq!(with("upsert", json!("name"), json!([{"from": "/n", "to": "name"}])), ["key key_not_unique"]);
    assert_eq!(with("upsert", json!("code"), json!([{"from": "/n", "to": "name"}])), ["key key_not_mapped"]);
    let absent = json!([{"from": "/id", "to": "code", "optional": true}]);
    assert_eq!(with("upsert", json!("code"), absent), ["key key_not_mapped"]);
}

#[test]
fn t64_a_hook_opens_the_fields_that_it_names_and_nothing_else() {
    let form = form();
    let rights = |mode: &str| {
        let key = (mode != "create").then_some("code");
        hook(
            json!({"mode": mode, "key": key, "map": [{"from": "/id", "to": "code"}, {"from": "/items", "to": "lines"},
            {"from": "/sku", "to": "lines.sku"}]}),
        )
    };
    let all = rights("create").rights(&form);
    let right = |path: &str| all.get(path).copied();
    assert_eq!((right("code"), right("lines.sku")), (Some(FieldRight::Edit), Some(FieldRight::Edit)));
    assert_eq!((right("lines.qty"), right("name")), (Some(FieldRight::None), None));
    assert_eq!(rights("create").operations(), [Operation::Create]);
    assert_eq!(rights("update").operations(), [Operation::View, Operation::Edit]);
    assert_eq!(rights("upsert").operations(), [Operation::Create, Operation::View, Operation::Edit]);
    assert_eq!(rights("create").unfilled(&form), ["name"]);
    assert_eq!(rights("update").unfilled(&form), [""; 0]);
}

#[test]
fn members_go_into_fields_and_what_is_missing_is_told_by_its_pointer() {
    let form = form();
    let hook =
        hook(json!({"map": [{"from": "/order/id", "to": "code"}, {"from": "/order/total", "to": "amount"},
        {"from": "/note", "to": "name", "optional": true}, {"from": "/items", "to": "lines"},
        {"from": "/part~1no", "to": "lines.sku"}, {"from": "/n", "to": "lines.qty", "optional": true}]}));
    let read = |message: Json| hook.read(&form, &message).map(Json::Object).map_err(|faults| told(&faults));
    let message = json!({"order": {"id": 1042, "total": "12.50", "more": true},
        "items": [{"part/no": "A", "n": 2}, {"part/no": "B"}]});
    assert_eq!(
        read(message),
        Ok(json!({"code": "1042", "amount": "12.50", "lines": [{"sku": "A", "qty": 2}, {"sku": "B"}]}))
    );
    // What is said to be empty is emptied; what is absent is left alone.
    let emptied = json!({"order": {"id": "A", "total": null}, "note": null, "items": null});
    assert_eq!(read(emptied), Ok(json!({"code": "A", "amount": null, "name": null, "lines": null})));
    let missing = json!({"order": {"id": "A"}, "items": [{"part/no": "A"}, {}]});
    assert_eq!(
        read(missing),
        Err(vec!["/order/total member_missing".into(), "/items/1/part~1no member_missing".into()])
    );
    let no_list = json!({"order": {"id": "A", "total": 1}, "items": {"part/no": "A"}});
    assert_eq!(read(no_list), Err(vec!["/items not_rows".into()]));
}

#[test]
fn a_fault_of_a_field_is_told_where_it_came_from() {
    let hook = hook(json!({"map": [{"from": "/order/id", "to": "code"}, {"from": "/items", "to": "lines"},
        {"from": "/part", "to": "lines.sku"}]}));
    let pointer = |path: &str| hook.pointer(path).unwrap_or_else(|| "none".into());
    assert_eq!(pointer("code"), "/order/id");
    assert_eq!(pointer("code.part"), "/order/id");
    assert_eq!(pointer("lines"), "/items");
    assert_eq!(pointer("lines.3"), "/items/3");
    assert_eq!(pointer("lines.3.sku"), "/items/3/part");
    assert_eq!(pointer("lines.3.qty"), "/items/3");
    assert_eq!(pointer("name"), "none");
}

#[test]
fn t64_a_hook_names_so_much_and_takes_so_many_rows_and_no_more() {
    let is_too_many = |lines: usize| {
        let map: Vec<Json> = (0..lines).map(|_| json!({"from": "/a", "to": "name"})).collect();
        checked(json!({"map": map})).contains(&"map too_many".to_string())
    };
    assert_eq!((is_too_many(200), is_too_many(201)), (false, true));
    let pointer = |letters: usize| {
        checked(json!({"map": [{"from": format!("/{}", "a".repeat(letters - 1)), "to": "name"}]}))
    };
    assert_eq!(pointer(300), [""; 0]);
    assert_eq!(pointer(301), ["map.0.from bad_pointer"]);
    let form = form();
    let map = json!({"map": [{"from": "/items", "to": "lines"}, {"from": "/sku", "to": "lines.sku"}]});
    let read = |rows: usize| {
        let rows: Vec<Json> = (0..rows).map(|n| json!({"sku": format!("S{n}")})).collect();
        hook(map.clone()).read(&form, &json!({"items": rows}))
    };
    assert_eq!(read(1_000).unwrap()["lines"].as_array().unwrap().len(), 1_000);
    assert_eq!(told(&read(1_001).unwrap_err()), ["/items too_many"]);
}
