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

/// A new record of the form, on a phone; with the address of its page.
async fn new_record_on_a_phone() -> (Server, Browser, String) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let new = format!("/apps/office/forms/{}/new", form(&admin).await);
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    (server, browser, new)
}

#[tokio::test]
async fn a_draft_is_offered_again_only_where_something_was_entered() {
    let (server, browser, new) = new_record_on_a_phone().await;
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

#[tokio::test]
async fn rows_on_a_phone_are_cards_that_name_what_must_be_filled() {
    let (server, browser, _) = new_record_on_a_phone().await;
    for row in 0..2 {
        browser.click("Add a row").await;
        browser.find(&format!("#at-lines-{row}-item input")).await;
    }
    // Each input has its name in sight, the first one too, and a star where it must be filled.
    let names = "return [...document.querySelectorAll('#at-lines-0-item, #at-lines-0-qty')].map(cell => {\
         const label = cell.querySelector('label'), box = label.getBoundingClientRect();\
         const star = getComputedStyle(label, '::after').content.includes('*');\
         return [box.width > 20 && box.height > 10 && label.control === cell.querySelector('input'),\
             [...label.childNodes].map(node => node.textContent.trim()).find(text => text), star]})";
    assert_eq!(browser.script(names).await, json!([[true, "Item", true], [true, "Quantity", false]]));
    // What lies on the card covers nothing else of it.
    let parts = "const box = css => document.querySelector(css).getBoundingClientRect();\
         const [label, input, cross] = [box('#at-lines-0-item label'), box('#at-lines-0-item .input'),\
             box('#remove-lines-0 button')];\
         return [label.bottom <= input.top, cross.bottom <= input.top + 1, input.right <= innerWidth]";
    assert_eq!(browser.script(parts).await, json!([true, true, true]));
    // There are no keys to tell of.
    browser.click("Row 2: move or remove").await;
    let menu = browser.part(".menu:popover-open");
    menu.sees("Move up").await;
    assert!(!menu.shows("Alt").await, "{}", menu.text().await);
    menu.click("Move up").await;
    browser.gone(".menu:popover-open").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
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
