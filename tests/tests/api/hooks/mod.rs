//! Inbound hooks of forms: what administrators make of them, what other systems send, and what others try (reliability.md T64).

mod attacks;
mod making;
mod receiving;

use serde_json::{Value, json};
use tests::design::{Field, form, link, number, select, serial, subform, test, text};
use tests::workspace::items;
use tests::{Form, Workspace};

/// A form as orders of a shop come into it, and the form of the shop's customers.
async fn orders(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Shop").await;
    let fields = [text("code").unique(), text("name"), select("state", &["there", "gone"])];
    let customers = app.form(form("customer", fields).with("title", "{name}")).await;
    let fields = [
        text("code").required().unique(),
        text("name").required(),
        number("amount", 2).option("max", "1000"),
        text("state").with("default", "new"),
        link("customer", "customer").option("filter", test("state", "ne", "gone")),
        subform("lines", [text("sku").required(), number("qty", 0), text("note")]),
        Field::new("paper", "files"),
        serial("no", "O-"),
    ];
    (app.form(form("order", fields).with("title", "{code}")).await, customers)
}

/// What a shop sends, and where it goes.
fn map() -> Value {
    json!([
        {"from": "/order/id", "to": "code"},
        {"from": "/order/who", "to": "name"},
        {"from": "/order/total", "to": "amount", "optional": true},
        {"from": "/order/customer", "to": "customer", "by": "code", "optional": true},
        {"from": "/items", "to": "lines", "optional": true},
        {"from": "/sku", "to": "lines.sku"},
        {"from": "/n", "to": "lines.qty", "optional": true},
    ])
}

/// A hook that changes the order with the same code, or makes it.
fn upsert() -> Value {
    json!({"name": "Web shop", "mode": "upsert", "key": "code", "map": map()})
}

/// A message of the shop.
fn order(code: &str, who: &str) -> Value {
    json!({"order": {"id": code, "who": who, "total": "12.50", "more": true}, "sent": "today"})
}

/// The records of a form.
async fn records(form: &Form) -> Vec<Value> {
    items(&form.query(&form.admin, json!({"limit": 500})).await.ok()).clone()
}

/// What came by a hook, the newest first: the outcome and the code.
async fn deliveries(form: &Form, hook: &Value) -> Vec<(String, String)> {
    let list = form.admin.get(&format!("{}/deliveries", form.hook_path(hook))).await.ok();
    let text = |of: &Value, member: &str| of[member].as_str().unwrap_or_default().to_owned();
    items(&list).iter().map(|one| (text(one, "outcome"), text(one, "code"))).collect()
}
