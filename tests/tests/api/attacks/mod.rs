//! Attacks of the threat model that no other story is about, each under the number of its threat (docs/security.md).

mod names;
mod requests;
mod sessions;
mod tenants;
mod writes;

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, number, select, test, text};
use tests::workspace::id_of;
use tests::{Answer, Form, Person, Workspace};

/// Orders with a closed field, and who sees those of the north without it.
struct Orders {
    order: Form,
    mei: Person,
    /// A record that `mei` sees, and one that she does not.
    north: Value,
    south: Value,
}

async fn orders(workspace: &Workspace) -> Orders {
    let app = workspace.app("Sales").await;
    app.form(form("customer", [text("name"), text("secret")])).await;
    let fields = [
        text("name"),
        select("region", &["north", "south"]),
        number("amount", 2),
        text("secret"),
        Field::new("papers", "files"),
        link("who", "customer"),
    ];
    let order = app.form(form("order", fields).with("title", "{name}")).await;
    let mei = workspace.person("mei").await;
    let may = ["view", "create", "edit", "delete", "import", "export", "bulk_edit"];
    let clerks = group("clerks", &[&mei.id]).may(&may).field("secret", "none");
    order.allow(clerks.rows(test("region", "eq", "north"))).await;
    let row =
        |name: &str, region: &str| json!({"name": name, "region": region, "amount": 5, "secret": "hush"});
    let north = order.add(row("Ann", "north")).await;
    let south = order.add(row("Bea", "south")).await;
    Orders { order, mei, north, south }
}

/// What was answered, without what is of this request alone, and with `name` as NAME.
fn told(answer: &Answer, name: &str) -> (u16, String) {
    let mut body = answer.body.clone();
    if body.is_object() {
        body["request_id"] = Value::Null;
    }
    (answer.status, body.to_string().replace(name, "NAME"))
}

/// The path of the record that `mei` does not see.
fn unseen(orders: &Orders) -> String {
    orders.order.path(&format!("/records/{}", id_of(&orders.south)))
}
