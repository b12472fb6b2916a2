//! One builds a form and its flow, fills it and approves by keyboard alone: nothing here is clicked, and the focus goes where keys
//! take it.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::{Key, TypingData};

use crate::flow_designer::{back_from_people, name_it};

/// So many times Tab is pressed at most before it must have come to a place.
const FAR: usize = 150;

#[tokio::test]
async fn one_builds_a_form_fills_it_and_approves_by_keyboard_alone() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let me = admin.get("/me").await.ok()["id"].clone();
    admin.post("/roles", json!({"key": "BOSS", "name": "Bosses", "members": [me]})).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    an_app_with_a_form(&browser).await;
    fields_with_names(&browser).await;
    published(&browser, "Published").await;
    a_flow_with_an_approval(&browser).await;
    published(&browser, "Published as version 1").await;
    filled(&browser).await;
    approved(&browser, &admin).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Presses Tab until the focus is in what a CSS selector finds.
async fn tab_to(browser: &Browser, css: &str) {
    press_until(browser, || Key::Tab + "", css).await;
}

/// The same against the order of the page.
async fn tab_back_to(browser: &Browser, css: &str) {
    press_until(browser, || Key::Shift + Key::Tab, css).await;
}

async fn press_until(browser: &Browser, keys: impl Fn() -> TypingData, css: &str) {
    let here = format!("return !!document.activeElement?.closest({})", json!(css));
    for _ in 0..FAR {
        if browser.script(&here).await == true {
            return;
        }
        browser.keys(keys()).await;
    }
    let last = browser.script("return document.activeElement?.outerHTML.slice(0, 200)").await;
    panic!("no way of the focus leads to {css}; it is last on {last}");
}

/// Waits until the focus is in what a CSS selector finds, where it comes by itself.
async fn focus_comes_to(browser: &Browser, css: &str) {
    let here = format!("return !!document.activeElement?.closest({})", json!(css));
    assert!(browser.until(async || browser.script(&here).await == true).await, "no focus in {css}");
}

/// Goes somewhere, or does something, by the palette.
async fn jump(browser: &Browser, typed: &str, offered: &str) {
    browser.keys(Key::Control + "k").await;
    focus_comes_to(browser, ".palette").await;
    browser.keys(typed).await;
    browser.part(".palette [aria-selected=true]").sees(offered).await;
    browser.keys(Key::Enter + "").await;
    browser.gone(".palette").await;
}

async fn an_app_with_a_form(browser: &Browser) {
    jump(browser, "new app", "New app").await;
    tab_to(browser, "[name=app-name]").await;
    browser.keys("Office".to_owned() + Key::Enter).await;
    browser.sees("This app has no forms yet").await;
    jump(browser, "new form", "New form").await;
    tab_to(browser, "[name=form-name]").await;
    browser.keys("Expense".to_owned() + Key::Enter).await;
    browser.part(".canvas").sees("Expense").await;
}

/// What has the name of a field in the designer gets another one.
async fn named(browser: &Browser, name: &str) {
    browser.keys(Key::F2 + "").await;
    focus_comes_to(browser, "[name=field-label]").await;
    browser.keys(Key::Control + "a").await;
    browser.keys(name).await;
    browser.keys(Key::Escape + "").await;
    browser.part(".canvas").sees(name).await;
}

async fn fields_with_names(browser: &Browser) {
    browser.keys(Key::Down + "").await;
    browser.find(".canvas .slot[aria-current=true]").await;
    named(browser, "What for").await;
    for (kind, name) in [("money", "Amount"), ("date", "Spent on")] {
        browser.keys("/").await;
        focus_comes_to(browser, ".pane.left [role=searchbox]").await;
        browser.keys(kind.to_owned() + Key::Enter).await;
        named(browser, name).await;
    }
    // The last one goes before the one above it.
    browser.keys(Key::Alt + Key::Up).await;
    browser.part(".slot:nth-child(2)").sees("Spent on").await;
    browser.part(".top").sees("Saved").await;
}

async fn published(browser: &Browser, said: &str) {
    tab_back_to(browser, ".top .btn.primary").await;
    browser.keys(Key::Enter + "").await;
    browser.find("dialog[open]").await;
    tab_to(browser, "dialog[open] .dialog-foot .btn.primary").await;
    browser.keys(Key::Enter + "").await;
    browser.gone("dialog[open]").await;
    browser.sees(said).await;
}

async fn a_flow_with_an_approval(browser: &Browser) {
    // Who publishes stays in the designer, with the other parts of the form beside it.
    tab_back_to(browser, ".design-tabs a[href$='/flow']").await;
    browser.keys(Key::Enter + "").await;
    browser.sees("Add the first approval step").await;
    tab_to(browser, ".flow-canvas .empty .btn.primary").await;
    browser.keys(Key::Enter + "").await;
    back_from_people(browser).await;
    focus_comes_to(browser, ".flow .step[data-part=step]").await;
    name_it(browser, "Boss", Some("Bosses")).await;
}

async fn filled(browser: &Browser) {
    jump(browser, "expense", "Fill in Expense").await;
    focus_comes_to(browser, ".record-body .form input").await;
    browser.keys("Train to Ulm".to_owned() + Key::Tab).await;
    browser.keys("2026-03-02".to_owned() + Key::Tab).await;
    tab_to(browser, ".record-body .form input[inputmode=decimal]").await;
    browser.keys("120").await;
    browser.keys(Key::Control + Key::Enter).await;
    browser.sees("Submitted").await;
}

async fn approved(browser: &Browser, admin: &Client) {
    browser.find(".record-body").await;
    // A key tells the others, as long as it is no text.
    let is_free = "return document.activeElement === document.body";
    assert!(browser.until(async || browser.script(is_free).await == true).await, "keys are still text");
    browser.keys("?").await;
    browser.dialog().sees("Keyboard shortcuts").await;
    browser.dialog().sees("Ctrl Enter").await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    browser.keys("/").await;
    focus_comes_to(browser, ".palette").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".palette").await;
    jump(browser, "inbox", "Inbox").await;
    browser.part(".inbox-cards").sees("Train to Ulm").await;
    browser.find(".task[aria-current=true]").await;
    browser.part(".decision").sees("Approve").await;
    browser.keys("a").await;
    let apps = admin.get("/apps").await.ok();
    let forms = admin.get(&format!("/apps/{}/forms", apps["items"][0]["key"].as_str().unwrap())).await.ok();
    let records = format!("/forms/{}/records", forms["items"][0]["id"].as_str().unwrap());
    let record = async || admin.get(&records).await.ok()["items"][0].clone();
    let is_approved = async || record().await["system"]["flow_state"] == "approved";
    assert!(browser.until(is_approved).await, "{}", record().await);
    let fields = record().await["fields"].clone();
    let held: Vec<&Value> = fields.as_object().unwrap().values().collect();
    for value in [json!("Train to Ulm"), json!("2026-03-02"), json!("120.00")] {
        assert!(held.contains(&&value), "{value} is not in {fields}");
    }
}
