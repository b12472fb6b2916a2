//! Print templates: one is designed with its preview, and records are printed by it.

use serde_json::json;
use tests::design::{Field, form, number, subform, text};
use tests::{Browser, Database, Form, Server, Workspace};
use thirtyfour::Key;

async fn orders(workspace: &Workspace) -> Form {
    let app = workspace.app("Shop").await;
    let lines = [text("item"), number("qty", 1)];
    let order = form("order", [text("no"), Field::new("note", "long_text"), subform("lines", lines)]);
    let order = app.form(order.with("title", "{no}")).await;
    for (no, qty) in [("A-1", "0.1"), ("A-2", "2.5")] {
        let lines = json!([{"item": "Pen", "qty": qty}, {"item": "<b>Ink</b>", "qty": "0.2"}]);
        order.add(json!({"no": no, "note": "for the shop", "lines": lines})).await;
    }
    order
}

/// What stands on the paper inside an element of the page.
async fn on_paper(browser: &Browser, around: &str) -> String {
    let script =
        format!("return document.querySelector('{around} .print-paper')?.shadowRoot?.textContent ?? ''");
    browser.script(&script).await.as_str().unwrap_or_default().to_owned()
}

async fn stands_on(browser: &Browser, around: &str, wanted: &str) {
    let is_there = browser.until(async || on_paper(browser, around).await.contains(wanted)).await;
    assert!(is_there, "{wanted} is not in {}", on_paper(browser, around).await);
}

#[tokio::test]
async fn a_template_is_designed_and_two_records_are_printed_by_it() {
    let server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let order = orders(&workspace).await;
    let list = format!("/apps/shop/forms/{}", order.id);
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("{list}/prints")).await;
    browser.sees("No print template yet").await;
    browser.click("New template").await;

    // It begins with all that the record has, on the paper at once.
    stands_on(&browser, ".paper-view", "Pen").await;
    browser.fill("Name", "Order sheet").await;
    let blocks = browser.part(".print-blocks");
    blocks.sees("Heading").await;
    blocks.click_at("[data-place='0']").await;
    browser.fill("Text", "Order {no}").await;
    stands_on(&browser, ".paper-view", "Order A-").await;
    // A block is added, moved with keys, taken out and brought back.
    browser.click("Add block").await;
    browser.part(".menu:popover-open").click("Signature lines").await;
    stands_on(&browser, ".paper-view", "Signature").await;
    blocks.type_at("li[aria-current=true] [data-place='1']", Key::Alt + Key::Down).await;
    blocks.type_at("li[aria-current=true] [data-place='2']", Key::Delete + "").await;
    assert!(browser.until(async || !on_paper(&browser, ".paper-view").await.contains("Signature")).await);
    browser.click_at("button[aria-label='Undo']").await;
    stands_on(&browser, ".paper-view", "Signature").await;
    browser.click("Save").await;
    browser.part(".toasts").sees("Print template saved").await;

    // Two records are printed as one document.
    browser.go(&list).await;
    browser.script("window.printed = 0; window.print = () => { window.printed++; };").await;
    let grid = browser.part("[role=grid]");
    grid.sees("A-2").await;
    grid.click_at("tr[data-row='0'] td.pick").await;
    grid.click_at("tr[data-row='1'] td.pick").await;
    browser.part(".choice-bar").click("Print").await;
    browser.dialog().sees("Print 2 records").await;
    browser.dialog().sees("Order sheet").await;
    browser.dialog().click("Print").await;
    assert!(browser.until(async || browser.script("return window.printed").await == 1).await);
    let paper = on_paper(&browser, ".record-out").await;
    for said in ["Order A-1", "Order A-2", "Pen", "<b>Ink</b>", "0.1", "2.5", "Signature"] {
        assert!(paper.contains(said), "{said} is not in {paper}");
    }
    let count = "const paper = document.querySelector('.record-out .print-paper').shadowRoot; \
        return [paper.querySelectorAll('article.sheet').length, paper.querySelectorAll('b').length, \
            getComputedStyle(paper.querySelectorAll('article.sheet')[1]).breakBefore]";
    assert_eq!(browser.script(count).await, json!([2, 0, "page"]));
    browser.script("window.dispatchEvent(new Event('afterprint'))").await;
    browser.gone(".record-out").await;
}
