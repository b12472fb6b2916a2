//! Permission groups: who does what with which records and fields, on every way to them.

mod closed;
mod dashboards;
mod designing;
mod elsewhere;
mod explained;
mod fields;
mod links;
mod operations;
mod rows;
pub mod see_as;
mod unseen;

use serde_json::json;
use tests::design::{form, number, select, subform, text};
use tests::{Form, Workspace};

/// Orders of two regions with a cost that not everybody sees.
async fn orders(workspace: &Workspace) -> Form {
    let order = workspace
        .form(form(
            "order",
            [
                text("name"),
                select("region", &["north", "south"]),
                number("amount", 2),
                number("cost", 2),
                subform("lines", [text("item"), number("price", 2)]),
            ],
        ))
        .await;
    let row = |n: i64| {
        let region = if n % 2 == 0 { "north" } else { "south" };
        json!({"name": format!("o{n}"), "region": region, "amount": n * 10, "cost": n, "lines": [{"item": "a", "price": n}]})
    };
    order.add_all((1..=6).map(row)).await;
    order
}
