//! Real orders with their figures, found by other means: a form made of the file has to add up to the same.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::Client;

/// The orders as a csv file of 654 rows.
pub const ORDERS: &str = include_str!("../data/superstore/orders_cut.csv");
const EXPECTED: &str = include_str!("../data/superstore/expected_cut.json");

/// Decimals as numbers: `1.50` is `1.5`.
fn plain(json: &Value) -> String {
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_string);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// Asks `aggregate`, and gives the measures by the names of the groups.
async fn figures(client: &Client, form: &str, input: Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let answer = client.post(&format!("/forms/{form}/aggregate"), input).await.ok();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(answer["total"], rows.len());
    let name = |row: &Value| {
        let parts: Vec<&str> =
            row["group"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        parts.join(" / ")
    };
    let values = |row: &Value| {
        let values = row["values"].as_object().unwrap();
        values.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
    };
    rows.iter().map(|row| (name(row), values(row))).collect()
}

const SUMS: &str = r#"[{"key": "sales", "fn": "sum", "field": "sales"}, {"key": "profit", "fn": "sum", "field": "profit"},
    {"key": "lines", "fn": "count"}]"#;

fn sums() -> Value {
    serde_json::from_str(SUMS).unwrap()
}

/// Asks for every figure of the orders and compares it with the one that is known.
pub async fn check_figures(client: &Client, form: &str) {
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let measures = json!([{"key": "lines", "fn": "count"}, {"key": "sales", "fn": "sum", "field": "sales"},
        {"key": "profit", "fn": "sum", "field": "profit"}, {"key": "quantity", "fn": "sum", "field": "quantity"},
        {"key": "orders", "fn": "distinct", "field": "order_id"},
        {"key": "customers", "fn": "distinct", "field": "customer_id"},
        {"key": "products", "fn": "distinct", "field": "product_id"}]);
    let all = figures(client, form, json!({"measures": measures})).await;
    for (key, value) in &all[""] {
        assert_eq!(*value, plain(&expected[key]), "{key}");
    }
    let groups = [
        ("by_year", json!([{"field": "order_date", "unit": "year"}])),
        ("by_month", json!([{"field": "order_date", "unit": "month"}])),
        ("by_segment", json!([{"field": "segment"}])),
        ("by_category", json!([{"field": "category"}])),
        ("by_region_and_category", json!([{"field": "region"}, {"field": "category"}])),
    ];
    for (name, group) in groups {
        let found = figures(client, form, json!({"group": group, "measures": sums()})).await;
        let wanted = expected[name].as_object().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}");
        for (group, values) in wanted {
            for key in ["sales", "profit", "lines"] {
                assert_eq!(found[group][key], plain(&values[key]), "{name} {group} {key}");
            }
        }
    }
    let loss = json!({"field": "profit", "op": "lt", "value": "0"});
    let loss = figures(client, form, json!({"filter": loss, "measures": sums()})).await;
    assert_eq!(loss[""]["lines"], plain(&expected["lines_with_loss"]));

    let top = json!({"group": [{"field": "customer_id"}], "limit": 10, "measures": sums(),
        "sort": [{"field": "sales", "desc": true}]});
    let top = client.post(&format!("/forms/{form}/aggregate"), top).await.ok();
    let top: Vec<(String, String)> = top["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["group"][0].as_str().unwrap().to_string(), plain(&row["values"]["sales"])))
        .collect();
    let wanted: Vec<(String, String)> = expected["top_10_customers_by_sales"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["customer"].as_str().unwrap().to_string(), plain(&row["sales"])))
        .collect();
    assert_eq!(top, wanted);

    check_repeat(client, form, Value::Null, &expected["repeat_all_time"]).await;
    for (year, wanted) in expected["by_year"].as_object().unwrap() {
        let in_year = json!({"field": "order_date", "op": "between", "value": [format!("{year}-01-01"), format!("{year}-12-31")]});
        check_repeat(client, form, in_year, wanted).await;
    }
}

/// Customers with orders on two or more days, over customers with any.
async fn check_repeat(client: &Client, form: &str, filter: Value, wanted: &Value) {
    let input = |having: Value| {
        json!({"filter": filter, "group": [{"field": "customer_id"}], "having": having, "limit": 1,
            "measures": [{"key": "days", "fn": "distinct", "field": "order_date"}]})
    };
    let path = format!("/forms/{form}/aggregate");
    let again = json!({"field": "days", "op": "gte", "value": "2"});
    let buyers = client.post(&path, input(Value::Null)).await.ok()["total"].as_u64().unwrap();
    let again = client.post(&path, input(again)).await.ok()["total"].as_u64().unwrap();
    assert_eq!(buyers, wanted["buyers"].as_u64().unwrap());
    assert_eq!(again, wanted["repeat_buyers"].as_u64().unwrap());
    let rate = (again * 20_000 + buyers) / (buyers * 2);
    assert_eq!(format!("{}.{:02}", rate / 100, rate % 100), wanted["repeat_rate_percent"].as_str().unwrap());
}
