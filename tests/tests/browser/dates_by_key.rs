//! Days in rows by keys alone: Tab goes from cell to cell, F4 opens the calendar.

use serde_json::json;
use tests::{Browser, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn tab_goes_past_the_calendar_of_a_cell_which_f4_opens() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = json!({"key": "trip", "label": "Trip", "fields": [
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "day", "label": "Day", "kind": "date"},
            {"key": "hour", "label": "Hour", "kind": "time"},
            {"key": "qty", "label": "Quantity", "kind": "number"}]}}]});
    let form = admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.click("Add a row").await;
    let cell = "return document.activeElement.closest('td[id]')?.id ?? ''";
    browser.gives(cell, "at-lines-0-day").await;
    browser.keys("2026-03-02".to_owned() + Key::Tab).await;
    browser.gives(cell, "at-lines-0-hour").await;
    browser.keys(Key::Tab + "").await;
    browser.gives(cell, "at-lines-0-qty").await;
    browser.keys(Key::Shift + Key::Tab).await;
    browser.gives(cell, "at-lines-0-hour").await;
    browser.keys(Key::Shift + Key::Tab).await;
    browser.gives(cell, "at-lines-0-day").await;
    browser.keys(Key::F4 + "").await;
    let day = "return document.activeElement.closest('.calendar:popover-open') && document.activeElement.innerText.trim()";
    browser.gives(day, "2").await;
    browser.keys(Key::Right + "").await;
    browser.gives(day, "3").await;
    browser.keys(Key::Enter + "").await;
    browser.gone(".calendar:popover-open").await;
    browser.gives("return document.querySelector('#at-lines-0-day input').value", "2026-03-03").await;
    browser.gives(cell, "at-lines-0-day").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
