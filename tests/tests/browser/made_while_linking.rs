//! A record that is missing in a picker is made there, and linked.

use serde_json::json;
use tests::{Browser, Database, Server};

#[tokio::test]
async fn what_a_picker_does_not_find_is_made_and_linked() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let product = json!({"key": "product", "label": "Product", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "code", "label": "Code", "kind": "text", "required": true}]});
    let product = admin.post("/apps/shop/forms", product).await.created()["id"].as_str().unwrap().to_owned();
    let order = json!({"key": "order", "label": "Order", "fields": [
        {"key": "product", "label": "Product", "kind": "link", "options": {"form": "product", "create": true}}]});
    let order = admin.post("/apps/shop/forms", order).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{order}/new")).await;
    browser.choose("Product", "New").await;
    let dialog = browser.dialog();
    dialog.sees("New Product").await;
    dialog.fill("Name", "Desk").await;
    // What is missing is said here, and the order itself is not sent by the keys that are pressed.
    dialog.click("Save").await;
    dialog.part(".banner").sees("Code").await;
    dialog.fill("Code", "D-1").await;
    dialog.click("Save").await;
    browser.gone("dialog").await;
    browser.part(".record-body").sees("Desk").await;
    browser.click("Save").await;
    browser.sees("Saved").await;
    let made = admin.get(&format!("/forms/{product}/records")).await.ok();
    let orders = admin.get(&format!("/forms/{order}/records")).await.ok();
    assert_eq!(made["items"][0]["fields"], json!({"name": "Desk", "code": "D-1"}));
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(orders["items"][0]["fields"]["product"], made["items"][0]["id"]);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
