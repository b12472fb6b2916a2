//! A sub-form, whose columns have rights of their own: what a record shows of its rows.

use serde_json::{Value, json};
use tests::{Client, together};

use super::World;
use super::model::{Oracle, Stored, decimal};

/// The rows of the order at a place: what each is called, and its price in hundredths, as no other row has them.
fn rows_at(place: usize) -> Vec<(String, i64)> {
    (0..place % 3).map(|n| (format!("part {place}/{n}"), (1_000 * (place + 1) + n) as i64)).collect()
}

/// The rows as they are sent.
pub fn sent(place: usize) -> Value {
    rows_at(place).iter().map(|(what, price)| json!({"what": what, "price": decimal(*price)})).collect()
}

/// Reads some orders one by one.
pub async fn ask(world: &World, who: &Client, oracle: &Oracle<'_>, some: &[&Stored]) {
    together(some.iter().map(|order| read(world, who, oracle, order))).await;
}

async fn read(world: &World, who: &Client, oracle: &Oracle<'_>, order: &Stored) {
    let path = world.orders.path(&format!("/records/{}", order.id));
    let answer = who.get(&path).await;
    let told = format!("{path} by {:?}", oracle.of_orders);
    if !oracle.sees_order(order) {
        assert_eq!((answer.status, answer.body["code"].as_str()), (404, Some("not_found")), "{told}");
        return;
    }
    let fields = answer.ok()["fields"].clone();
    let (reads_what, reads_price) =
        (oracle.reads_of_order(order, "parts.what"), oracle.reads_of_order(order, "parts.price"));
    let place = oracle.orders.iter().position(|other| other.id == order.id).unwrap();
    let rows = rows_at(place);
    let shown = fields["parts"].as_array().cloned().unwrap_or_default();
    if !oracle.reads_of_order(order, "parts") {
        assert_eq!(fields.get("parts"), None, "{told}");
    } else if reads_what || reads_price {
        assert_eq!(shown.len(), rows.len(), "rows of {told}: {fields}");
    }
    for (row, (what, price)) in shown.iter().zip(&rows) {
        let seen = |column: &str| row.get(column).cloned().unwrap_or_default();
        let wanted = |may: bool, value: &str| if may { json!(value) } else { Value::Null };
        assert_eq!(seen("what"), wanted(reads_what, what), "{told}");
        assert_eq!(seen("price"), wanted(reads_price, &decimal(*price)), "{told}");
    }
}
