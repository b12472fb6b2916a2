//! A select takes its choices from another form: designed with the mouse, and filled from a picker.

use serde_json::json;
use tests::{Browser, Database, Server};

#[tokio::test]
async fn choices_of_another_form_are_designed_and_chosen() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "travel", "label": "Travel"})).await.created();
    let city =
        json!({"key": "city", "label": "City", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let city = admin.post("/apps/travel/forms", city).await.created()["id"].as_str().unwrap().to_owned();
    for name in ["Basel", "Bern", "Chur"] {
        admin.post(&format!("/forms/{city}/records"), json!({"fields": {"name": name}})).await.created();
    }
    let trip = json!({"key": "trip", "label": "Trip", "fields": [
        {"key": "town", "label": "Town", "kind": "select", "options": {"choices": [{"key": "x", "label": "X"}]}}]});
    let trip = admin.post("/apps/travel/forms", trip).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;

    browser.go(&format!("/apps/travel/forms/{trip}/design")).await;
    browser.part(".canvas").sees("Town").await;
    browser.part(".canvas").click_at(".slot").await;
    let properties = browser.part(".pane.right");
    properties.choose("Choices from another form", "City").await;
    properties.choose("Field that gives the choices", "Name").await;
    let from = json!({"form": "city", "field": "name"});
    let is_kept = async || {
        let draft = admin.get(&format!("/forms/{trip}/draft")).await.ok();
        let options = &draft["definition"]["fields"][0]["options"];
        options["from"] == from && options["choices"].as_array().is_none_or(Vec::is_empty)
    };
    assert!(browser.until(is_kept).await, "the draft says where the choices come from");
    admin.post(&format!("/forms/{trip}/publish"), json!({})).await.ok();

    browser.go(&format!("/apps/travel/forms/{trip}/new")).await;
    browser.click_at(".input.chips").await;
    browser.pick("Bern").await;
    browser.part(".input.chips").sees("Bern").await;
    browser.click("Save").await;
    browser.sees("Saved").await;
    let made = admin.get(&format!("/forms/{trip}/records")).await.ok();
    assert_eq!(made["items"][0]["fields"]["town"], "Bern");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
