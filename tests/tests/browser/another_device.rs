//! What was entered and not saved waits on another device too, of a new record and of one that is there.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

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
    assert_eq!(phone.held("Who").await, "Acme");
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
    assert_eq!(desk.held("Note").await, "Wants chairs");
    desk.click("Discard").await;
    desk.sees_no_more("on another device").await;
    kept(&desk, &admin, &visit, id, json!({})).await;
    for browser in [desk, phone] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}

/// The fields that are kept on the server, once they are these.
async fn kept(browser: &Browser, admin: &Client, form: &str, record: &str, fields: Value) {
    let path = format!("/forms/{form}/entries/{record}");
    let there = async || admin.get(&path).await.ok()["fields"].clone();
    assert!(browser.until(async || there().await == fields).await, "{}, not {fields}", there().await);
}
