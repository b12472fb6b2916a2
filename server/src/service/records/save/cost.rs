//! What a save costs, counted: how often it asks the database. Times depend on the machine, turns do not.

use serde_json::json;

use crate::service::forms::{draft, publish};
use crate::service::once::Key;
use crate::service::records::{bulk, change};
use crate::service::testing::{app, create, form, on_an_installation};

/// The linked record, or the record as it was; and everything that is written, with the commit, together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_asks_the_database_twice() {
    on_an_installation("cost", async |installation, caller| {
        let app = app(installation, caller).await;
        let customers = json!({"key": "customers", "label": "c", "title": "{name}",
                               "fields": [{"key": "name", "label": "n", "kind": "text"}]});
        let customers = form(installation, caller, &app, customers).await;
        let orders = json!({"key": "orders", "label": "o", "title": "{title}", "fields": [
            {"key": "title", "label": "t", "kind": "text"},
            {"key": "amount", "label": "a", "kind": "number", "options": {"scale": 2}},
            {"key": "tags", "label": "t", "kind": "multi_select", "options": {"choices": [
                {"key": "gift", "label": "g"}, {"key": "vip", "label": "v"}]}},
            {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers", "display": ["name"]}}]});
        let orders = form(installation, caller, &app, orders).await;
        let customer = create(installation, caller, &customers, json!({"name": "Ada"}), None).await;
        let fields = json!({"title": "one", "amount": "12.50", "tags": ["gift", "vip"], "customer": customer});
        create(installation, caller, &orders, fields.clone(), None).await;

        let turns = || installation.store.turns();
        let before = turns();
        let order = create(installation, caller, &orders, fields.clone(), None).await;
        assert_eq!(turns() - before, 2, "a new record");
        let before = turns();
        let key = Key { route: "POST /x".into(), key: "k".into(), body_hash: "h".into() };
        create(installation, caller, &orders, fields, Some(key)).await;
        assert_eq!(turns() - before, 3, "a new record under an idempotency key");
        let before = turns();
        let patch = serde_json::from_value(json!({"fields": {"title": "two"}})).unwrap();
        change::update(installation, caller, (orders, order), None, patch).await.unwrap();
        assert_eq!(turns() - before, 2, "a changed record");
    })
    .await;
}

/// However many records are saved at once, what they link to is asked for once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_many_records_are_looked_for_together() {
    on_an_installation("cost_of_many", async |installation, caller| {
        let app = app(installation, caller).await;
        let customers = json!({"key": "customers", "label": "c", "fields": [
            {"key": "name", "label": "n", "kind": "text"},
            {"key": "discount", "label": "d", "kind": "number"}]});
        let customers = form(installation, caller, &app, customers).await;
        let orders = json!({"key": "orders", "label": "o", "fields": [
            {"key": "amount", "label": "a", "kind": "number"},
            {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers",
             "filter": {"field": "discount", "op": "gte", "value": 1}}},
            {"key": "net", "label": "n", "kind": "number",
             "compute": {"formula": "amount - customer.discount"}}]});
        let orders = form(installation, caller, &app, orders).await;
        let mut known = Vec::new();
        for discount in 1..=5 {
            let fields = json!({"name": "c", "discount": discount});
            known.push(create(installation, caller, &customers, fields, None).await);
        }
        let mut spent = Vec::new();
        for count in [5, 5, 40] {
            let row =
                |number: usize| json!({"fields": {"amount": 10, "customer": known[number % known.len()]}});
            let rows: Vec<_> = (0..count).map(row).collect();
            let input = serde_json::from_value(json!({ "create": rows })).unwrap();
            let before = installation.store.turns();
            let answer = bulk::atomic(installation, caller, None, orders.clone(), input).await.unwrap();
            spent.push(installation.store.turns() - before);
            let answer: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(answer["results"].as_array().unwrap().len(), count);
        }
        assert!(spent[2] <= spent[1] + 4, "{spent:?}");
        let dead =
            json!({"create": [{"fields": {"customer": known[0]}}, {"fields": {"customer": caller.id()}}]});
        let input = serde_json::from_value(dead).unwrap();
        let refusal = bulk::atomic(installation, caller, None, orders, input).await.unwrap_err();
        assert_eq!(refusal.faults[0].path, "create.1.fields.customer");
        assert_eq!(refusal.faults[0].code, "dead_link");
    })
    .await;
}

/// However many records are saved at once, what their formulas count of others is counted together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_records_count_is_counted_together() {
    on_an_installation("cost_of_counting", async |installation, caller| {
        let app = app(installation, caller).await;
        let numbers = json!({"key": "num", "label": "n", "fields": [
            {"key": "k", "label": "k", "kind": "text"}, {"key": "v", "label": "v", "kind": "number"}]});
        let numbers = form(installation, caller, &app, numbers).await;
        for (key, value) in [("n1", 7), ("n2", 9)] {
            create(installation, caller, &numbers, json!({"k": key, "v": value}), None).await;
        }
        let sums = json!({"key": "sums", "label": "s", "fields": [
            {"key": "name", "label": "n", "kind": "text"},
            {"key": "number", "label": "#", "kind": "serial", "options": {"parts": [{"counter": {"width": 1}}]}},
            {"key": "sum", "label": "s", "kind": "number", "compute": {"formula": "SUMOF(num, num.k = name, num.v)"}},
            {"key": "told", "label": "t", "kind": "number", "compute": {"formula": "SUMOF(num, num.v = sum, num.v)"}},
            {"key": "own", "label": "o", "kind": "number", "compute": {"formula": "COUNTOF(num, num.k = number)"}}]});
        let sums = form(installation, caller, &app, sums).await;
        let mut spent = Vec::new();
        for count in [5, 5, 40] {
            let row = |number: usize| json!({"fields": {"name": format!("n{number}")}});
            let rows: Vec<_> = (0..count).map(row).collect();
            let input = serde_json::from_value(json!({ "create": rows })).unwrap();
            let before = installation.store.turns();
            let answer = bulk::atomic(installation, caller, None, sums.clone(), input).await.unwrap();
            spent.push(installation.store.turns() - before);
            let answer: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(answer["results"].as_array().unwrap().len(), count);
        }
        assert!(spent[2] <= spent[1] + 4, "{spent:?}");
    })
    .await;
}

/// However many forms there are, publishing one reads them all at once, and the save after it none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_costs_no_more_where_there_are_many_forms() {
    on_an_installation("cost_of_publishing", async |installation, caller| {
        let app = app(installation, caller).await;
        let note = |key: &str| {
            json!({"key": key, "label": key, "fields": [{"key": "name", "label": "n", "kind": "text"}]})
        };
        let one = form(installation, caller, &app, note("one")).await;
        create(installation, caller, &one, json!({"name": "first"}), None).await;
        let mut spent = Vec::new();
        for round in 0..3 {
            let field = json!({"key": format!("f{round}"), "label": "f", "kind": "text"});
            let base = draft::read(installation, caller, &one).await.unwrap().base;
            let edits = json!({"base": base, "edits": [{"do": "add_field", "field": field}]});
            let edits = serde_json::from_value(edits).unwrap();
            draft::edit(installation, caller, None, one.clone(), edits).await.unwrap();
            let before = installation.store.turns();
            publish::publish(installation, caller, None, one.clone()).await.unwrap();
            let published = installation.store.turns();
            create(installation, caller, &one, json!({"name": "next"}), None).await;
            spent.push((published - before, installation.store.turns() - published));
            if round == 1 {
                for number in 0..10 {
                    form(installation, caller, &app, note(&format!("other_{number}"))).await;
                }
            }
        }
        let [.., few, many] = spent.as_slice() else { panic!("{spent:?}") };
        assert!(many.0 <= few.0 + 4 && many.1 <= few.1 + 1, "{spent:?}");
    })
    .await;
}

/// Figures over a record cost its save one look at the record that shows them, however many they are; what is written of
/// them goes with the rest. A form that nothing counts pays nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_cost_a_save_one_look() {
    on_an_installation("cost_of_figures", async |installation, caller| {
        let app = app(installation, caller).await;
        let customers = json!({"key": "customers", "label": "c",
            "fields": [{"key": "name", "label": "n", "kind": "text"}]});
        let customers_id = form(installation, caller, &app, customers).await;
        let orders = json!({"key": "orders", "label": "o", "fields": [
            {"key": "title", "label": "t", "kind": "text"},
            {"key": "amount", "label": "a", "kind": "number"},
            {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers"}}]});
        let orders = form(installation, caller, &app, orders).await;
        let rollup = |key: &str, function: &str, field: Option<&str>| {
            let mut options = json!({"form": "orders", "link": "customer", "fn": function});
            if let Some(field) = field {
                options["field"] = json!(field);
            }
            json!({"do": "add_field", "field": {"key": key, "label": key, "kind": "rollup", "options": options}})
        };
        let customer = create(installation, caller, &customers_id, json!({"name": "Ada"}), None).await;
        let fields = json!({"title": "one", "amount": "12.50", "customer": customer});
        create(installation, caller, &orders, fields.clone(), None).await;
        let turns = || installation.store.turns();
        let before = turns();
        create(installation, caller, &orders, fields.clone(), None).await;
        let without = turns() - before;

        let edits = json!([rollup("count", "count", None), rollup("sum", "sum", Some("amount")),
            rollup("mean", "avg", Some("amount"))]);
        let edits = serde_json::from_value(json!({"base": 2, "edits": edits})).unwrap();
        draft::edit(installation, caller, None, customers_id.clone(), edits).await.unwrap();
        publish::publish(installation, caller, None, customers_id.clone()).await.unwrap();
        create(installation, caller, &orders, fields.clone(), None).await;
        let before = turns();
        let order = create(installation, caller, &orders, fields, None).await;
        assert_eq!(turns() - before, without + 1, "a new record that counts");
        // What does not change a figure asks for none.
        let before = turns();
        let patch = serde_json::from_value(json!({"fields": {"title": "two"}})).unwrap();
        change::update(installation, caller, (orders, order), None, patch).await.unwrap();
        assert_eq!(turns() - before, 2, "a change that counts for nothing");
    })
    .await;
}
