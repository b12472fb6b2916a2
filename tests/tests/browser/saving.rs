//! A record is saved: what is wrong first has the focus, two presses make one record, and what was chosen last is offered first.

use serde_json::{Value, json};
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// A record is on its way for half a second; how many were sent is counted.
const SLOW: &str = "const real = window.fetch; window.__sent = 0; \
     window.fetch = async (...asked) => { \
         if (asked[0].method === 'POST' && asked[0].url.endsWith('/records')) { \
             window.__sent++; await new Promise(go => setTimeout(go, 500)); } \
         return real.apply(window, asked); }";

/// Wishes with a name, a day and a shop, of which there are three.
async fn wishes(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let shop = json!({"key": "shop", "label": "Shop", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let shop = id_of(&admin.post("/apps/office/forms", shop).await.created());
    for name in ["Acme", "Birch", "Cedar"] {
        admin.post(&format!("/forms/{shop}/records"), json!({"fields": {"name": name}})).await.created();
    }
    let wish = json!({"key": "wish", "label": "Wish", "title": "{name}", "fields": [
        {"key": "note", "label": "Note", "kind": "text"},
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "day", "label": "Day", "kind": "date", "required": true},
        {"key": "shop", "label": "Where", "kind": "link", "options": {"form": "shop"}}]});
    id_of(&admin.post("/apps/office/forms", wish).await.created())
}

#[tokio::test]
async fn a_record_is_saved_once_and_what_is_wrong_first_has_the_focus() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = wishes(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    what_is_wrong_first_has_the_focus(&browser, &form).await;
    two_presses_make_one_record(&browser, &admin, &form).await;
    what_was_chosen_last_comes_first(&browser, &form).await;
    two_keys_make_one_record(&browser, &admin, &form).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn has_focus(browser: &Browser, field: &str) {
    let at = format!("return document.activeElement?.closest('#at-{field}') != null");
    let here = browser.until(async || browser.script(&at).await == true).await;
    let active = browser.script("return document.activeElement?.outerHTML ?? ''").await;
    assert!(here, "the focus is not in {field} but in {active}");
}

/// By the button and by the key; one types right away what is missing.
async fn what_is_wrong_first_has_the_focus(browser: &Browser, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Note", "Soon").await;
    browser.click("Save").await;
    browser.part(".banner.danger").sees("Name").await;
    has_focus(browser, "name").await;
    browser.keys("Desk").await;
    browser.keys(Key::Control + "s").await;
    has_focus(browser, "day").await;
    browser.keys("2026/9/1".to_owned() + Key::Tab).await;
    browser.gone(".banner.danger").await;
    browser.holds("Name", "Desk").await;
    browser.holds("Day", "2026-09-01").await;
}

async fn names(admin: &Client, form: &str) -> Value {
    let list = admin.get(&format!("/forms/{form}/records?sort=name")).await.ok();
    list["items"].as_array().unwrap().iter().map(|record| record["fields"]["name"].clone()).collect()
}

async fn two_presses_make_one_record(browser: &Browser, admin: &Client, form: &str) {
    browser.choose("Where", "Birch").await;
    browser.script(SLOW).await;
    let save = browser.control("Save").await;
    browser.driver.action_chain().double_click_element(&save).perform().await.unwrap();
    browser.sees("This is the record as it is stored.").await;
    assert_eq!(browser.script("return window.__sent").await, 1);
    assert_eq!(names(admin, form).await, json!(["Desk"]));
}

async fn what_was_chosen_last_comes_first(browser: &Browser, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.click_at("#at-shop button").await;
    let list = browser.part(".menu:popover-open");
    list.sees("Cedar").await;
    let offered = "return [...document.querySelectorAll('.menu:popover-open [role=option] .clip[title]')]\
         .map(option => option.title)";
    let first = async || browser.script(offered).await[0] == "Birch";
    assert!(browser.until(first).await, "{}", browser.script(offered).await);
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

async fn two_keys_make_one_record(browser: &Browser, admin: &Client, form: &str) {
    browser.enter("Name", "Lamp").await;
    browser.enter("Day", "2026-09-02").await;
    browser.script(SLOW).await;
    browser.keys(Key::Control + "ss").await;
    browser.sees("This is the record as it is stored.").await;
    assert_eq!(browser.script("return window.__sent").await, 1);
    assert_eq!(names(admin, form).await, json!(["Desk", "Lamp"]));
}
