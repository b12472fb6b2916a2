//! What a view may name, and what is left of it for whom.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::condition::Reach;
use crate::form::{Catalogue, Form, FormDocument, Sketch, Uses};
use crate::value::Id;

struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

fn form_without(left_out: &str) -> Form {
    let stages = json!([{"key": "open", "label": "Open"}, {"key": "won", "label": "Won"}]);
    let mut fields = json!([
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "stage", "label": "Stage", "kind": "select", "options": {"choices": stages}},
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "begins", "label": "Begins", "kind": "date"},
        {"key": "ends", "label": "Ends", "kind": "date"},
        {"key": "at", "label": "At", "kind": "datetime"},
        {"key": "photos", "label": "Photos", "kind": "images"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "Quantity", "kind": "number"}]}}]);
    if let Some(fields) = fields.as_array_mut() {
        fields.retain(|field| field["key"] != left_out);
    }
    let document: FormDocument =
        serde_json::from_value(json!({"key": "deal", "label": "Deal", "fields": fields})).unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    Form::publish(Arc::new(sketch), 1, &Alone).unwrap()
}

fn form() -> Form {
    form_without("")
}

fn view(members: Json) -> ViewDocument {
    let mut document = json!({"key": "v", "label": "V"});
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

fn found(members: Json, form: &Form, closed: &str) -> Vec<(String, String)> {
    let may_see = |reach: &Reach| reach.own_path() != closed;
    let sees = Sees { form, catalogue: &Alone, may_see: &may_see };
    let faults = view(members).check(&sees);
    faults.into_iter().map(|fault| (fault.path, fault.code.to_string())).collect()
}

fn fitted(members: Json, form: &Form, closed: &str) -> Fitted {
    let may_see = |reach: &Reach| reach.own_path() != closed;
    view(members).fitted(&Sees { form, catalogue: &Alone, may_see: &may_see })
}

#[test]
fn a_document_is_read_and_written_as_it_is() {
    let document = json!({
        "key": "mine", "label": {"en": "Mine"}, "kind": "kanban",
        "columns": [{"field": "name", "width": 200, "frozen": true}, {"field": "amount"}],
        "filter": {"all": [{"field": "$owner", "op": "eq", "value": {"var": "me"}}]},
        "sort": [{"field": "amount", "desc": true}], "group": ["stage", {"field": "begins", "unit": "month"}],
        "sums": {"amount": "avg"}, "row_height": "compact", "scope": "shared", "options": {"by": "stage"}});
    let read: ViewDocument = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
    let least: ViewDocument = serde_json::from_value(json!({"key": "v", "label": "V"})).unwrap();
    assert_eq!((least.kind, least.scope), (ViewKind::Table, ViewScope::Own));
    let unknown = serde_json::from_value::<ViewDocument>(json!({"key": "v", "label": "V", "color": "red"}));
    assert!(unknown.is_err());
}

#[test]
fn every_kind_is_arranged_by_what_it_needs() {
    let form = form();
    let says = |members: Json, path: &str, code: &str| {
        let found = found(members.clone(), &form, "");
        assert_eq!(found, [(path.to_string(), code.to_string())], "{members}");
    };
    for right in [
        json!({}),
        json!({"kind": "gallery"}),
        json!({"kind": "gallery", "options": {"cover": "photos"}}),
        json!({"kind": "kanban", "options": {"by": "stage"}}),
        json!({"kind": "kanban", "options": {"by": "$owner"}}),
        json!({"kind": "calendar", "options": {"start": "at", "scale": "week"}}),
        json!({"kind": "gantt", "options": {"start": "begins", "end": "ends"}}),
        json!({"group": [{"field": "begins", "unit": "month"}], "sort": [{"field": "$created_at"}]}),
    ] {
        assert!(found(right.clone(), &form, "").is_empty(), "{right}");
    }
    says(json!({"kind": "kanban"}), "/options/by", "required");
    says(json!({"kind": "kanban", "options": {"by": "amount"}}), "/options/by", "not_for_view");
    says(json!({"kind": "calendar", "options": {"start": "name"}}), "/options/start", "not_for_view");
    says(json!({"kind": "gantt", "options": {"start": "begins"}}), "/options/end", "required");
    says(
        json!({"kind": "gantt", "options": {"start": "begins", "end": "at"}}),
        "/options/end",
        "not_for_view",
    );
    says(json!({"kind": "gallery", "options": {"cover": "name"}}), "/options/cover", "not_for_view");
}

#[test]
fn every_fault_has_its_place() {
    let form = form();
    let members = json!({
        "key": "Not a key", "label": " ",
        "columns": [{"field": "name", "width": 5}, {"field": "name"}, {"field": "gone"}, {"field": "lines"}],
        "filter": {"field": "amount", "op": "contains", "value": "x"}, "sort": [{"field": "lines.qty"}],
        "group": ["stage", "name"], "sums": {"name": "sum"}});
    let found = found(members, &form, "");
    let places: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        places,
        [
            "/key",
            "/label",
            "/group",
            "/columns/0/width",
            "/columns/1/field",
            "/columns/2/field",
            "/columns/3/field",
            "/sort/0/field",
            "/sums/name",
            "/filter"
        ]
    );
}

/// What somebody may not see is for them as what was never there.
#[test]
fn a_field_that_is_hidden_or_gone_leaves_the_view_without_a_trace() {
    let members = json!({
        "columns": [{"field": "name"}, {"field": "amount", "width": 90}], "sort": [{"field": "amount"}, {"field": "name"}],
        "group": ["amount"], "sums": {"amount": "sum"}});
    let wanted = view(json!({"columns": [{"field": "name"}], "sort": [{"field": "name"}]}));
    for (form, closed) in [(form(), "amount"), (form_without("amount"), "")] {
        assert_eq!(
            fitted(members.clone(), &form, closed),
            Fitted { document: wanted.clone(), faults: vec![] }
        );
        let filter = json!({"all": [{"field": "amount", "op": "gt", "value": 1234}, {"field": "name", "op": "not_empty"}]});
        let left = fitted(json!({"filter": filter}), &form, closed);
        assert_eq!((left.document.filter, left.faults.len()), (None, 1));
        let told = serde_json::to_string(&left.faults).unwrap();
        assert!(
            told.contains("view_out_of_reach") && !told.contains("amount") && !told.contains("1234"),
            "{told}"
        );
    }
    let board = json!({"kind": "kanban", "options": {"by": "stage"}});
    for (form, closed) in [(form(), "stage"), (form_without("stage"), "")] {
        let left = fitted(board.clone(), &form, closed);
        assert_eq!((left.document.options.by, left.faults.len()), (None, 1));
        assert!(!found(board.clone(), &form, closed).is_empty());
    }
    let bars = json!({"kind": "gantt", "options": {"start": "begins", "end": "ends"}});
    assert_eq!(fitted(bars.clone(), &form(), "ends").faults.len(), 1);
    assert_eq!(fitted(bars, &form(), "").faults, vec![]);
    let cards = fitted(json!({"kind": "gallery", "options": {"cover": "photos"}}), &form(), "photos");
    assert_eq!((cards.document.options.cover, cards.faults), (None, vec![]));
}

#[test]
fn what_a_view_names_it_uses() {
    let form = form();
    let test = json!({"field": "amount", "op": "not_empty"});
    for members in [
        json!({"columns": [{"field": "amount"}]}),
        json!({"sort": [{"field": "amount"}]}),
        json!({"group": ["amount"]}),
        json!({"sums": {"amount": "max"}}),
        json!({"filter": {"not": test}}),
        json!({"options": {"by": "amount"}}),
    ] {
        let uses = |path| view(members.clone()).uses(&Uses::new(&form.sketch, &Alone, (form.id(), path)));
        assert!(uses("amount") && !uses("name"), "{members}");
    }
}
