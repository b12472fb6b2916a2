//! What somebody enters beside a link or a default is what is stored: also where they emptied what was filled in, or typed
//! what was there at first.

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn what_is_shown_beside_a_link_is_what_is_stored() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let order = order_form(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{order}/new")).await;
    what_was_filled_in_is_emptied(&browser).await;
    let path = format!("/forms/{order}/records");
    let list = admin.get(&path).await.ok();
    let path = format!("{path}/{}", list["items"][0]["id"].as_str().unwrap());
    let made = admin.get(&path).await.ok();
    let fields = &made["fields"];
    assert_eq!((&fields["price"], &fields["due"]), (&Value::Null, &Value::Null), "{made}");
    let line = &fields["lines"][0];
    assert_eq!((&line["price"], &line["qty"]), (&Value::Null, &json!("2")), "{made}");

    let version = made["version"].as_i64().unwrap();
    admin.patch(&path, version, json!({"fields": {"price": "4"}})).await.ok();
    let page = made["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{order}/records/{page}")).await;
    what_was_there_is_typed_again(&browser).await;
    let changed = admin.get(&path).await.ok();
    assert_ne!(changed["fields"]["item"], made["fields"]["item"]);
    assert_eq!(changed["fields"]["price"], "4.00", "{changed}");
    assert_eq!(changed["fields"]["lines"], made["fields"]["lines"], "{changed}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Two products, and an order that a product fills, in rows too; gives the id of the latter.
async fn order_form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let product = json!({"key": "product", "label": "Product", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "price", "label": "List price", "kind": "money"}]});
    let product = admin.post("/apps/office/forms", product).await.created();
    let products = format!("/forms/{}/records", product["id"].as_str().unwrap());
    for (name, price) in [("Desk", "320.00"), ("Chair", "80.00")] {
        admin.post(&products, json!({"fields": {"name": name, "price": price}})).await.created();
    }
    let item = json!({"key": "item", "label": "Item", "kind": "link", "options": {"form": "product",
        "fill": [{"from": "price", "to": "price", "mode": "snapshot"}]}});
    let mut product = item.clone();
    product["label"] = json!("Product");
    let order = json!({"key": "order", "label": "Order", "fields": [
        {"key": "subject", "label": "Subject", "kind": "text"},
        item,
        {"key": "price", "label": "Price", "kind": "money"},
        {"key": "count", "label": "Count", "kind": "number", "options": {"scale": 0}},
        {"key": "due", "label": "Due", "kind": "number", "options": {"scale": 0},
            "default": {"formula": "count * 2"}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            product,
            {"key": "price", "label": "Unit price", "kind": "money"},
            {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 0}, "default": 1}]}}]});
    let order = admin.post("/apps/office/forms", order).await.created();
    order["id"].as_str().unwrap().to_owned()
}

async fn comes_to_hold(browser: &Browser, label: &str, text: &str) {
    let same = browser.until(async || browser.held(label).await == text).await;
    assert!(same, "{label} holds {:?}, not {text:?}", browser.held(label).await);
}

/// The text of an input in the first line.
async fn cell_becomes(browser: &Browser, column: &str, text: &str) {
    let held = format!("return document.querySelector('#at-lines-0-{column} input')?.value ?? ''");
    let same = browser.until(async || browser.script(&held).await == text).await;
    assert!(same, "{column} is {:?}, not {text:?}", browser.script(&held).await);
}

async fn what_was_filled_in_is_emptied(browser: &Browser) {
    browser.enter("Subject", "Desks").await;
    browser.choose("Item", "Desk").await;
    comes_to_hold(browser, "Price", "320.00").await;
    browser.enter("Price", "").await;
    browser.enter("Count", "5").await;
    comes_to_hold(browser, "Due", "10").await;
    browser.enter("Due", "").await;
    browser.click("Add a row").await;
    browser.click_at("#at-lines-0-item button").await;
    browser.pick("Chair").await;
    cell_becomes(browser, "price", "80.00").await;
    browser.click_at("#at-lines-0-price input").await;
    browser.keys(Key::Control + "a").await;
    browser.keys(Key::Delete + "").await;
    browser.click_at("#at-lines-0-qty input").await;
    browser.keys(Key::Control + "a").await;
    browser.keys("2").await;
    cell_becomes(browser, "qty", "2").await;
    cell_becomes(browser, "price", "").await;
    browser.click("Save").await;
    browser.part("aside.side").sees("History").await;
}

async fn what_was_there_is_typed_again(browser: &Browser) {
    comes_to_hold(browser, "Price", "4.00").await;
    browser.choose("Item", "Chair").await;
    comes_to_hold(browser, "Price", "80.00").await;
    browser.enter("Price", "4").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
}
