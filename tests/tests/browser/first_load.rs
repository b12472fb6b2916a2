//! What is fetched when, and what happens before anybody signs in.

use serde_json::json;
use tests::{Browser, Database, Server};

#[tokio::test]
async fn the_program_starts_under_the_content_security_policy() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    browser.go("/").await;
    // Only the program writes into the body; without it the page holds the hint alone.
    browser.find("body > :not(noscript):not(#load-failed)").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// The parts of the program that the page has fetched.
async fn parts(browser: &Browser) -> Vec<String> {
    let mut fetched = browser.fetched().await;
    fetched.retain(|name| name.ends_with(".wasm") && !name.starts_with("frontend-"));
    fetched
}

async fn has_designer(browser: &Browser) -> bool {
    parts(browser).await.iter().any(|name| name.starts_with("split_design-"))
}

async fn designer_opens(browser: &Browser) {
    browser.part(".pane.left").sees("Basic").await;
}

/// Opens the page of a form, from which a link leads into the designer.
async fn a_form(server: &Server) -> Browser {
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let order = json!({"key": "order", "label": "Order", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let form = admin.post("/apps/shop/forms", order).await.created();
    let id = form["id"].as_str().unwrap();
    admin.post(&format!("/forms/{id}/publish"), json!({})).await.ok();
    let browser = Browser::open(server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{id}")).await;
    browser.control("Design").await;
    browser
}

#[tokio::test]
async fn the_designer_is_fetched_when_it_is_opened() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    browser.go("/setup").await;
    browser.find("input").await;
    assert_eq!(parts(&browser).await, Vec::<String>::new());
    browser.close().await;

    let browser = a_form(&server).await;
    assert!(!has_designer(&browser).await, "{:?}", parts(&browser).await);
    browser.click("Design").await;
    designer_opens(&browser).await;
    assert!(has_designer(&browser).await, "{:?}", parts(&browser).await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_part_that_does_not_come_is_asked_for_again() {
    let server = Server::start(Database::Sqlite).await;
    let browser = a_form(&server).await;
    browser.block(&["*/assets/split_design-*"]).await;
    browser.click("Design").await;
    browser.sees("This page did not load").await;
    browser.sees("A part of the program did not arrive").await;
    browser.block(&[]).await;
    browser.click("Try again").await;
    designer_opens(&browser).await;
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_page_whose_program_was_replaced_loads_itself_anew() {
    let server = Server::start(Database::Sqlite).await;
    let browser = a_form(&server).await;
    // As after an update: neither the part nor the script that the page was started with is there any more.
    browser.block(&["*/assets/split_design-*"]).await;
    browser.script(
        "window.stale = true; document.querySelector('script[type=module]').setAttribute('src', '/assets/loader-0123456789abcdef.js')",
    )
    .await;
    browser.click("Design").await;
    browser.sees("Formwork was updated").await;
    browser.block(&[]).await;
    let anew = browser
        .until(async || browser.script("return window.stale === undefined").await == json!(true))
        .await;
    assert!(anew, "the page was not loaded anew");
    designer_opens(&browser).await;
    browser.close().await;
    server.close().await;
}
