//! What was entered and not saved waits on another device too, of a new record and of one that is there.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn what_was_entered_on_one_device_goes_on_on_another() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit = json!({"key": "visit", "label": "Visit", "title": "{who}", "fields": [
        {"key": "who", "label": "Who", "kind": "text"},
        {"key": "note", "label": "Note", "kind": "text"}]});
    let visit = admin.post("/apps/office/forms", visit).await.created()["id"].as_str().unwrap().to_owned();
    let new = format!("/apps/office/forms/{visit}/new");
    let (desk, phone) = (Browser::open(&server).await, Browser::open(&server).await);
    phone.resize(390, 844).await;
    for browser in [&desk, &phone] {
        browser.sign_in().await;
    }
    desk.go(&new).await;
    desk.fill("Who", "Acme").await;
    kept(&desk, &admin, &visit, "new", json!({"who": "Acme"})).await;

    phone.go(&new).await;
    phone.sees("You entered something here on another device").await;
    phone.click("Continue").await;
    phone.holds("Who", "Acme").await;
    phone.fill("Note", "Wants chairs").await;
    phone.click("Save").await;
    phone.sees("This is the record as it is stored.").await;
    kept(&phone, &admin, &visit, "new", json!({})).await;
    let stored = admin.get(&format!("/forms/{visit}/records")).await.ok()["items"][0].clone();
    assert_eq!(stored["fields"], json!({"who": "Acme", "note": "Wants chairs"}));

    // Of a record that is there as well; what is thrown away is thrown away everywhere.
    let id = stored["id"].as_str().unwrap();
    phone.fill("Note", "Wants desks").await;
    kept(&phone, &admin, &visit, id, json!({"note": "Wants desks"})).await;
    desk.crash().await;
    desk.go(&format!("/apps/office/forms/{visit}/records/{id}")).await;
    desk.sees("You entered something here on another device").await;
    desk.holds("Note", "Wants chairs").await;
    desk.click("Discard").await;
    desk.sees_no_more("on another device").await;
    kept(&desk, &admin, &visit, id, json!({})).await;

    // Where both have something there is one banner, the newer one first, and the other gives way.
    let page = format!("/apps/office/forms/{visit}/records/{id}");
    for (browser, note) in [(&desk, "From the desk"), (&phone, "From the phone")] {
        browser.crash().await;
        browser.go(&page).await;
        browser.fill("Note", note).await;
        kept(browser, &admin, &visit, id, json!({"note": note})).await;
        browser.crash().await;
    }
    desk.go(&page).await;
    desk.sees("a newer one from another").await;
    assert_eq!(desk.script("return document.querySelectorAll('.banner .kept').length").await, 1);
    desk.click("Continue the one from the other device").await;
    desk.holds("Note", "From the phone").await;
    desk.gives("return document.querySelectorAll('.banner .kept').length", 0).await;
    for browser in [desk, phone] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}

/// Half a number and the people who were named for a later step are entries like others; a draft that was stored asks for them when
/// it is submitted.
#[tokio::test]
async fn what_is_no_value_yet_and_who_was_named_come_again_with_a_draft() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let bo = json!({"email": "bo@example.com", "name": "Bo", "password": ADMIN_PASSWORD});
    admin.post("/members", bo).await.created();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let request = json!({"key": "request", "label": "Request", "title": "{what}", "fields": [
        {"key": "what", "label": "What", "kind": "text"},
        {"key": "amount", "label": "Amount", "kind": "number"}]});
    let form = admin.post("/apps/office/forms", request).await.created()["id"].as_str().unwrap().to_owned();
    let flow = json!({"format": 1, "label": "Way", "start": {"fields": {"*": "edit"}}, "steps": [
        {"kind": "approve", "key": "boss", "label": "Boss", "who": [{"chosen_by": "submitter"}]}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let new = format!("/apps/office/forms/{form}/new");
    browser.go(&new).await;
    browser.enter("What", "Chairs").await;
    browser.enter("Amount", "12x").await;
    browser.choose("Who decides: Boss", "Bo").await;
    browser.keys(Key::Escape + "").await;

    browser.crash().await;
    browser.go(&new).await;
    browser.click("Continue").await;
    let named = "return document.querySelector('[aria-label=\"Who decides: Boss\"]').textContent.trim()";
    assert!(browser.until(async || browser.script(named).await == "Bo").await);
    browser.holds("Amount", "12x").await;
    browser.holds("What", "Chairs").await;

    browser.enter("Amount", "12").await;
    browser.click("Save as draft").await;
    browser.sees("A draft; it counts once it is submitted").await;
    browser.choose("Who decides: Boss", "Bo").await;
    browser.keys(Key::Escape + "").await;
    browser.click("Submit").await;
    browser.sees_no_more("A draft; it counts once it is submitted").await;
    let bo = server.sign_in("bo@example.com", ADMIN_PASSWORD).await;
    let todo = async || bo.get("/tasks?box=todo").await.ok()["items"].as_array().unwrap().len();
    assert!(browser.until(async || todo().await == 1).await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// The fields that are kept on the server, once they are these.
async fn kept(browser: &Browser, admin: &Client, form: &str, record: &str, fields: Value) {
    let path = format!("/forms/{form}/entries/{record}");
    let there = async || admin.get(&path).await.ok()["fields"].clone();
    assert!(browser.until(async || there().await == fields).await, "{}, not {fields}", there().await);
}

/// The names of what this browser keeps of what somebody entered.
const ENTERED: &str = "return Object.keys(localStorage).filter(name => \
    ['formwork.draft.', 'formwork.task.', 'formwork.comment.', 'formwork.unsent.'].some(of => name.startsWith(of))).length";

/// Who signs out is asked before what they entered goes from this browser; what the server has kept is offered to them again.
#[tokio::test]
async fn signing_out_takes_what_was_entered_from_this_browser() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit =
        json!({"key": "visit", "label": "Visit", "fields": [{"key": "who", "label": "Who", "kind": "text"}]});
    let visit = admin.post("/apps/office/forms", visit).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let new = format!("/apps/office/forms/{visit}/new");
    browser.go(&new).await;
    browser.fill("Who", "Acme").await;
    kept(&browser, &admin, &visit, "new", json!({"who": "Acme"})).await;
    assert!(browser.until(async || browser.script(ENTERED).await != 0).await);

    let sign_out = async || {
        browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
        browser.part(".menu:popover-open").click("Sign out").await;
    };
    sign_out().await;
    browser.dialog().sees("You entered something in this browser that is not saved").await;
    browser.dialog().click("Cancel").await;
    browser.gone("dialog[open]").await;
    browser.holds("Who", "Acme").await;
    assert_ne!(browser.script(ENTERED).await, 0);
    sign_out().await;
    browser.dialog().click("Sign out").await;
    browser.find("input[type=password]").await;
    assert_eq!(browser.script(ENTERED).await, 0, "nothing of it is left here");

    browser.sign_in().await;
    browser.go(&new).await;
    browser.sees("You entered something here on another device").await;
    browser.click("Discard").await;
    browser.sees_no_more("on another device").await;
    // Who leaves nothing is not asked.
    browser.go("/").await;
    sign_out().await;
    browser.find("input[type=password]").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
