//! T03: what is closed answers like what is not there.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::test;
use tests::on_both_shared;
use tests::workspace::id_of;

use super::{Orders, orders, told};

/// Every place where a request names a field.
fn requests(orders: &Orders, file: &str, name: &str) -> Vec<(Method, String, Value)> {
    let at = |rest: &str| orders.order.path(rest);
    let record = format!("/records/{}", id_of(&orders.north));
    let count = json!([{"key": "n", "fn": "count"}]);
    let mut all = Vec::new();
    let mut post = |rest: &str, body: Value| all.push((Method::POST, at(rest), body));
    let values =
        [json!("x"), json!(1), json!(["x"]), Value::Null, json!({"relative": "today"}), json!({"var": "me"})];
    for op in ["eq", "ne", "gt", "between", "in", "contains", "starts_with", "within", "has_any", "is_empty"]
    {
        for value in &values {
            post("/records/query", json!({"filter": test(name, op, value.clone())}));
        }
        post("/records/query", json!({"filter": {"not": {"field": name, "op": op}}}));
        post("/records/query", json!({"filter": test(&format!("who.{name}"), op, "x")}));
    }
    post("/records/query", json!({"filter": test("name", "eq", json!({"field": name}))}));
    post("/records/query", json!({"filter": test(&format!("{name}.x"), "eq", "x")}));
    for path in [name.to_owned(), format!("{name}.x"), format!("who.{name}")] {
        post("/records/query", json!({"sort": [{"field": path}]}));
        post("/aggregate", json!({"group": [{"field": path}], "measures": count}));
        post("/aggregate", json!({"group": [{"field": path, "unit": "month"}], "measures": count}));
        for function in ["sum", "avg", "min", "max", "distinct", "count"] {
            let measures = json!([{"key": "m", "fn": function, "field": path}]);
            post("/aggregate", json!({"group": [], "measures": measures}));
        }
    }
    post("/records/query", json!({"fields": [name]}));
    post("/aggregate", json!({"filter": test(name, "gt", 1), "group": [], "measures": count}));
    post("/aggregate", json!({"group": [], "measures": [{"key": "m", "formula": format!("{name} + 1")}]}));
    post("/export", json!({"format": "csv", "fields": [name]}));
    post("/export", json!({"format": "csv", "filter": test(name, "gt", 1)}));
    post("/views", json!({"label": "x", "filter": test(name, "gt", 1)}));
    post("/views", json!({"label": "x", "sort": [{"field": name}]}));
    post("/records", json!({"fields": {name: "x"}}));
    post("/records/bulk", json!({"update": [{"id": orders.north["id"], "fields": {name: 5}}]}));
    post("/records/bulk", json!({"upsert": {"key": [name], "rows": [{"fields": {name: "x"}}]}}));
    for formula in ["NAME", "NAME + 1", "NAME & \"x\"", "SUM(NAME)", "NAME.x", "UPPER(NAME)"] {
        let set = json!({"name": {"formula": formula.replace("NAME", name)}});
        post("/bulk-edit", json!({"filter": test("name", "eq", "none"), "set": set}));
    }
    post("/bulk-edit", json!({"filter": test(name, "gt", 1), "set": {"amount": 1}}));
    post("/bulk-edit", json!({"filter": test("name", "eq", "none"), "set": {name: {}}}));
    post("/evaluate", json!({"record": {name: 5}}));
    post("/import", json!({"file": file, "mapping": {"name": name}, "mode": "create"}));
    post("/import", json!({"file": file, "mapping": {"name": "name"}, "mode": "upsert", "key": [name]}));
    let edit = json!({"fields": {name: "x"}});
    all.push((Method::PATCH, at(&record), edit));
    for rest in [
        format!("/records?sort={name}"),
        format!("/records?fields={name}"),
        format!("{record}/fields/{name}"),
        format!("/fields/{name}/options"),
    ] {
        all.push((Method::GET, at(&rest), Value::Null));
    }
    all
}

#[tokio::test]
async fn t03_a_closed_field_answers_like_one_that_is_not_there() {
    on_both_shared(async |workspace| {
        let orders = orders(&workspace).await;
        let mei = &orders.mei;
        let file = mei.upload("a.csv", "text/csv", b"name,amount\nA,1\n".to_vec()).await;
        let ask = async |(method, path, body): (Method, String, Value)| {
            let request = mei.request(method, &path).header("if-match", "*");
            mei.send(if body.is_null() { request } else { request.json(&body) }).await
        };
        let (closed, missing) = (requests(&orders, &file, "secret"), requests(&orders, &file, "sesame"));
        assert!(closed.len() > 100);
        for (closed, missing) in closed.into_iter().zip(missing) {
            let place = format!("{closed:?}");
            let (of_closed, of_missing) = (ask(closed).await, ask(missing).await);
            assert_eq!(told(&of_closed, "secret"), told(&of_missing, "sesame"), "{place}");
            let is_trial = place.contains("/evaluate");
            assert!(is_trial || of_closed.status >= 400, "{place}: {}", of_closed.body);
        }
    })
    .await;
}
