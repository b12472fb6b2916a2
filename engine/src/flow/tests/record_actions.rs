//! What action steps do to records of published forms, and how fields go to flows of other forms.

use std::sync::Arc;

use super::*;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::record::Draft;
use crate::value::{Row, Values};

/// Orders with a customer, and customers.
pub(super) struct Shop;

pub(super) fn sketch(name: &str) -> Option<Arc<Sketch>> {
    let (number, document) = match name {
        "order" | "1" => (
            1,
            json!({"key": "order", "label": "Order", "fields": [
                {"key": "amount", "label": "Amount", "kind": "number"},
                {"key": "code", "label": "Code", "kind": "text"},
                {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
                {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                    {"key": "qty", "label": "Quantity", "kind": "number"}]}}]}),
        ),
        "customer" => (
            2,
            json!({"key": "customer", "label": "Customer", "fields": [
                {"key": "name", "label": "Name", "kind": "text"},
                {"key": "spent", "label": "Spent", "kind": "number"},
                {"key": "advisor", "label": "Advisor", "kind": "member"},
                {"key": "team", "label": "Team", "kind": "department"},
                {"key": "twice", "label": "Twice", "kind": "number", "compute": {"formula": "spent * 2"}}]}),
        ),
        _ => return None,
    };
    let document: FormDocument = serde_json::from_value(document).unwrap();
    Some(Arc::new(Sketch { id: Id::from_i64(number).unwrap(), app: "crm".into(), document }))
}

impl Catalogue for Shop {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        let by_id = ["order", "customer"]
            .into_iter()
            .find(|key| sketch(key).is_some_and(|sketch| sketch.id.to_string() == name));
        sketch(by_id.unwrap_or(name))
    }
}

pub(super) fn form(name: &str) -> Arc<Form> {
    Arc::new(Form::publish(sketch(name).unwrap(), 1, &Shop).unwrap())
}

fn action(json: Json) -> RecordAction {
    RecordAction::read(&json).unwrap().unwrap()
}

fn faults(json: Json) -> Vec<String> {
    let faults = action(json).faults(&form("order"), &Shop);
    faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

#[test]
fn an_action_is_held_against_the_forms_that_it_is_about() {
    let set = |form: &str, set: Json| faults(json!({"kind": "create", "form": form, "set": set}));
    assert_eq!(set("customer", json!({"name": "x", "spent": {"formula": "amount + 1"}})), [""; 0]);
    assert_eq!(set("nothing", json!({"name": "x"})), ["/form unknown_form"]);
    assert_eq!(set("customer", json!({})), ["/set required"]);
    assert_eq!(set("customer", json!({"twice": 1})), ["/set/twice field_not_editable"]);
    assert_eq!(set("customer", json!({"age": 1})), ["/set/age unknown_field"]);
    assert_eq!(set("customer", json!({"spent": "many"})), ["/set/spent not_a_number"]);
    let formula = set("customer", json!({"spent": {"formula": "price + 1"}}));
    assert_eq!(formula.len(), 1);
    assert!(formula[0].starts_with("/set/spent/formula unknown_field"), "{formula:?}");
    let rows = |rows: Json| faults(json!({"kind": "set", "set": {"lines": rows}}));
    assert_eq!(rows(json!([{"qty": 1}, {"id": "0sbqd00000001", "qty": "2.5"}])), [""; 0]);
    assert_eq!(rows(json!("many")), ["/set/lines wrong_type"]);
    assert_eq!(
        rows(json!([7, {"colour": "red", "qty": "many"}])),
        ["/set/lines/0 wrong_type", "/set/lines/1/colour unknown_field", "/set/lines/1/qty not_a_number"]
    );
    let update = |more: Json| faults(with(json!({"kind": "update", "set": {"spent": 1}}), more));
    assert_eq!(update(json!({"record": "customer"})), [""; 0]);
    assert_eq!(update(json!({"form": "customer"})), [" record_or_filter"]);
    assert_eq!(update(json!({"record": "amount"})), ["/record not_a_link"]);
    let by = |field: &str, path: &str| json!({"form": "customer", "filter": {"field": field, "op": "eq", "value": {"param": path}}});
    assert_eq!(update(by("name", "code")), [""; 0]);
    assert_eq!(update(by("name", "gone")), ["/filter unknown_field"]);
    assert_eq!(update(by("gone", "code")), ["/filter unknown_field"]);
    let upsert =
        |key: Json| faults(json!({"kind": "upsert", "form": "customer", "set": {"name": "x"}, "key": key}));
    assert_eq!(upsert(json!(["name"])), [""; 0]);
    assert_eq!(upsert(json!(["spent"])), ["/key/0 key_not_set"]);
    assert_eq!(upsert(json!([])), ["/key required"]);
    let both = json!({"kind": "create", "form": "customer", "set": {"name": "x"}, "record": "customer", "filter": {"all": []}});
    assert_eq!(faults(both), [" record_or_filter"], "it makes one, and finds none");
    let delete = json!({"kind": "delete", "record": "customer", "set": {"name": "x"}});
    assert_eq!(faults(delete), ["/set not_of_action"]);
    let create = json!({"kind": "create", "form": "customer", "set": {"name": "x"}, "if_none": "fail"});
    assert_eq!(faults(create), ["/if_none not_of_action"]);
    let odd = RecordAction::read(&json!({"kind": "set", "colour": "red"})).unwrap().unwrap_err();
    assert_eq!(odd.code, "malformed");
    assert!(RecordAction::read(&json!({"kind": "notify"})).is_none(), "it changes no record");
}

/// The faults of a flow of orders with one step.
fn published(step: Json) -> Vec<String> {
    let document = json!({"format": 1, "label": "F", "steps": [step]});
    let order = form("order");
    let about = InForm { form: &order, catalogue: &Shop };
    let document = FlowDocument::read(document).unwrap();
    let found = Flow::publish(document, &about, &directory()).err().unwrap_or_default();
    found.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

#[test]
fn whom_an_action_writes_down_has_to_be_there() {
    let set = |set: Json| {
        let action = json!({"kind": "create", "form": "customer", "set": set});
        published(json!({"kind": "action", "key": "a", "label": "A", "action": action}))
    };
    assert_eq!(set(json!({"name": "x", "advisor": id("ann")})), [""; 0]);
    assert_eq!(set(json!({"advisor": id("zoe")})), ["/steps/0/action/set/advisor unknown_member"]);
    assert_eq!(set(json!({"team": id("ann")})), ["/steps/0/action/set/team unknown_department"]);
    assert_eq!(set(json!({"advisor": {"formula": "$owner"}})), [""; 0], "who that is shows later");
}

#[test]
fn fields_of_two_forms_are_mapped_where_they_can_hold_the_same() {
    let of = |members: Json| {
        let step = json!({"kind": "subflow", "key": "s", "label": "S", "form": "customer", "wait": true});
        published(with(step, members))
    };
    let fits = json!({"map_in": {"name": "amount", "spent": "code", "advisor": "$owner"}, "map_out": {"code": "spent"}});
    assert_eq!(of(fits), [""; 0], "a text may hold anything");
    assert_eq!(of(json!({"map_in": {"advisor": "customer"}})), ["/steps/0/map_in/advisor unfit_field"]);
    assert_eq!(of(json!({"map_in": {"team": "$owner"}})), ["/steps/0/map_in/team unfit_field"]);
    assert_eq!(of(json!({"map_out": {"amount": "$owner"}})), ["/steps/0/map_out/amount unfit_field"]);
    assert_eq!(of(json!({"map_out": {"customer": "$id"}})), [""; 0]);
}

/// Asks about an order of a hundred, code A-1, of customer 9, with two rows.
pub(super) fn on_an_order<T>(ask: impl FnOnce(&OnRecord<'_>) -> T) -> T {
    let order = form("order");
    let moment = crate::context::Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let mut draft = Draft::new(order.clone(), moment.clone());
    draft.set("amount", Value::number(100));
    draft.set("code", Value::Text("A-1".into()));
    draft.set("customer", Value::Ref(Id::from_i64(9).unwrap()));
    let row = |number: i64, qty: i64| Row {
        id: Id::from_i64(number),
        values: Values::from([("qty".into(), Value::number(qty))]),
    };
    draft.set("lines", Value::Rows(vec![row(31, 5), row(32, 6)]));
    let source = draft.source(None);
    ask(&OnRecord { form: &order, catalogue: &Shop, source: &source, context: &moment })
}

#[test]
fn values_and_records_are_worked_out_for_the_record_of_the_flow() {
    let customer = form("customer");
    on_an_order(|order| {
        let create = action(json!({"kind": "create", "form": "customer",
            "set": {"name": "x", "spent": {"formula": "amount * 2"}}}));
        let fields = create.fields(order, &customer).unwrap();
        assert_eq!((&fields["name"], &fields["spent"]), (&json!("x"), &json!("200.00")));
        assert_eq!(create.meant(order, &customer, &fields), Ok(Meant::Nothing));
        let linked = action(json!({"kind": "update", "record": "customer", "set": {"spent": 1}}));
        let nine = Meant::Records(vec![Id::from_i64(9).unwrap()]);
        assert_eq!(linked.meant(order, &customer, &fields), Ok(nine));
        let where_name = |path: &str| {
            let filter = json!({"field": "name", "op": "eq", "value": {"param": path}});
            action(json!({"kind": "delete", "form": "customer", "filter": filter}))
        };
        let Ok(Meant::Where(found)) = where_name("code").meant(order, &customer, &fields) else {
            panic!("it finds by the code")
        };
        let named = json!({"field": "name", "op": "eq", "value": "A-1"});
        let named: Condition = serde_json::from_value(named).unwrap();
        assert_eq!(found, customer.check(&named, &Shop).unwrap());
        // What is compared with nothing finds nothing, and not everything.
        assert_eq!(where_name("$department").meant(order, &customer, &fields), Ok(Meant::Nothing));
        let upsert =
            |set: Json| action(json!({"kind": "upsert", "form": "customer", "key": ["name"], "set": set}));
        let by_name = upsert(json!({"name": "A-1"}));
        let fields = by_name.fields(order, &customer).unwrap();
        let all = crate::condition::Checked::All(vec![found]);
        assert_eq!(by_name.meant(order, &customer, &fields), Ok(Meant::Where(all)));
        let unnamed = upsert(json!({"name": null}));
        let fields = unnamed.fields(order, &customer).unwrap();
        assert_eq!(unnamed.meant(order, &customer, &fields), Ok(Meant::Nothing));
        let wrong = action(json!({"kind": "set", "set": {"amount": {"formula": "1 / (amount - 100)"}}}));
        let wrong = wrong.fields(order, &form("order")).unwrap_err();
        assert_eq!((wrong[0].path.as_str(), &*wrong[0].code), ("amount", "formula_error"));
    });
}

#[test]
fn a_field_is_written_as_it_goes_to_another_form_and_a_column_for_its_row() {
    on_an_order(|order| {
        assert_eq!(order.written("amount", None), json!("100.00"));
        assert_eq!(order.written("lines.qty", Id::from_i64(32)), json!("6.00"));
        assert_eq!(order.written("lines.qty", None), Json::Null);
        assert_eq!(order.written("gone", None), Json::Null);
    });
}
