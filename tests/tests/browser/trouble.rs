//! Trouble while a form is filled: the server is gone, the session ends, the record is deleted, the form becomes another one.
//! Nothing that was typed is lost, and nothing is stored twice.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// No answer comes while `__gone` says so; of the next `__lost` records that are sent the answer alone gets lost.
const FRAIL: &str = "const real = window.fetch; window.__gone = false; window.__lost = 0; \
     window.fetch = async (...asked) => { \
         if (window.__gone) throw new TypeError('gone'); \
         const answer = await real.apply(window, asked); \
         const request = asked[0]; \
         const sends = (request.method ?? '') === 'POST' && request.url.endsWith('/records'); \
         if (sends && window.__lost > 0) { window.__lost--; throw new TypeError('lost'); } \
         return answer; }";

#[tokio::test]
async fn whatever_happens_meanwhile_nothing_typed_is_lost_or_stored_twice() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let wish = json!({"key": "wish", "label": "Wish", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "note", "label": "Note", "kind": "text"}]});
    let form = admin.post("/apps/office/forms", wish).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    the_server_is_gone_while_a_record_is_submitted(&browser, &admin, &form).await;
    the_record_is_deleted_by_another(&browser, &admin, &form).await;
    the_session_ends(&browser, &admin, &form).await;
    the_form_becomes_another_one(&browser, &admin, &form).await;
    what_a_crash_cut_off_is_sent_when_one_comes_back(&browser, &admin, &form).await;
    a_browser_that_stores_nothing_says_so(&browser, &form).await;
    browser.close().await;
    server.close().await;
}

async fn a_browser_that_stores_nothing_says_so(browser: &Browser, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.input("Name").await;
    browser.script("Storage.prototype.setItem = () => { throw new Error('full'); };").await;
    browser.fill("Name", "Shelf").await;
    browser.sees("Not kept beyond this tab").await;
    let asked = "const event = new Event('beforeunload', {cancelable: true}); \
                 window.dispatchEvent(event); return event.defaultPrevented";
    assert_eq!(browser.script(asked).await, true);
    // As long as the tab is there, so is the draft.
    browser.part("nav.nav").click("Home").await;
    browser.dialog().sees("a draft lasts only until this tab is closed").await;
    browser.dialog().click("Keep as a draft").await;
    browser.gone(".record-page").await;
    browser.script("history.back()").await;
    browser.sees("You have an unsaved draft.").await;
    browser.click("Continue").await;
    assert_eq!(browser.held("Name").await, "Shelf");
}

async fn records(admin: &Client, form: &str) -> Vec<Value> {
    let list = admin.get(&format!("/forms/{form}/records")).await.ok();
    list["items"].as_array().unwrap().clone()
}

async fn the_server_is_gone_while_a_record_is_submitted(browser: &Browser, admin: &Client, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Name", "Desk").await;
    browser.script(FRAIL).await;
    browser.script("window.__gone = true; window.__lost = 1;").await;
    browser.click("Save").await;
    browser.sees("Can’t reach the server").await;
    browser.sees("This is sent as soon as it is back").await;
    // Typing goes on meanwhile.
    browser.fill("Note", "With drawers").await;
    browser.script("window.__gone = false;").await;
    // The answer to the first try is lost; the second one gets the same.
    browser.sees("This is the record as it is stored.").await;
    assert_eq!(browser.script("return window.__lost").await, 0);
    let stored = records(admin, form).await;
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert_eq!((&stored[0]["fields"]["name"], &stored[0]["fields"]["note"]), (&json!("Desk"), &Value::Null));
    // What was typed after that is offered as a change of what is stored.
    browser.click("Continue").await;
    assert_eq!(browser.held("Note").await, "With drawers");
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    assert_eq!(records(admin, form).await[0]["fields"]["note"], "With drawers");
}

async fn the_record_is_deleted_by_another(browser: &Browser, admin: &Client, form: &str) {
    let record = records(admin, form).await.remove(0);
    browser.fill("Note", "With two drawers").await;
    let path = format!("/forms/{form}/records/{}", record["id"].as_str().unwrap());
    admin.delete(&path, record["version"].as_i64().unwrap()).await.with_status(204);
    browser.click("Save").await;
    let gone = browser.part(".banner.warning");
    gone.sees("Somebody deleted this record meanwhile").await;
    assert_eq!(browser.held("Note").await, "With two drawers");
    gone.click("Bring it back").await;
    browser.sees("It is back").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    assert_eq!(admin.get(&path).await.ok()["fields"]["note"], "With two drawers");
}

async fn the_session_ends(browser: &Browser, admin: &Client, form: &str) {
    browser.fill("Note", "With three drawers").await;
    // Every session but the one that asks.
    admin.delete("/auth/sessions", 1).await.with_status(204);
    browser.click("Save").await;
    let dialog = browser.dialog();
    dialog.sees("Your session ended.").await;
    dialog
        .find("input[type=password]")
        .await
        .send_keys(ADMIN_PASSWORD.to_owned() + Key::Enter)
        .await
        .unwrap();
    browser.gone("dialog[open]").await;
    browser.gone(".save-bar").await;
    assert_eq!(records(admin, form).await[0]["fields"]["note"], "With three drawers");
}

async fn the_form_becomes_another_one(browser: &Browser, admin: &Client, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Name", "Lamp").await;
    let base = admin.get(&format!("/forms/{form}/draft")).await.ok()["base"].clone();
    let field = json!({"key": "place", "label": "Place", "kind": "text", "required": true});
    let edits = json!([{"do": "add_field", "field": field}]);
    admin.post(&format!("/forms/{form}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    browser.click("Save").await;
    browser.sees("This form was changed while you filled it in.").await;
    assert_eq!(browser.held("Name").await, "Lamp");
    browser.fill("Place", "Hall").await;
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    let stored = records(admin, form).await;
    let lamp = stored.iter().find(|record| record["fields"]["name"] == "Lamp").unwrap();
    assert_eq!(lamp["fields"]["place"], "Hall");
}

async fn what_a_crash_cut_off_is_sent_when_one_comes_back(browser: &Browser, admin: &Client, form: &str) {
    browser.click("Fill in another").await;
    browser.fill("Name", "Chair").await;
    browser.fill("Place", "Hall").await;
    browser.script(FRAIL).await;
    browser.script("window.__gone = true;").await;
    browser.click("Save").await;
    browser.sees("This is sent as soon as it is back").await;
    browser.crash().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    // It is on its way, so it is not offered as a draft.
    browser.input("Name").await;
    assert!(!browser.shows("You have an unsaved draft.").await);
    let patient = browser.patient(Duration::from_secs(60));
    patient.sees("What you submitted before is saved now").await;
    let chairs = async || {
        records(admin, form).await.iter().filter(|record| record["fields"]["name"] == "Chair").count()
    };
    assert_eq!(chairs().await, 1);
}
