//! What records contribute, and the figures that come of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::condition::{Reach, Source};
use crate::context::Context;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::record::read_values;
use crate::text::Faults;
use crate::value::{Decimal, Id, Timestamp, Value, Values, get};

struct World(Vec<Arc<Sketch>>);

impl Catalogue for World {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        self.0.iter().find(|sketch| sketch.app == app && sketch.document.key == name).cloned()
    }
}

fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

fn world() -> World {
    let documents = [
        json!({"key": "receipt", "label": "入库", "fields": [
            {"key": "on", "label": "日期", "kind": "date"},
            {"key": "at", "label": "时刻", "kind": "datetime"},
            {"key": "shop", "label": "店", "kind": "text"},
            {"key": "price", "label": "价", "kind": "number", "options": {"scale": 2}},
            {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "物", "kind": "text"},
                {"key": "qty", "label": "数", "kind": "number", "options": {"scale": 3}}]}}]}),
        json!({"key": "issue", "label": "出库", "fields": [
            {"key": "item", "label": "物", "kind": "text"},
            {"key": "month", "label": "月", "kind": "month"},
            {"key": "on", "label": "日期", "kind": "date"},
            {"key": "qty", "label": "数", "kind": "number", "options": {"scale": 3}}]}),
    ];
    let sketch = |(place, document): (usize, &Json)| {
        let document: FormDocument = serde_json::from_value(document.clone()).unwrap();
        Arc::new(Sketch { id: id(place as i64 + 1), app: "shop".into(), document })
    };
    World(documents.iter().enumerate().map(sketch).collect())
}

fn form(world: &World, name: &str) -> Option<Arc<Form>> {
    let sketch = world.form("shop", name)?;
    Some(Arc::new(Form::publish(sketch, 1, world).unwrap()))
}

fn publish(document: Json) -> Result<Aggregate, Faults> {
    let world = world();
    let document = serde_json::from_value(document).unwrap();
    Aggregate::publish(document, &|name| form(&world, name), &world)
}

fn told(document: Json) -> Vec<String> {
    let faults = publish(document).err().unwrap_or_default();
    faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

struct Record(Values);

impl Source for Record {
    fn value(&self, reach: &Reach) -> Value {
        get(&self.0, &reach.field).clone()
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let rows = reach.rows.as_deref().map(|rows| get(&self.0, rows).rows()).unwrap_or_default();
        rows.iter().map(|row| get(&row.values, &reach.field).clone()).collect()
    }
}

fn record(name: &str, fields: Json) -> Record {
    let form = form(&world(), name).unwrap();
    Record(read_values(&form, fields.as_object().unwrap()))
}

fn context() -> Context {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    Context::system(now, jiff::tz::TimeZone::get("Asia/Shanghai").unwrap())
}

/// The measures of each group as text, by the text of the group.
fn measures(aggregate: &Aggregate, all: &Contributions) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = |value: &Value| match value {
        Value::Number(number) => number.normalize().to_string(),
        Value::Empty => "-".to_string(),
        other => format!("{other:?}"),
    };
    let of = |group: &Contribution| {
        let measures = aggregate.measures(&aggregate.figures(group), &group.group, &context());
        let keys = aggregate.base.iter().map(|known| &known.key);
        let keys = keys.chain(aggregate.derived.iter().map(|known| &known.key));
        keys.map(|key| (key.clone(), text(&measures[key]))).collect()
    };
    all.iter().map(|(key, group)| (key.clone(), of(group))).collect()
}

fn stock() -> Json {
    json!({"key": "stock", "label": "库存", "dimensions": [{"key": "item", "label": "物"}],
        "sources": [
            {"form": "receipt", "rows": "lines", "group": {"item": "lines.item"},
             "measures": {"received": {"fn": "sum", "field": "lines.qty"}}},
            {"form": "issue", "group": {"item": "item"}, "measures": {"issued": {"fn": "sum", "field": "qty"}}}],
        "measures": [{"key": "on_hand", "formula": "received - issued", "scale": 3},
            {"key": "share", "formula": "issued / received", "scale": 4}],
        "constraints": [{"key": "enough", "check": {"field": "on_hand", "op": "gte", "value": "0"}, "message": "少"}]})
}

fn all_functions() -> Json {
    let of = |function: &str| json!({"fn": function, "field": "price"});
    json!({"key": "prices", "label": "价", "dimensions": [{"key": "shop", "label": "店"}],
        "sources": [{"form": "receipt", "group": {"shop": "shop"}, "measures": {
            "sum": of("sum"), "average": of("avg"), "least": of("min"), "most": of("max"),
            "different": of("distinct"), "priced": of("count"), "records": {"fn": "count"}}}]})
}

#[test]
fn every_function_gives_its_figure_and_gives_it_back() {
    let aggregate = publish(all_functions()).unwrap();
    let part = |price: Json| {
        let record = record("receipt", json!({"shop": "A", "price": price}));
        aggregate.contributions(id(1), &record, &context()).unwrap()
    };
    let mut all = Contributions::new();
    for price in [json!("1.10"), json!("2"), json!("2.00"), json!("4"), Json::Null] {
        add(&mut all, &part(price)).unwrap();
    }
    let told = |all: &Contributions| {
        let of_group = measures(&aggregate, all).remove(r#"["A"]"#).unwrap();
        ["sum", "average", "least", "most", "different", "priced", "records"].map(|key| of_group[key].clone())
    };
    // The average has four digits more than the field.
    assert_eq!(told(&all), ["9.1", "2.275", "1.1", "4", "3", "4", "5"]);
    let all = delta(&part(json!("4")), &all).unwrap();
    assert_eq!(told(&all), ["5.1", "1.7", "1.1", "2", "2", "3", "4"]);
    let all = delta(&part(json!("1.1")), &all).unwrap();
    let all = delta(&part(json!("2")), &all).unwrap();
    assert_eq!(told(&all), ["2", "2", "2", "2", "1", "1", "2"]);
    // Without a value there is no least one; nothing adds up to 0.
    let all = delta(&part(json!("2")), &all).unwrap();
    assert_eq!(told(&all), ["0", "-", "-", "-", "0", "0", "1"]);
    assert!(delta(&part(Json::Null), &all).unwrap().is_empty());
}

#[test]
fn one_name_in_several_sources_adds_up_and_an_absent_measure_is_nothing() {
    let aggregate = publish(stock()).unwrap();
    let mut all = Contributions::new();
    let receipt = record(
        "receipt",
        json!({"lines": [{"item": "a", "qty": "5"}, {"item": "b", "qty": "1"}, {"item": "a", "qty": "2"},
            {"qty": "9"}]}),
    );
    add(&mut all, &aggregate.contributions(id(1), &receipt, &context()).unwrap()).unwrap();
    let issue = record("issue", json!({"item": "a", "qty": "8"}));
    add(&mut all, &aggregate.contributions(id(2), &issue, &context()).unwrap()).unwrap();
    let found = measures(&aggregate, &all);
    assert_eq!(found.len(), 2, "a row without an item is left out: {found:?}");
    assert_eq!(found[r#"["a"]"#]["on_hand"], "-1");
    assert_eq!(found[r#"["b"]"#]["on_hand"], "1");
    let group = |key: &str| {
        let group = &all[key];
        aggregate.measures(&aggregate.figures(group), &group.group, &context())
    };
    let broken = aggregate.broken_constraint(&group(r#"["a"]"#), &context());
    assert_eq!(broken.map(|constraint| constraint.key.as_str()), Some("enough"));
    assert!(aggregate.broken_constraint(&group(r#"["b"]"#), &context()).is_none());
}

#[test]
fn only_a_false_that_is_known_breaks_a_constraint() {
    let checked = |check: Json| {
        let mut document = all_functions();
        document["constraints"] = json!([{"key": "c", "check": check, "message": "m"}]);
        publish(document).unwrap()
    };
    let test = |field: &str, op: &str, value: &str| json!({"field": field, "op": op, "value": value});
    let breaks = |check: Json, price: Json| {
        let aggregate = checked(check);
        let record = record("receipt", json!({"shop": "A", "price": price}));
        let all = aggregate.contributions(id(1), &record, &context()).unwrap();
        let group = all.values().next().unwrap();
        let measures = aggregate.measures(&aggregate.figures(group), &group.group, &context());
        aggregate.broken_constraint(&measures, &context()).is_some()
    };
    let least = || test("least", "gte", "3");
    assert!(breaks(least(), json!("2")));
    assert!(!breaks(least(), json!("3")));
    assert!(!breaks(least(), Json::Null), "there is no least one");
    assert!(!breaks(json!({"not": least()}), Json::Null));
    // What is known to be false is so whatever stands beside it.
    assert!(breaks(json!({"all": [least(), test("records", "gte", "2")]}), Json::Null));
    assert!(!breaks(json!({"any": [least(), test("records", "gte", "2")]}), Json::Null));
    assert!(!breaks(json!({"any": [least(), test("records", "gte", "1")]}), Json::Null));
    assert!(breaks(json!({"field": "least", "op": "not_empty"}), Json::Null));
}

#[test]
fn days_are_put_together_by_their_unit_in_the_zone_of_the_workspace() {
    for (unit, day, moment) in [
        ("year", "2026-01-01", "2027-01-01"),
        ("quarter", "2026-10-01", "2027-01-01"),
        ("month", "2026-11-01", "2027-01-01"),
        ("week", "2026-11-16", "2026-12-28"),
        ("day", "2026-11-22", "2027-01-01"),
    ] {
        let table = |field: &str| {
            json!({"key": "days", "label": "日", "dimensions": [{"key": "day", "label": "日"}],
                "sources": [{"form": "receipt", "group": {"day": {"field": field, "unit": unit}},
                    "measures": {"n": {"fn": "count"}}}]})
        };
        // Four in the afternoon in Greenwich is the next day, and year, in Shanghai.
        let record = record("receipt", json!({"on": "2026-11-22", "at": "2026-12-31T16:00:00Z"}));
        for (field, first) in [("on", day), ("at", moment)] {
            let aggregate = publish(table(field)).unwrap();
            let all = aggregate.contributions(id(1), &record, &context()).unwrap();
            let found: Vec<&Value> = all.values().flat_map(|group| &group.group).collect();
            assert_eq!(found, [&Value::Date(first.parse().unwrap())], "{unit} of {field}");
        }
    }
}

#[test]
fn what_does_not_fit_together_is_refused_where_it_stands() {
    let with = |change: &dyn Fn(&mut Json)| {
        let mut document = stock();
        change(&mut document);
        told(document)
    };
    assert_eq!(with(&|_| {}), Vec::<String>::new());
    assert_eq!(with(&|d| d["key"] = json!("Stock!")), ["/key invalid_key"]);
    assert_eq!(with(&|d| d["label"] = json!(" ")), ["/label label_missing"]);
    assert_eq!(
        with(&|d| d["dimensions"] = json!([{"key": "item", "label": "a"}, {"key": "item", "label": "b"}])),
        ["/dimensions/1/key duplicate_key"]
    );
    assert_eq!(with(&|d| d["measures"][0]["key"] = json!("received"))[0], "/measures/0/key duplicate_key");
    assert_eq!(with(&|d| d["measures"][1]["scale"] = json!(9)), ["/measures/1/scale too_large"]);
    assert_eq!(
        with(&|d| d["measures"][1]["formula"] = json!("YEAR(TODAY()) - issued")),
        ["/measures/1/formula time_dependent"]
    );
    assert_eq!(
        with(&|d| d["rows"] = json!({"field": "on_hand", "op": "gt", "value": "0"})),
        ["/rows unknown_field"]
    );
    assert_eq!(
        with(&|d| d["rows"] = json!({"field": "item", "op": "eq", "value": "a"})),
        Vec::<String>::new()
    );
    assert_eq!(
        with(&|d| d["sources"][1]["measures"]["issued"]["fn"] = json!("max")),
        Vec::<String>::new(),
        "alone under its name"
    );
    assert_eq!(
        with(&|d| {
            d["sources"][1]["measures"] =
                json!({"received": {"fn": "max", "field": "qty"}, "issued": {"fn": "count"}});
        }),
        ["/sources/1/measures/received/fn other_function"]
    );
    assert_eq!(
        with(&|d| d["sources"][1]["group"]["item"] = json!("qty")),
        ["/sources/1/group/item other_dimension"]
    );
    assert_eq!(
        with(&|d| d["sources"][1]["measures"]["issued"]["field"] = json!("item"))[0],
        "/sources/1/measures/issued bad_operand"
    );
    let months = |on: Json| {
        json!({"key": "months", "label": "月", "dimensions": [{"key": "month", "label": "月"}],
            "sources": [
                {"form": "issue", "group": {"month": "month"}, "measures": {"n": {"fn": "count"}}},
                {"form": "receipt", "group": {"month": on}, "measures": {"n": {"fn": "count"}}}]})
    };
    assert_eq!(told(months(json!({"field": "on", "unit": "month"}))), Vec::<String>::new());
    assert_eq!(
        told(months(json!({"field": "on", "unit": "week"}))),
        ["/sources/1/group/month other_dimension"]
    );
}

#[test]
fn what_records_give_to_a_measure_is_known_to_add_up_or_not() {
    let mut document = stock();
    document["measures"] = json!([
        {"key": "on_hand", "formula": "received - issued", "scale": 3},
        {"key": "dozens", "formula": "-(on_hand + 2 * issued) / 12", "scale": 3},
        {"key": "share", "formula": "issued / received", "scale": 4},
        {"key": "more", "formula": "on_hand + 1", "scale": 3},
        {"key": "product", "formula": "received * issued", "scale": 3},
        {"key": "inverse", "formula": "1 / received", "scale": 3},
        {"key": "larger", "formula": "MAX(received, issued)", "scale": 3}]);
    let aggregate = publish(document).unwrap();
    for (key, adds_up) in [
        ("received", true),
        ("on_hand", true),
        ("dozens", true),
        ("share", false),
        ("more", false),
        ("product", false),
        ("inverse", false),
        ("larger", false),
        ("unknown", false),
    ] {
        assert_eq!(aggregate.adds_up(key), adds_up, "{key}");
    }
    let places = |key: &str| aggregate.made_of(key);
    let place = |key: &str| aggregate.base.iter().position(|known| known.key == key).unwrap();
    assert_eq!(places("received"), Some(vec![place("received")]));
    let mut both = vec![place("received"), place("issued")];
    both.sort_unstable();
    assert_eq!(places("dozens"), Some(both));
    assert_eq!(places("inverse"), Some(vec![place("received")]));
    assert_eq!(places("item"), None);
    // A receipt has no part in what was issued.
    let receipt = record("receipt", json!({"lines": [{"item": "a", "qty": "5"}]}));
    let issued = [place("issued")];
    assert!(aggregate.contributions_to(&issued, id(1), &receipt, &context()).unwrap().is_empty());
    assert_eq!(aggregate.forms_of(&issued), [id(2)].into());
}

fn price() -> impl Strategy<Value = Option<i32>> {
    proptest::option::of(-5..5_i32)
}

proptest! {
    /// Whatever comes and goes in whatever order, the figures are those of what is left.
    #[test]
    fn figures_after_changes_are_those_of_what_is_left(
        steps in proptest::collection::vec((0..6_usize, price(), any::<bool>()), 1..40),
    ) {
        let aggregate = publish(all_functions()).unwrap();
        let mut records: BTreeMap<usize, Contributions> = BTreeMap::new();
        let mut kept = Contributions::new();
        for (place, price, stays) in steps {
            let old = records.remove(&place).unwrap_or_default();
            let mut new = Contributions::new();
            if stays {
                let price = price.map(|price| json!(Decimal::new(price.into(), 2).to_string()));
                let record = record("receipt", json!({"shop": if place < 3 { "A" } else { "B" }, "price": price}));
                new = aggregate.contributions(id(1), &record, &context()).unwrap();
                records.insert(place, new.clone());
            }
            add(&mut kept, &delta(&old, &new).unwrap()).unwrap();
        }
        let mut rebuilt = Contributions::new();
        for record in records.values() {
            add(&mut rebuilt, record).unwrap();
        }
        prop_assert_eq!(measures(&aggregate, &kept), measures(&aggregate, &rebuilt));
        prop_assert_eq!(kept, rebuilt);
    }
}
