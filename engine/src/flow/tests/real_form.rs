//! Flows on a published form and its records, through the form's own conditions, formulas and values.

use std::sync::Arc;

use super::*;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::record::{Draft, ReadPolicy, read_fields};
use crate::value::{Row, Values};

pub(super) struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

fn form() -> Arc<Form> {
    publish_form(json!([
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "total", "label": "Total", "kind": "number", "compute": {"formula": "amount * 2"}},
        {"key": "why", "label": "Why", "kind": "text", "required": true},
        {"key": "inspector", "label": "Inspector", "kind": "member"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "Quantity", "kind": "number"},
            {"key": "checker", "label": "Checker", "kind": "member"}]}}]))
}

/// A form with these fields, alone in its app.
pub(super) fn publish_form(fields: Json) -> Arc<Form> {
    let document: FormDocument =
        serde_json::from_value(json!({"key": "order", "label": "Order", "fields": fields})).unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    Arc::new(Form::publish(Arc::new(sketch), 1, &Alone).unwrap())
}

pub(super) fn moment() -> crate::context::Context {
    crate::context::Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC)
}

fn publish(steps: Json) -> Result<Flow, Vec<String>> {
    let document = FlowDocument::read(json!({"format": 1, "label": "T", "steps": steps})).unwrap();
    Flow::publish(document, &InForm { form: &form(), catalogue: &Alone }, &directory())
        .map_err(|faults| faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect())
}

/// The way of a record with this amount.
fn walk(flow: &Flow, amount: i64) -> Walk {
    let mut draft = Draft::new(form(), moment());
    draft.set("amount", Value::number(amount));
    draft.set("inspector", Value::Ref(id("eve")));
    let row = |checker| Row { id: None, values: Values::from([("checker".into(), Value::Ref(id(checker)))]) };
    draft.set("lines", Value::Rows(vec![row("fay"), row("dan")]));
    let (form, moment, source) = (form(), moment(), draft.source(None));
    let record = OnRecord { form: &form, catalogue: &Alone, source: &source, context: &moment };
    let calendar = Calendar::in_zone(TimeZone::UTC);
    let setting =
        Setting { now: Timestamp::UNIX_EPOCH, people: &directory(), record: &record, calendar: &calendar };
    simulate(flow, id("sam"), Chosen::new(), Answers::new(), &setting).unwrap()
}

/// Who is asked first for a record with this amount.
fn asked(flow: &Flow, amount: i64) -> Vec<&'static str> {
    let walk = walk(flow, amount);
    walk.stops[2..].iter().flat_map(|stop| &stop.people).map(|asked| name(asked.member)).collect()
}

#[test]
fn a_branch_reads_the_record_and_people_come_from_member_fields_and_columns() {
    let by = |field: &str| with(approve("a", &[]), json!({"who": [{"field": field}]}));
    let block = json!({"kind": "branch", "key": "size", "label": "Size", "default": {"steps": [by("inspector")]}, "arms": [
        {"key": "large", "when": {"field": "amount", "op": "gte", "value": "100"}, "steps": [with(by("lines.checker"), json!({"key": "b"}))]}]});
    let flow = publish(json!([block])).unwrap();
    assert_eq!(asked(&flow, 100), ["dan", "fay"]);
    assert_eq!(asked(&flow, 99), ["eve"]);
}

/// Two arms and a default arm, each with somebody of its own.
fn by_size() -> Flow {
    let arm =
        |key: &str, when: Json, who: &str| json!({"key": key, "when": when, "steps": [approve(key, &[who])]});
    publish(json!([{"kind": "branch", "key": "size", "label": "Size", "default": {"steps": [approve("clerk", &["eve"])]}, "arms": [
        arm("huge", json!({"field": "amount", "op": "gte", "value": "1000"}), "bob"),
        arm("large", json!({"field": "total", "op": "gte", "value": "100"}), "ann")]}]))
    .unwrap()
}

#[test]
fn a_walk_says_what_its_branches_asked_and_what_held() {
    let stops = walk(&by_size(), 60).stops;
    let branch = stops.iter().find(|stop| stop.step == "size").unwrap();
    let told: Vec<(&str, bool)> = branch.asked.iter().map(|arm| (arm.arm.as_str(), arm.holds)).collect();
    assert_eq!(told, [("huge", false), ("large", true)]);
    assert_eq!(branch.arms, ["large"]);
    assert_eq!(branch.asked[1].when, Condition::test("total", Operator::Gte, "100"));
    assert!(stops.iter().filter(|stop| stop.step != "size").all(|stop| stop.asked.is_empty()));
}

#[test]
fn what_no_record_comes_by_is_not_covered() {
    let flow = by_size();
    let mut coverage = Coverage::default();
    for amount in [5000, 2000, 7] {
        coverage.add(&walk(&flow, amount));
    }
    assert_eq!((coverage.walks, coverage.ends["approved"]), (3, 3));
    assert_eq!((coverage.steps["start"], coverage.steps["huge"], coverage.steps["clerk"]), (3, 2, 1));
    assert_eq!((coverage.arms["size"]["huge"], coverage.arms["size"]["default"]), (2, 1));
    let missed = coverage.missed(flow.document());
    assert_eq!(missed, [document::ArmName { step: "size".into(), arm: "large".into() }]);
    coverage.add(&walk(&flow, 60));
    assert!(coverage.missed(flow.document()).is_empty());
}

#[test]
fn conditions_people_and_rights_are_held_against_the_form() {
    let step =
        |members: Json| publish(json!([with(approve("a", &["ann"]), members)])).err().unwrap_or_default();
    assert_eq!(step(json!({"fields": {"total": "edit"}})), ["/steps/0/fields/total field_not_editable"]);
    assert_eq!(step(json!({"fields": {"price": "edit"}})), ["/steps/0/fields/price unknown_field"]);
    assert_eq!(step(json!({"who": [{"field": "amount"}]})), ["/steps/0/who/0/field not_a_field_of_people"]);
    assert_eq!(step(json!({"who": [{"field": "$owner"}, {"head_of_field": "$department"}]})), [""; 0]);
    let when = json!({"field": "amount", "op": "contains", "value": "x"});
    let block = json!({"kind": "branch", "key": "b", "label": "B", "default": {"steps": []}, "arms": [{"key": "x", "when": when, "steps": []}]});
    assert_eq!(publish(json!([block])).err().unwrap().len(), 1);
}

#[test]
fn a_step_may_let_people_edit_a_column_but_not_the_rows() {
    let flow = publish(json!([with(
        approve("a", &["ann"]),
        json!({"fields": {"*": "read", "lines.qty": "required"}})
    )]))
    .unwrap();
    let rights = flow.fields("a").unwrap();
    let form = form();
    let row = |number: i64, qty: i64| Row {
        id: Id::from_i64(number),
        values: Values::from([("qty".into(), Value::number(qty))]),
    };
    let stored = Values::from([("lines".into(), Value::Rows(vec![row(7, 1), row(8, 2)]))]);
    let policy = ReadPolicy {
        readable: &|path| rights.is_visible(path),
        writable: &|path| rights.is_editable(path),
        serials: false,
        scripts: false,
    };
    let write = |lines: Json| {
        let fields = json!({ "lines": lines }).as_object().unwrap().clone();
        read_fields(&form, &fields, &stored, &policy).map_err(|faults| {
            faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect::<Vec<_>>()
        })
    };
    let (first, second) = (Id::from_i64(7).unwrap(), Id::from_i64(8).unwrap());
    let written = write(json!([{"id": first, "qty": 5}, {"id": second}])).unwrap();
    assert_eq!(written.values["lines"], Value::Rows(vec![row(7, 5), row(8, 2)]));
    assert_eq!(write(json!([{"id": first}])), Err(vec!["lines not_writable".to_string()]));
    assert_eq!(write(json!([{"id": second}, {"id": first}])), Err(vec!["lines not_writable".to_string()]));
    assert_eq!(
        write(json!([{"id": first}, {"id": second}, {"qty": 1}])),
        Err(vec!["lines not_writable".to_string()])
    );
    assert_eq!(
        write(json!([{"id": first, "checker": id("ann")}, {"id": second}])),
        Err(vec!["lines.0.checker not_writable".to_string()])
    );
}

struct WithPlaces;

impl Catalogue for WithPlaces {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        let document = json!({"key": "place", "label": "Place", "fields": [
            {"key": "region", "label": "Region", "kind": "text"},
            {"key": "keeper", "label": "Keeper", "kind": "member"}]});
        let document: FormDocument = serde_json::from_value(document).unwrap();
        (name == "place")
            .then(|| Arc::new(Sketch { id: Id::from_i64(2).unwrap(), app: "crm".into(), document }))
    }
}

#[test]
fn a_flow_says_what_it_reads_through_links() {
    let document: FormDocument = serde_json::from_value(json!({"key": "visit", "label": "Visit", "fields": [
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "place", "label": "Place", "kind": "link", "options": {"form": "place"}},
        {"key": "near", "label": "Near", "kind": "formula", "options": {"formula": "place.region & '!'", "type": "text"}}]}))
    .unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    let form = Form::publish(Arc::new(sketch), 1, &WithPlaces).unwrap();
    let keeper = with(approve("k", &[]), json!({"who": [{"field": "place.keeper"}]}));
    // A field that is live is read by way of what it reads.
    let when = json!({"any": [{"field": "near", "op": "eq", "value": "north!"},
                              {"field": "amount", "op": "gt", "value": "9"}]});
    let block = json!({"kind": "branch", "key": "b", "label": "B", "default": {"steps": []},
                       "arms": [{"key": "x", "when": when, "steps": [keeper]}]});
    let document = json!({"format": 1, "label": "T", "steps": [block]});
    let visits = InForm { form: &form, catalogue: &WithPlaces };
    let flow = Flow::publish(FlowDocument::read(document).unwrap(), &visits, &directory()).unwrap();
    let reads: Vec<String> = visits.link_reads(&flow).into_iter().map(|reach| reach.field).collect();
    assert_eq!(reads, ["keeper", "region"]);
}
