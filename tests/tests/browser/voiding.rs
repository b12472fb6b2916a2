//! Voiding a record in the browser: asked with its reason, marked, and told in its history.

use serde_json::json;
use tests::{Browser, Database, Server};

#[tokio::test]
async fn a_record_is_voided_with_a_reason_and_shows_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "depot", "label": "Depot"})).await.created();
    let script = json!({"key": "unpost", "source": "record.posted = false;"});
    admin.post("/apps/depot/scripts", script).await.created();
    let fields = json!([{"key": "item", "label": "Item", "kind": "text"},
        {"key": "posted", "label": "Posted", "kind": "switch", "by_script": true}]);
    let receipt = json!({"key": "receipt", "label": "Receipt", "title": "{item}", "fields": fields,
        "scripts": [{"on": "void", "script": "unpost"}]});
    let form = admin.post("/apps/depot/forms", receipt).await.created();
    let form = form["id"].as_str().unwrap();
    let record = json!({"fields": {"item": "Chairs"}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    let record = record["id"].as_str().unwrap();

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/depot/forms/{form}/records/{record}")).await;
    browser.part("main.record").sees("Chairs").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Void").await;
    let dialog = browser.dialog();
    dialog.sees("there is no way back").await;
    dialog.fill("Reason", "Counted twice").await;
    dialog.click("Void").await;
    browser.part("main.record").sees("Voided").await;
    browser.part("main.record").sees("can no longer be changed").await;
    browser.part("aside.side").sees("Voided the record").await;
    browser.part("aside.side").sees("Counted twice").await;
    let stored = admin.get(&format!("/forms/{form}/records/{record}")).await.ok();
    assert!(stored["system"]["voided_at"].is_string(), "{stored}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
