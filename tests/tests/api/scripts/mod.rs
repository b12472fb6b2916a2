//! Transaction scripts: posting in the save, what they refuse, what they may not do, and how it is taken back.

mod at_once;
mod at_random;
mod bench;
mod events;
mod kept;
mod limits;
mod posting;
mod tables;
mod voiding;

use serde_json::{Value, json};
use tests::design::{Design, form, link, number, text};
use tests::workspace::{App, items};
use tests::{Client, Form, Workspace};

/// Posts a receipt: the balance of its item, and a line that says from where.
pub const POST: &str = r#"
let there = first("stock", #{item: record.item});
let on_hand = if there == () { 0 } else { there.on_hand ?? 0 };
let after = on_hand + record.qty;
if after < 0 { refuse("too_few", #{have: on_hand, item: record.item}); }
if there == () { create("stock", #{item: record.item, on_hand: after}); }
else { update("stock", there, #{on_hand: after}); }
create("entry", #{item: record.item, qty: record.qty, source: record});
record.posted = true;
record.after = after;
"#;

/// Takes back what was posted.
pub const UNPOST: &str = r#"
let there = first("stock", #{item: record.item});
let after = there.on_hand - record.qty;
if after < 0 { refuse("already_gone", #{have: there.on_hand}); }
update("stock", there, #{on_hand: after});
create("entry", #{item: record.item, qty: -record.qty});
"#;

/// Receipts, the balances that they are posted to, and the lines that say how these came about.
pub struct Depot {
    pub app: App,
    pub receipts: Form,
    pub stock: Form,
    pub entries: Form,
    pub admin: Client,
}

impl Depot {
    /// Receipts are posted when they are submitted, and taken back when they are voided or deleted.
    pub async fn build(workspace: &Workspace) -> Self {
        let app = workspace.app("Depot").await;
        let admin = workspace.admin.clone();
        let on_hand = number("on_hand", 0).with("by_script", true);
        let stock = app.form(form("stock", [text("item"), on_hand])).await;
        let receipts = app.form(receipt("receipt", json!([]))).await;
        let entry =
            [text("item"), number("qty", 0), link("source", "receipt").option("on_target_delete", "clear")];
        let entries = app.form(form("entry", entry)).await;
        let depot = Self { app, receipts, stock, entries, admin };
        depot.script("post", POST).await;
        depot.script("unpost", UNPOST).await;
        let bound = json!([{"on": "submit", "script": "post"}, {"on": "void", "script": "unpost"},
            {"on": "delete", "script": "unpost"}]);
        depot.bind(&depot.receipts, bound).await;
        depot
    }

    /// Writes a script of the app, which may be there already.
    pub async fn script(&self, key: &str, source: &str) {
        let made = self.admin.post(&self.app.path("/scripts"), json!({"key": key, "source": source})).await;
        if made.status == 409 {
            let path = self.app.path(&format!("/scripts/{key}"));
            self.admin.put(&path, "*", json!({"source": source})).await.ok();
        } else {
            made.created();
        }
    }

    /// Binds scripts to a form.
    pub async fn bind(&self, form: &Form, bindings: Value) {
        form.extend(json!([{"do": "set_form", "member": "scripts", "value": bindings}])).await;
    }

    /// How much of an item there is, by its balance; nothing where there is none.
    pub async fn on_hand(&self, item: &str) -> Option<i64> {
        let asked = json!({"filter": {"field": "item", "op": "eq", "value": item}});
        let found = self.stock.query(&self.admin, asked).await.ok();
        let found = items(&found);
        assert!(found.len() <= 1, "{item} has two balances: {found:?}");
        found.first().map(|record| record["fields"]["on_hand"].as_str().unwrap().parse().unwrap())
    }

    pub async fn count(&self, form: &Form) -> i64 {
        let found = form.query(&self.admin, json!({"count": "exact", "limit": 1})).await.ok();
        found["count"]["value"].as_i64().unwrap()
    }

    pub async fn void(&self, record: &Value) -> tests::Answer {
        let path = format!("{}/void", self.receipts.at(record));
        self.admin.post(&path, json!({"reason": "a mistake"})).await
    }
}

/// A form of things that come in, with what scripts say of them.
pub fn receipt(key: &str, scripts: Value) -> Design {
    let fields = [
        text("item").required(),
        number("qty", 0).required(),
        tests::design::Field::new("posted", "switch").with("by_script", true),
        number("after", 0).with("by_script", true),
        number("twice", 0).computed("after * 2"),
    ];
    form(key, fields).with("scripts", scripts)
}
