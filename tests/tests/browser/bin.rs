//! The recycle bin of a list: what was deleted is found there, with who did it, and comes back.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Database, Server};

const READER: &str = "reader@example.com";

#[tokio::test]
async fn a_deleted_record_is_found_in_the_bin_and_comes_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note = json!({"key": "note", "label": "Note", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let note = admin.post("/apps/office/forms", note).await.created()["id"].as_str().unwrap().to_owned();
    let readers = json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
        "operations": ["view"], "fields": {"*": "read"}});
    admin.post(&format!("/forms/{note}/permissions"), readers).await.created();
    let member = json!({"email": READER, "name": "Rea", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    for name in ["Chairs", "Desks"] {
        admin.post(&format!("/forms/{note}/records"), json!({"fields": {"name": name}})).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let list = format!("/apps/office/forms/{note}");
    browser.go(&list).await;
    // What the question promises is there.
    // The newest stands first.
    browser.part("[role=grid]").sees("Desks").await;
    browser.part("[role=grid] tbody").click_at("tr[role=row] td.title").await;
    let drawer = browser.part(".drawer");
    drawer.click("More actions").await;
    browser.part(".menu:popover-open").click("Delete").await;
    browser.dialog().sees("recycle bin of this list").await;
    browser.dialog().click("Delete").await;
    browser.part(".status-line").sees("1 record").await;
    let open_bin = async || {
        browser.click_at("button[aria-label='More for this list']").await;
        browser.part(".menu:popover-open").click("Recycle bin").await;
    };
    open_bin().await;
    let bin = browser.dialog();
    bin.sees("Desks").await;
    bin.sees("Deleted by ").await;
    assert!(!bin.shows("Chairs").await, "what is there is in no bin");
    bin.click("Restore").await;
    bin.sees("The recycle bin is empty").await;
    bin.click("Close").await;
    browser.part(".status-line").sees("2 records").await;
    browser.part("[role=grid]").sees("Desks").await;

    // On a phone too.
    let records = admin.get(&format!("/forms/{note}/records")).await.ok();
    let chairs =
        records["items"].as_array().unwrap().iter().find(|one| one["fields"]["name"] == "Chairs").unwrap();
    let path = format!("/forms/{note}/records/{}", chairs["id"].as_str().unwrap());
    admin.delete(&path, 1).await.with_status(204);
    browser.resize(390, 844).await;
    browser.go(&list).await;
    open_bin().await;
    bin.sees("Chairs").await;
    bin.click("Restore").await;
    bin.sees("The recycle bin is empty").await;
    bin.click("Close").await;
    browser.part(".phone-list").sees("Chairs").await;
    browser.resize(1280, 800).await;

    // Who may delete nothing has no bin.
    browser.go("/").await;
    browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
    browser.click("Sign out").await;
    browser.sign_in_as(READER, ADMIN_PASSWORD).await;
    browser.go(&list).await;
    browser.part("[role=grid]").sees("Desks").await;
    browser.gone("button[aria-label='More for this list']").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
