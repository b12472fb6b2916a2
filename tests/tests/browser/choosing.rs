//! Records of a list chosen with the mouse, by keyboard and by touch, and what is done with them at once.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// Five notes.
async fn notes(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note = json!({"key": "note", "label": "Note", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let note = admin.post("/apps/office/forms", note).await.created()["id"].as_str().unwrap().to_owned();
    for name in ["Chairs", "Desks", "Lamps", "Shelves", "Stools"] {
        admin.post(&format!("/forms/{note}/records"), json!({"fields": {"name": name}})).await.created();
    }
    note
}

#[tokio::test]
async fn several_records_are_chosen_and_deleted_and_brought_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let note = notes(&admin).await;
    let list = format!("/apps/office/forms/{note}");
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&list).await;
    let (grid, bar, foot) =
        (browser.part("[role=grid]"), browser.part(".choice-bar"), browser.part(".status-line"));
    grid.sees("Chairs").await;
    grid.click_at("tr[aria-rowindex='2'] td.pick").await;
    bar.sees("1 selected").await;
    let with_shift = "document.querySelector(\"tr[aria-rowindex='4'] td.pick\")\
        .dispatchEvent(new MouseEvent('click', {bubbles: true, shiftKey: true}))";
    browser.script(with_shift).await;
    bar.sees("3 selected").await;
    bar.click("Delete").await;
    browser.dialog().sees("Delete 3 records?").await;
    browser.dialog().click("Delete").await;
    foot.sees("2 records").await;
    browser.gone(".choice-bar").await;
    browser.part(".toasts").click("Undo").await;
    foot.sees("5 records").await;

    // All of the list, and one of them not.
    browser.script("document.querySelector('.grid-box').focus()").await;
    browser.keys(Key::Control + "a").await;
    bar.sees("5 selected").await;
    browser.keys(" ").await;
    bar.sees("4 selected").await;
    bar.click("Edit").await;
    browser.dialog().sees("All selected records are changed.").await;
    browser.dialog().click("Cancel").await;
    bar.click("Select none").await;
    browser.gone(".choice-bar").await;

    browser.resize(390, 844).await;
    browser.go(&list).await;
    browser.part(".phone-list").sees("Stools").await;
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Select records").await;
    bar.sees("0 selected").await;
    browser.click_at(".phone-list label.list-card").await;
    bar.sees("1 selected").await;
    bar.click("Select all 5").await;
    bar.sees("5 selected").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Several records are given to somebody at once.
#[tokio::test]
async fn several_records_are_given_to_somebody_else() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let note = notes(&admin).await;
    let member = json!({"email": "cleo@example.com", "name": "Cleo", "password": ADMIN_PASSWORD});
    let cleo = admin.post("/members", member).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{note}?columns=name,$owner")).await;
    let (grid, bar) = (browser.part("[role=grid]"), browser.part(".choice-bar"));
    grid.sees("Chairs").await;
    grid.click_at("tr[aria-rowindex='2'] td.pick").await;
    grid.click_at("tr[aria-rowindex='3'] td.pick").await;
    bar.sees("2 selected").await;
    bar.click("Change owner").await;
    browser.dialog().sees("Give 2 records to somebody else").await;
    browser.dialog().choose("New owner", "Cleo").await;
    browser.dialog().click("Change owner").await;
    browser.part(".toasts").sees("2 records are Cleo’s now").await;
    browser.gone(".choice-bar").await;
    grid.sees("Cleo").await;
    let asked = json!({"filter": {"field": "$owner", "op": "eq", "value": cleo["id"]}, "count": "exact"});
    let found = admin.post(&format!("/forms/{note}/records/query"), asked).await.ok();
    assert_eq!(found["count"]["value"], 2);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
