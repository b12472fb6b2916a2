//! The forms that are measured, and the records of the long list.

use reqwest::Method;
use serde_json::{Value, json};
use tests::Client;
use tests::design::{Field, date, form, formula, number, select, text};

/// Fields of the form that is opened and filled.
pub const WIDE: usize = 100;
/// Fields of the form that is designed.
pub const LARGE: usize = 300;
/// Steps of the flow that is designed, its branches among them.
pub const STEPS: usize = 100;
/// Records in one request.
const BATCH: u64 = 1000;

/// The app of all forms.
pub async fn make_app(admin: &Client) {
    admin.post("/apps", json!({"key": "bench", "label": "Bench"})).await.created();
}

/// The address of a form's pages.
pub fn address(form: &str) -> String {
    format!("/apps/bench/forms/{form}")
}

async fn publish(admin: &Client, key: &str, fields: Vec<Field>) -> String {
    let made = admin.post("/apps/bench/forms", form(key, fields).document()).await.created();
    made["id"].as_str().expect("a form has an id").to_owned()
}

/// A form of 100 fields: texts, numbers, dates, choices, and ten that formulas compute of the numbers; gives its id.
pub async fn wide(admin: &Client) -> String {
    let mut fields: Vec<Field> = (1..=30).map(|n| number(&format!("n{n}"), 2)).collect();
    fields.push(formula("twice", "n1 * 2"));
    fields.extend((2..=10).map(|n| formula(&format!("sum{n}"), &format!("n1 + n{n} * 3"))));
    fields.extend((1..=40).map(|n| text(&format!("t{n}"))));
    fields.extend((1..=10).map(|n| date(&format!("d{n}"))));
    fields.extend((1..=10).map(|n| select(&format!("s{n}"), &["one", "two", "three", "four"])));
    assert_eq!(fields.len(), WIDE);
    publish(admin, "wide", fields).await
}

/// A form of 300 fields; gives its id.
pub async fn large(admin: &Client) -> String {
    let kind = |n: usize| match n % 4 {
        0 => number(&format!("n{n}"), 0),
        1 => date(&format!("d{n}")),
        2 => select(&format!("s{n}"), &["one", "two"]),
        _ => text(&format!("t{n}")),
    };
    publish(admin, "large", (0..LARGE).map(kind).collect()).await
}

/// A form whose flow has 100 steps: ten branches of three arms with three approvals each; gives its id.
pub async fn flow(admin: &Client) -> String {
    let form = publish(admin, "flowing", vec![text("name"), number("amount", 2)]).await;
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let approval = |block: usize, arm: usize, n: usize| {
        json!({"kind": "approve", "key": format!("a{block}_{arm}_{n}"),
        "label": format!("Approval {block}.{arm}.{n}"), "who": [{"submitter": true}]})
    };
    let steps = |block: usize, arm: usize| (1..=3).map(|n| approval(block, arm, n)).collect::<Vec<_>>();
    let arm = |block: usize, arm: usize| {
        json!({"key": format!("arm{arm}"), "label": format!("Arm {block}.{arm}"),
        "when": {"field": "amount", "op": "gt", "value": (1000 * (3 - arm)).to_string()}, "steps": steps(block, arm)})
    };
    let block = |block: usize| {
        json!({"kind": "branch", "key": format!("b{block}"), "label": format!("Branch {block}"),
        "mode": "exclusive", "arms": [arm(block, 1), arm(block, 2)], "default": {"steps": steps(block, 3)}})
    };
    let blocks: Vec<Value> = (1..=STEPS / 10).map(block).collect();
    let document = json!({"format": 1, "label": "Flowing", "steps": blocks});
    admin.put(&format!("/forms/{form}/flow/draft"), "\"0\"", document).await.ok();
    form
}

/// A form with so many records; gives its id.
pub async fn long(admin: &Client, records: u64) -> String {
    let fields = vec![
        text("name"),
        number("amount", 2),
        number("pieces", 0),
        date("day"),
        select("state", &["open", "paid", "sent", "void"]),
        text("phone"),
        text("place"),
        text("note"),
    ];
    let form = publish(admin, "long", fields).await;
    for first in (1..=records).step_by(BATCH as usize) {
        if first % 100_000 == 1 {
            eprintln!("    {} of {records} records", first - 1);
        }
        let numbers = first..(first + BATCH).min(records + 1);
        let batch: Vec<Value> = numbers.map(|number| json!({"fields": record(number)})).collect();
        let request = admin.request(Method::POST, &format!("/forms/{form}/records/bulk"));
        admin.send(request.json(&json!({"create": batch, "atomic": true}))).await.ok();
    }
    form
}

/// What the record with this number holds.
fn record(number: u64) -> Value {
    json!({
        "name": format!("Order {number}"),
        "amount": format!("{}.{:02}", number * 7 % 90_000, number % 100),
        "pieces": (number % 500).to_string(),
        "day": format!("20{:02}-{:02}-{:02}", 10 + number % 16, 1 + number % 12, 1 + number % 28),
        "state": (["open", "paid", "sent", "void"][(number % 4) as usize]),
        "phone": format!("138{:08}", number * 37 % 100_000_000),
        "place": format!("Warehouse {}", number % 40),
        "note": format!("Remark {number} of a list that is long"),
    })
}
