//! All records of a list changed at once: looked at before, done, found in the history, and taken back.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

/// Orders of three things; the second costs too much to be raised.
async fn orders(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let order = json!({"key": "order", "label": "Order", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "price", "label": "Price", "kind": "number", "options": {"max": "100", "scale": 2}}]});
    let order = admin.post("/apps/shop/forms", order).await.created()["id"].as_str().unwrap().to_owned();
    for (name, price) in [("Chair", 5), ("Desk", 90), ("Lamp", 7)] {
        let fields = json!({"name": name, "price": price});
        admin.post(&format!("/forms/{order}/records"), json!({"fields": fields})).await.created();
    }
    order
}

async fn prices(admin: &Client, order: &str) -> Vec<Value> {
    let query = json!({"sort": [{"field": "name"}]});
    let list = admin.post(&format!("/forms/{order}/records/query"), query).await.ok();
    list["items"].as_array().unwrap().iter().map(|one| one["fields"]["price"].clone()).collect()
}

#[tokio::test]
async fn all_records_of_a_list_are_changed_and_changed_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let order = orders(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{order}")).await;
    browser.part("[role=grid]").sees("Lamp").await;
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Edit all these records").await;
    let dialog = browser.dialog();
    dialog.sees("All records of this list are changed").await;
    // A line that was added stands by itself: here the first one is taken out again.
    dialog.click("Another field").await;
    dialog.click_at("button[aria-label='Do not set this field']").await;
    dialog.gone("button[aria-label='Do not set this field']").await;
    dialog.choose("Field", "Price").await;
    dialog.click("A formula").await;
    dialog.fill("A formula", "Price * 10").await;
    dialog.click("Preview").await;
    dialog.sees("1 record can’t be changed; the others can").await;
    let sample = dialog.part(".fault-table tbody");
    for said in ["Chair", "5.00", "50.00", "Lamp", "70.00"] {
        sample.sees(said).await;
    }
    assert_eq!(prices(&admin, &order).await, ["5.00", "90.00", "7.00"], "nothing is changed yet");

    dialog.click("Change 2 records").await;
    dialog.sees("Changed").await;
    dialog.control("Undo").await;
    assert_eq!(prices(&admin, &order).await, ["50.00", "90.00", "70.00"]);
    dialog.click("Undo").await;
    dialog.sees("As they were").await;
    assert_eq!(prices(&admin, &order).await, ["5.00", "90.00", "7.00"]);
    dialog.click("Close").await;
    browser.gone("dialog").await;

    // The history says how it came, and brings an earlier version back.
    browser.part("[role=grid] tbody").click_at("tr[role=row] td.title").await;
    let drawer = browser.part(".drawer");
    drawer.click("History").await;
    drawer.sees("By a bulk edit").await;
    drawer.sees("Went back to an earlier version").await;
    drawer.click("Restore this version").await;
    browser.dialog().sees("Put the record back to").await;
    browser.dialog().click("Restore this version").await;
    browser.sees("The record is as it was then").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
