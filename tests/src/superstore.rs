//! Real orders with their figures, found by other means: a form made of the file has to add up to the same.
//!
//! A cut of them lies here. `FORMWORK_SUPERSTORE` names a folder with all of them, `orders.csv` and `expected.json`, which the
//! test over the API then takes instead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;

/// Names the folder with the whole file.
const FOLDER: &str = "FORMWORK_SUPERSTORE";
const CUT: &str = include_str!("../data/superstore/orders_cut.csv");
const EXPECTED_OF_CUT: &str = include_str!("../data/superstore/expected_cut.json");

/// What is expected as groups, and what the groups are made by.
const GROUPS: [(&str, &str); 5] = [
    ("by_year", r#"[{"field": "order_date", "unit": "year"}]"#),
    ("by_month", r#"[{"field": "order_date", "unit": "month"}]"#),
    ("by_segment", r#"[{"field": "segment"}]"#),
    ("by_category", r#"[{"field": "category"}]"#),
    ("by_region_and_category", r#"[{"field": "region"}, {"field": "category"}]"#),
];

/// What is expected of all orders together.
const TOTALS: [&str; 7] = ["lines", "orders", "customers", "products", "quantity", "sales", "profit"];

/// What is expected besides, and asked in ways of its own.
const OTHERS: [&str; 3] = ["lines_with_loss", "top_10_customers_by_sales", "repeat_all_time"];

const SUMMED: [&str; 3] = ["sales", "profit", "lines"];
const REPEATED: [&str; 3] = ["buyers", "repeat_buyers", "repeat_rate_percent"];

/// The orders as a csv file, and the figures that they add up to.
pub struct Orders {
    pub csv: String,
    expected: Value,
}

impl Orders {
    /// All of them where the folder is named, else the cut.
    pub fn at_hand() -> Self {
        match std::env::var_os(FOLDER).filter(|folder| !folder.is_empty()) {
            Some(folder) => Self::whole(Path::new(&folder)),
            None => Self::cut(),
        }
    }

    /// 654 of them.
    pub fn cut() -> Self {
        Self { csv: CUT.to_owned(), expected: serde_json::from_str(EXPECTED_OF_CUT).unwrap() }
    }

    fn whole(folder: &Path) -> Self {
        let read = |name: &str| {
            let file = folder.join(name);
            std::fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("{FOLDER}: {}: {error}", file.display()))
        };
        let expected = serde_json::from_str(&read("expected.json")).unwrap();
        Self { csv: read("orders.csv"), expected }
    }

    /// How many there are.
    pub fn rows(&self) -> u64 {
        self.expected["lines"].as_u64().unwrap()
    }
}

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

/// The names of what an object holds.
fn members(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

impl Orders {
    /// Asks for every figure of the orders and compares it with the one that is known; a figure that is known and not asked for
    /// is a fault.
    pub async fn check_figures(&self, client: &Client, form: &str) {
        let groups = GROUPS.iter().map(|(name, _)| *name);
        let asked: BTreeSet<&str> = TOTALS.into_iter().chain(OTHERS).chain(groups).collect();
        assert_eq!(members(&self.expected), asked);
        self.check_totals(client, form).await;
        for (name, group) in GROUPS {
            self.check_groups(client, form, name, group).await;
        }
        self.check_best_customers(client, form).await;
        check_repeat(client, form, Value::Null, &self.expected["repeat_all_time"]).await;
        for (year, wanted) in self.expected["by_year"].as_object().unwrap() {
            let days = [format!("{year}-01-01"), format!("{year}-12-31")];
            let in_year = json!({"field": "order_date", "op": "between", "value": days});
            check_repeat(client, form, in_year, wanted).await;
        }
    }

    async fn check_totals(&self, client: &Client, form: &str) {
        let measures = json!([{"key": "lines", "fn": "count"}, {"key": "sales", "fn": "sum", "field": "sales"},
            {"key": "profit", "fn": "sum", "field": "profit"}, {"key": "quantity", "fn": "sum", "field": "quantity"},
            {"key": "orders", "fn": "distinct", "field": "order_id"},
            {"key": "customers", "fn": "distinct", "field": "customer_id"},
            {"key": "products", "fn": "distinct", "field": "product_id"}]);
        let all = figures(client, form, json!({"measures": measures})).await;
        for key in TOTALS {
            assert_eq!(all[""][key], plain(&self.expected[key]), "{key}");
        }
        let loss = json!({"field": "profit", "op": "lt", "value": "0"});
        let loss = figures(client, form, json!({"filter": loss, "measures": sums()})).await;
        assert_eq!(loss[""]["lines"], plain(&self.expected["lines_with_loss"]));
    }

    async fn check_groups(&self, client: &Client, form: &str, name: &str, group: &str) {
        let group: Value = serde_json::from_str(group).unwrap();
        let found = figures(client, form, json!({"group": group, "measures": sums()})).await;
        let wanted = self.expected[name].as_object().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}");
        // Who came again is known of each year, and compared with the questions for it.
        let also: &[&str] = if name == "by_year" { &REPEATED } else { &[] };
        let asked: BTreeSet<&str> = SUMMED.iter().chain(also).copied().collect();
        for (group, values) in wanted {
            assert_eq!(members(values), asked, "{name} {group}");
            for key in SUMMED {
                assert_eq!(found[group][key], plain(&values[key]), "{name} {group} {key}");
            }
        }
    }

    async fn check_best_customers(&self, client: &Client, form: &str) {
        let top = json!({"group": [{"field": "customer_id"}], "limit": 10, "measures": sums(),
            "sort": [{"field": "sales", "desc": true}]});
        let top = client.post(&format!("/forms/{form}/aggregate"), top).await.ok();
        let found = top["rows"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|row| (row["group"][0].as_str().unwrap().to_owned(), plain(&row["values"]["sales"])))
            .collect();
        let wanted = self.expected["top_10_customers_by_sales"].as_array().unwrap().iter();
        let wanted: Vec<_> = wanted
            .map(|row| {
                assert_eq!(members(row), BTreeSet::from(["customer", "sales"]));
                (row["customer"].as_str().unwrap().to_owned(), plain(&row["sales"]))
            })
            .collect();
        assert_eq!(found, wanted);
    }
}

/// Customers with orders on two or more days, over customers with any.
async fn check_repeat(client: &Client, form: &str, filter: Value, wanted: &Value) {
    assert!(REPEATED.iter().all(|key| members(wanted).contains(key)), "{wanted}");
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
