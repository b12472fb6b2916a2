use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::context::Context;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::record::{Draft, Linked, missing_on_paths};
use crate::value::{Id, Timestamp, Value, Values};

struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

fn form() -> Arc<Form> {
    let document: FormDocument = serde_json::from_value(json!({"key": "deal", "label": "商机", "fields": [
        {"key": "stage", "label": "阶段", "kind": "text"},
        {"key": "amount", "label": "金额", "kind": "number"},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "数量", "kind": "number"}]}}]}))
    .unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    Arc::new(Form::publish(Arc::new(sketch), 1, &Alone).unwrap())
}

fn grant(json: serde_json::Value) -> Grant {
    Grant::new(&serde_json::from_value(json).unwrap(), &form(), &Alone).unwrap()
}

fn record(stage: &str) -> Draft {
    let mut draft = Draft::new(form(), Context::system(Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC));
    draft.set("stage", Value::text(stage));
    draft.set("amount", Value::number(5));
    draft
}

fn context() -> Context {
    Context::system(Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC)
}

fn two_groups() -> Access {
    Access::granted(vec![
        grant(
            json!({"key": "all", "label": "a", "operations": ["view"], "fields": {"*": "read", "amount": "none"}}),
        ),
        grant(json!({"key": "won", "label": "b", "operations": ["view", "edit"], "fields": {"*": "edit"},
                     "rows": {"field": "stage", "op": "eq", "value": "won"}})),
    ])
}

#[test]
fn groups_add_up_record_by_record() {
    let access = two_groups();
    let (won, open) = (record("won"), record("open"));
    assert!(access.may_on(Operation::Edit, &won.source(None), &context()));
    assert!(!access.may_on(Operation::Edit, &open.source(None), &context()));
    assert_eq!(access.right_on("amount", &won.source(None), &context()), FieldRight::Edit);
    assert_eq!(access.right_on("amount", &open.source(None), &context()), FieldRight::None);
    assert_eq!(access.right_on("stage", &open.source(None), &context()), FieldRight::Read);
    assert_eq!(access.right_on("lines.qty", &won.source(None), &context()), FieldRight::Edit);
}

#[test]
fn a_record_is_looked_at_where_groups_differ_on_what_can_be_seen() {
    let access = two_groups();
    assert!(access.depends_on_record() && !access.is_alike_where_seen());
    let (won, open) = (record("won"), record("open"));
    let (on_won, on_open) =
        (access.on(&won.source(None), &context()), access.on(&open.source(None), &context()));
    assert!(on_won.may(Operation::Edit) && !on_open.may(Operation::Edit));
    assert_eq!(on_open.right("amount"), FieldRight::None);
    // Whoever sees the rows of one group alone finds all of them alike, whatever they may do everywhere.
    let rows = json!({"field": "stage", "op": "eq", "value": "won"});
    let own = json!({"key": "own", "label": "o", "operations": ["view", "edit"], "fields": {"*": "edit"}, "rows": rows});
    let makers = json!({"key": "makers", "label": "m", "operations": ["create"], "fields": {"*": "edit"}});
    let access = Access::granted(vec![grant(own), grant(makers)]);
    assert!(access.depends_on_record() && access.is_alike_where_seen());
    assert_eq!(access.row_reads().len(), 1);
    assert!(!Access::administrator().depends_on_record() && Access::administrator().is_alike_where_seen());
}

#[test]
fn only_a_group_that_allows_an_edit_lets_the_record_leave_it() {
    let rows = |stage: &str| json!({"field": "stage", "op": "eq", "value": stage});
    let access = Access::granted(vec![
        grant(json!({"key": "a", "label": "a", "operations": ["view", "edit"], "rows": rows("won")})),
        grant(json!({"key": "b", "label": "b", "operations": ["view", "may_leave"], "rows": rows("won")})),
        grant(json!({"key": "c", "label": "c", "operations": ["edit", "may_leave"], "rows": rows("open")})),
    ]);
    let may_leave = |stage| access.may_leave(Operation::Edit, &record(stage).source(None), &context());
    assert!(may_leave("open"));
    assert!(!may_leave("won"));
}

#[test]
fn who_is_in_no_group_may_nothing() {
    let access = Access::granted(Vec::new());
    assert!(!access.may(Operation::View));
    assert_eq!(access.rows(Operation::View), None);
    assert_eq!(access.right("stage"), FieldRight::None);
}

#[test]
fn a_filter_reads_a_closed_field_as_empty() {
    let access = two_groups();
    let filter = |json| form().check(&serde_json::from_value(json).unwrap(), &Alone).unwrap();
    let above = access.guard(filter(json!({"field": "amount", "op": "gt", "value": 1})));
    let empty = access.guard(filter(json!({"field": "amount", "op": "is_empty"})));
    let negated = access.guard(filter(json!({"not": {"field": "amount", "op": "gt", "value": 1}})));
    for (stage, is_above) in [("won", true), ("open", false)] {
        let draft = record(stage);
        assert_eq!(above.holds(&draft.source(None), &context()), is_above);
        assert_eq!(empty.holds(&draft.source(None), &context()), !is_above);
        assert_eq!(negated.holds(&draft.source(None), &context()), !is_above);
    }
}

#[test]
fn a_column_is_never_more_open_than_its_sub_form() {
    let group = json!({"key": "k", "label": "k", "operations": ["view"], "fields": {"lines": "read", "lines.qty": "edit"}});
    assert_eq!(Access::granted(vec![grant(group)]).right("lines.qty"), FieldRight::Read);
}

#[test]
fn a_group_that_shows_no_records_may_open_fields_of_some_that_another_shows() {
    let clerks = json!({"key": "clerks", "label": "c", "operations": ["view"], "fields": {"*": "read", "amount": "none"}});
    let makers = json!({"key": "makers", "label": "m", "operations": ["create"], "fields": {"*": "edit"},
                        "rows": {"field": "stage", "op": "eq", "value": "nowhere"}});
    let alone = Access::granted(vec![grant(clerks.clone())]);
    assert!(alone.is_uniform("amount") && alone.is_uniform("stage"));
    let both = Access::granted(vec![grant(clerks), grant(makers.clone())]);
    assert!(both.is_uniform("stage"));
    assert!(!both.is_uniform("amount"));
    let open = record("open");
    assert_eq!(both.right_on("amount", &open.source(None), &context()), FieldRight::None);
    // Without a group that shows records, those that are seen all the same are looked at one by one.
    assert!(!Access::granted(vec![grant(makers)]).is_uniform("amount"));
}

/// A field that is open on all that one group shows need not be so on what another one shows besides.
#[test]
fn what_is_alike_depends_on_what_is_seen() {
    let rows = |stage: &str| json!({"field": "stage", "op": "eq", "value": stage});
    let access = Access::granted(vec![
        grant(
            json!({"key": "v", "label": "v", "operations": ["view"], "fields": {"*": "read"}, "rows": rows("won")}),
        ),
        grant(
            json!({"key": "e", "label": "e", "operations": ["export"], "fields": {"*": "none"}, "rows": rows("open")}),
        ),
    ]);
    assert!(access.is_uniform("amount"));
    let exporting = access.viewing(Operation::Export);
    assert!(!exporting.is_uniform("amount"));
    let (won, open) = (record("won"), record("open"));
    assert_eq!(exporting.right_on("amount", &won.source(None), &context()), FieldRight::Read);
    assert_eq!(exporting.right_on("amount", &open.source(None), &context()), FieldRight::None);
    // Who edits what the other group shows still views no more than before.
    assert!(access.viewing(Operation::Edit).is_uniform("amount"));
}

struct WithCustomers;

impl Catalogue for WithCustomers {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        let document = json!({"key": "customer", "label": "客户", "fields": [
            {"key": "region", "label": "地区", "kind": "text"}]});
        let document: FormDocument = serde_json::from_value(document).unwrap();
        (name == "customer")
            .then(|| Arc::new(Sketch { id: Id::from_i64(2).unwrap(), app: "crm".into(), document }))
    }
}

#[test]
fn rows_say_what_they_read_through_links_and_hold_when_it_is_known() {
    let document = json!({"key": "visit", "label": "拜访", "fields": [
        {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customer"}}]});
    let document: FormDocument = serde_json::from_value(document).unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    let form = Arc::new(Form::publish(Arc::new(sketch), 1, &WithCustomers).unwrap());
    let group = json!({"key": "north", "label": "n", "operations": ["view"],
                       "rows": {"field": "customer.region", "op": "eq", "value": "north"}});
    let group: PermissionGroup = serde_json::from_value(group).unwrap();
    let access = Access::granted(vec![Grant::new(&group, &form, &WithCustomers).unwrap()]);
    assert!(form.link_reads().is_empty());

    let (customers, known) = (Id::from_i64(2).unwrap(), Id::from_i64(7).unwrap());
    let values = Values::from([("customer".to_string(), Value::Ref(known))]);
    let mut linked = Linked::default();
    let missing = missing_on_paths(&access.link_reads(), &values, &linked);
    assert_eq!(missing.into_iter().collect::<Vec<_>>(), [(customers, known)]);
    linked.insert(customers, known, Values::from([("region".to_string(), Value::text("north"))]));
    assert!(missing_on_paths(&access.link_reads(), &values, &linked).is_empty());
    let visit = Draft::edit(form, context(), linked, values, Values::new());
    assert!(access.may_on(Operation::View, &visit.source(None), &context()));
}
