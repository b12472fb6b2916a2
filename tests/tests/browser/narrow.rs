//! Little room: a form on a phone, a long choice in a narrow field of the designer.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const LONG: &str = "A warehouse with a name that is longer than its field is wide";

async fn form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let choices = json!([{"key": "a", "label": LONG, "color": "o3"}, {"key": "b", "label": "Short"}]);
    let form = json!({"key": "request", "label": "Request", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "place", "label": "Place", "kind": "select", "options": {"choices": choices}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text", "required": true},
            {"key": "qty", "label": "Quantity", "kind": "number", "default": "1"}]}}],
        "layout": [{"row": [{"field": "name", "width": 9}, {"field": "place", "width": 3}]},
            {"row": [{"field": "lines", "width": 12}]}]});
    let form: Value = admin.post("/apps/office/forms", form).await.created();
    form["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_draft_is_offered_again_only_where_something_was_entered() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let new = format!("/apps/office/forms/{}/new", form(&admin).await);
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    // A row that was only added, with what it begins with, is nothing.
    browser.click("Add a row").await;
    browser.find("#at-lines-0-item input").await;
    browser.fill("Name", "x").await;
    browser.keys(Key::Backspace + "").await;
    assert!(browser.until(async || browser.held("Name").await.is_empty()).await);
    browser.crash().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    browser.input("Name").await;
    browser.gone(".banner").await;
    // One word is enough.
    browser.fill("Name", "Chairs").await;
    assert!(browser.until(async || kept(&browser).await.contains("Chairs")).await);
    browser.crash().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    browser.sees("You have an unsaved draft.").await;
    browser.click("Continue").await;
    assert_eq!(browser.held("Name").await, "Chairs");
    browser.close().await;
    server.close().await;
}

/// What this browser keeps.
async fn kept(browser: &Browser) -> String {
    browser.script("return JSON.stringify(localStorage)").await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_long_choice_stays_inside_a_narrow_field() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let request = form(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{request}/design")).await;
    browser.part(".canvas").choose("Place", LONG).await;
    browser.part(".canvas .slot.q1").find(".input .chip").await;
    let over = "const inner = document.querySelector('.canvas .slot.q1 .input');\
         const chip = inner.querySelector('.chip').getBoundingClientRect();\
         const arrow = inner.querySelector('.end').getBoundingClientRect();\
         const box = inner.getBoundingClientRect();\
         return Math.max(chip.right - arrow.left, arrow.right - box.right, chip.height - box.height)";
    let over = browser.script(over).await.as_f64().unwrap();
    assert!(over <= 0.0, "the choice runs {over} pixels over its field");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
