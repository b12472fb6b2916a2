//! The recycle bin of a list: what was deleted is found there, with who did it, and comes back.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

const READER: &str = "reader@example.com";

/// A form of notes with a name.
async fn notes(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note = json!({"key": "note", "label": "Note", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    admin.post("/apps/office/forms", note).await.created()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_deleted_record_is_found_in_the_bin_and_comes_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let note = notes(&admin).await;
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
    browser.find("input[type=password]").await;
    browser.sign_in_as(READER, ADMIN_PASSWORD).await;
    browser.go(&list).await;
    browser.part("[role=grid]").sees("Desks").await;
    browser.gone("button[aria-label='More for this list']").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Several lines: each button is called by its record, and the focus goes on from line to line.
#[tokio::test]
async fn the_bin_is_emptied_by_keyboard() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let note = notes(&admin).await;
    admin.post(&format!("/forms/{note}/records"), json!({"fields": {"name": "Shelves"}})).await.created();
    for name in ["Chairs", "Desks", "Lamps"] {
        let made =
            admin.post(&format!("/forms/{note}/records"), json!({"fields": {"name": name}})).await.created();
        admin
            .delete(&format!("/forms/{note}/records/{}", made["id"].as_str().unwrap()), 1)
            .await
            .with_status(204);
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{note}")).await;
    browser.part("[role=grid]").sees("Shelves").await;
    // What can't be had now is asked for again.
    browser.block(&["*/records/query"]).await;
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Recycle bin").await;
    let bin = browser.dialog();
    bin.control("Try again").await;
    browser.block(&[]).await;
    bin.click("Try again").await;
    bin.sees("Desks").await;
    bin.gone(".empty").await;
    // That nothing came is what the browser complains of.
    browser.complaints().await;
    let names = "return [...document.querySelectorAll('.bin [role=list] [role=listitem] b')].map(name => name.innerText)";
    let names: Vec<String> = serde_json::from_value(browser.script(names).await).unwrap();
    assert_eq!(names.len(), 3, "{names:?}");
    let focused = async |text: &str| {
        let said = "return document.activeElement.innerText.trim().replace(/\\s+/g, ' ')";
        let is_there = browser.until(async || browser.script(said).await == text).await;
        assert!(is_there, "the focus is at {}, not {text}", browser.script(said).await);
    };
    let restore = |place: usize| format!("Restore {}", names[place]);
    bin.click(&restore(1)).await;
    focused(&restore(2)).await;
    browser.keys(thirtyfour::Key::Enter + "").await;
    focused(&restore(0)).await;
    browser.keys(thirtyfour::Key::Enter + "").await;
    bin.sees("The recycle bin is empty").await;
    focused("Recycle bin").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
