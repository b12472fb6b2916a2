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
    the_form_of_a_stored_record_becomes_another_one(&browser, &admin, &form).await;
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
    browser.holds("Name", "Shelf").await;
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
    browser.patient(Duration::from_secs(60)).sees("This is the record as it is stored.").await;
    assert_eq!(browser.script("return window.__lost").await, 0);
    let stored = records(admin, form).await;
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert_eq!((&stored[0]["fields"]["name"], &stored[0]["fields"]["note"]), (&json!("Desk"), &Value::Null));
    // What was typed after that is offered as a change of what is stored.
    browser.click("Continue").await;
    browser.holds("Note", "With drawers").await;
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
    browser.holds("Note", "With two drawers").await;
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
    dialog.type_at("input[type=password]", ADMIN_PASSWORD.to_owned() + Key::Enter).await;
    browser.gone("dialog[open]").await;
    browser.gone(".save-bar").await;
    assert_eq!(records(admin, form).await[0]["fields"]["note"], "With three drawers");
}

/// Publishes the form with one field more, which has to be filled in.
async fn also_asks_for(admin: &Client, form: &str, key: &str, label: &str) {
    let base = admin.get(&format!("/forms/{form}/draft")).await.ok()["base"].clone();
    let field = json!({"key": key, "label": label, "kind": "text", "required": true});
    let edits = json!([{"do": "add_field", "field": field}]);
    admin.post(&format!("/forms/{form}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
}

/// A record that is changed is opened anew as the form is now, and what was typed is offered.
async fn the_form_of_a_stored_record_becomes_another_one(browser: &Browser, admin: &Client, form: &str) {
    let stored = records(admin, form).await;
    let lamp = stored.iter().find(|record| record["fields"]["name"] == "Lamp").unwrap();
    let lamp = lamp["id"].as_str().unwrap();
    browser.go(&format!("/apps/office/forms/{form}/records/{lamp}")).await;
    browser.fill("Note", "With a shade").await;
    also_asks_for(admin, form, "colour", "Colour").await;
    browser.click("Save").await;
    browser.part(".toasts").sees("This form was changed while you filled it in.").await;
    browser.click("Continue").await;
    browser.holds("Note", "With a shade").await;
    browser.fill("Colour", "Green").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    let now = admin.get(&format!("/forms/{form}/records/{lamp}")).await.ok()["fields"].clone();
    assert_eq!((&now["note"], &now["colour"]), (&json!("With a shade"), &json!("Green")));
}

async fn the_form_becomes_another_one(browser: &Browser, admin: &Client, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Name", "Lamp").await;
    also_asks_for(admin, form, "place", "Place").await;
    browser.click("Save").await;
    browser.sees("This form was changed while you filled it in.").await;
    browser.holds("Name", "Lamp").await;
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

#[tokio::test]
async fn what_is_too_much_or_not_allowed_says_so_and_loses_nothing() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let wish = json!({"key": "wish", "label": "Wish", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "papers", "label": "Papers", "kind": "files", "options": {"max_bytes": 1024}}]});
    let wish = admin.post("/apps/office/forms", wish).await.created()["id"].as_str().unwrap().to_owned();
    let mei =
        json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    let mei = admin.post("/members", mei).await.created();
    let group = json!({"format": 1, "key": "all", "label": "All", "who": {"members": [mei["id"]]},
        "operations": ["view", "create", "edit"], "fields": {"*": "edit"}});
    let group = admin.post(&format!("/forms/{wish}/permissions"), group).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    a_file_is_too_large(&browser, &wish).await;
    // Nobody may create here any more, while somebody does.
    let group = format!("/forms/{wish}/permissions/{}", group["id"].as_str().unwrap());
    admin.delete(&group, 1).await.with_status(204);
    browser.click("Save").await;
    browser.sees("This does not exist, or you may not see it.").await;
    browser.holds("Name", "Desk").await;
    assert_eq!(records(&admin, &wish).await.len(), 0);
    browser.crash().await;
    browser.go(&format!("/apps/office/forms/{wish}")).await;
    browser.sees("This does not exist, or you may not see it.").await;
    fifty_thousand_cells_are_pasted(&browser, &admin).await;
    browser.close().await;
    server.close().await;
}

async fn a_file_is_too_large(browser: &Browser, form: &str) {
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Name", "Desk").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.txt");
    std::fs::write(&file, "x".repeat(4_096)).unwrap();
    browser.choose_file(&file).await;
    browser.part(".files").sees("“plan.txt” is larger than").await;
    browser.part(".files").click_at("button[aria-label='Remove']").await;
    browser.part(".files").sees_no_more("plan.txt").await;
    browser.holds("Name", "Desk").await;
}

/// All at once over records that are there, of which most were never on the screen; more than the most is refused as a whole.
async fn fifty_thousand_cells_are_pasted(browser: &Browser, admin: &Client) {
    const ROWS: usize = 2_000;
    const COLUMNS: usize = 25;
    let fields: Vec<Value> = (0..COLUMNS)
        .map(|n| json!({"key": format!("f{n:02}"), "label": format!("F{n:02}"), "kind": "text"}))
        .collect();
    let keys: Vec<String> = (0..COLUMNS).map(|n| format!("f{n:02}")).collect();
    let sheet = json!({"key": "sheet", "label": "Sheet", "fields": fields});
    let sheet = admin.post("/apps/office/forms", sheet).await.created()["id"].as_str().unwrap().to_owned();
    let group = json!({"format": 1, "key": "all", "label": "All", "who": {"everyone": true},
        "operations": ["view", "create", "edit"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{sheet}/permissions"), group).await.created();
    let rows: Vec<Value> = (0..ROWS).map(|n| json!({"fields": {"f00": format!("row {n:04}")}})).collect();
    admin.post(&format!("/forms/{sheet}/records/bulk"), json!({"create": rows})).await.ok();
    browser.go(&format!("/apps/office/forms/{sheet}?sort=f00&columns={}", keys.join(","))).await;
    let grid = browser.part("[role=grid] tbody");
    grid.sees("row 0000").await;
    let paste = |rows: usize| {
        format!(
            "const cell = (row, column) => column ? row + '/' + column : 'row ' + String(row).padStart(4, '0'); \
             const line = (_, row) => Array.from({{length: {COLUMNS}}}, (_, column) => cell(row, column)).join('\\t'); \
             const data = new DataTransfer(); \
             data.setData('text/plain', Array.from({{length: {rows}}}, line).join('\\r\\n')); \
             document.activeElement.dispatchEvent(new ClipboardEvent('paste', \
                 {{clipboardData: data, bubbles: true, cancelable: true}}));"
        )
    };
    grid.click_at("tr[data-row='0'] td[data-col='1']").await;
    browser.keys(Key::Left + "").await;
    browser.script(&paste(4_001)).await;
    browser.part(".toasts").sees("At most 100,000 cells at once").await;
    browser.script(&paste(ROWS)).await;
    let filled = json!({"filter": {"field": "f24", "op": "not_empty"}, "limit": 1, "count": "exact"});
    let path = format!("/forms/{sheet}/records/query");
    let count = async || admin.post(&path, filled.clone()).await.ok()["count"]["value"].clone();
    let patient = browser.patient(Duration::from_secs(300));
    assert!(patient.until(async || count().await == ROWS).await, "{} rows are stored", count().await);
    let last = json!({"filter": {"field": "f00", "op": "eq", "value": "row 1999"}});
    let last = admin.post(&path, last).await.ok()["items"].clone();
    assert_eq!((&last[0]["fields"]["f01"], &last[0]["fields"]["f24"]), (&json!("1999/1"), &json!("1999/24")));
    assert_eq!(last.as_array().unwrap().len(), 1, "a row was made twice");
}
