//! The desk of a script: a mistake is shown where it stands, what it would do is tried, and once it is saved and bound, it is
//! done.

use serde_json::json;
use tests::design::{form, number, text};
use tests::workspace::items;
use tests::{Browser, Database, Server, Workspace};
use thirtyfour::Key;

/// What is wrong: there is no such function.
const FAULTY: &str = "let n = record.qty;\ncreat(\"entry\", #{item: record.item, qty: n});";
const MENDED: &str = "let n = record.qty;\nlog(n);\ncreate(\"entry\", #{item: record.item, qty: n * 2});";

#[tokio::test]
async fn a_script_is_written_mended_tried_kept_and_does_its_work() {
    let server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Depot").await;
    let entries = app.form(form("entry", [text("item"), number("qty", 0)])).await;
    let receipts = app.form(form("receipt", [text("item"), number("qty", 0)])).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/{}", app.key)).await;
    browser.click("Scripts").await;
    browser.sees("No scripts yet").await;
    browser.click("New script").await;

    browser.fill("Name", "book").await;
    browser.find("textarea[name=source]").await;
    let write = async |source: &str| {
        let script = format!(
            "const input = document.querySelector('textarea[name=source]'); input.value = {}; \
             input.dispatchEvent(new Event('input', {{bubbles: true}})); input.blur(); return true",
            json!(source)
        );
        browser.script(&script).await;
    };
    write(FAULTY).await;
    browser.sees("Line 2, column 1: there is no function “creat” in scripts").await;
    let underlined = "return document.querySelector('.code-marks [data-wrong]')?.textContent ?? ''";
    browser.gives(underlined, "creat").await;
    let numbers =
        "return [...document.querySelectorAll('.code-lines [data-wrong]')].map(it => it.textContent).join()";
    browser.gives(numbers, "2").await;
    // It is not taken either.
    browser.click("Save script").await;
    browser.find(".banner.danger").await;
    write(MENDED).await;
    browser.gone(".code-marks [data-wrong]").await;

    browser.choose("Form", "receipt").await;
    browser.fill("item", "Chair").await;
    browser.fill("qty", "4").await;
    browser.click("Try it").await;
    let trial = browser.part("[data-trial]");
    trial.sees("Nothing was stored").await;
    trial.part("[data-effect=entry]").sees("8").await;
    // It has no name before it is kept.
    trial.sees("new:2").await;
    browser.fill("Name of the test case", "doubles").await;
    browser.click("Save as test case").await;
    browser.click("Save script").await;
    browser.sees("From now on it runs so").await;
    let none = entries.query(&workspace.admin, json!({})).await.ok();
    assert!(items(&none).is_empty(), "{none}");

    // The case passes, until the script does something else.
    browser.click("Test cases").await;
    browser.click("Run all test cases").await;
    browser.sees("1 of 1 pass").await;
    write(&MENDED.replace("n * 2", "n * 3")).await;
    browser.click("Run all test cases").await;
    browser.sees("0 of 1 pass").await;
    browser.part("[data-case=doubles]").sees("12").await;
    write(MENDED).await;

    let bound = json!([{"on": "submit", "script": "book"}]);
    receipts.extend(json!([{"do": "set_form", "member": "scripts", "value": bound}])).await;
    browser.go(&format!("/apps/{}/forms/{}/new", app.key, receipts.id)).await;
    browser.fill("item", "Lamp").await;
    browser.fill("qty", "3").await;
    browser.click("Save").await;
    browser.sees("Saved").await;
    let made = entries.query(&workspace.admin, json!({})).await.ok();
    assert_eq!(items(&made)[0]["fields"], json!({"item": "Lamp", "qty": "6"}), "{made}");

    // What uses it is named, and it stays.
    browser.go(&format!("/apps/{}/scripts/edit/book", app.key)).await;
    browser.sees("Bound to records of: receipt").await;
    browser.click("Remove script").await;
    browser.dialog().sees("Bound to records of: receipt").await;
    browser.dialog().click("Remove script").await;
    browser.part(".banner.danger").sees("receipt").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn the_editor_is_used_by_keys_alone_and_left_again() {
    let server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Depot").await;
    app.form(form("receipt", [text("item"), number("qty", 0)])).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/{}/scripts/new", app.key)).await;
    browser.find("textarea[name=source]").await.focus().await.unwrap();
    // A name is completed, Tab indents, and a line begins where the one before did.
    browser.keys("if true {").await;
    browser.keys(Key::Enter + "").await;
    browser.keys("refu").await;
    browser.keys(Key::Enter + "").await;
    browser.keys("\"no\"); }").await;
    let held = "return document.querySelector('textarea[name=source]').value";
    assert!(browser.until(async || browser.script(held).await == "if true {\n    refuse(\"no\"); }").await);
    browser.keys(Key::Tab + "").await;
    let inside = "return document.activeElement.name === 'source'";
    assert!(
        browser.until(async || browser.script(held).await == "if true {\n    refuse(\"no\"); }    ").await
    );
    browser.gives(inside, true).await;
    browser.keys(Key::Escape + "").await;
    browser.keys(Key::Tab + "").await;
    browser.gives(inside, false).await;
    browser.close().await;
    server.close().await;
}
