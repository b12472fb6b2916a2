//! The audit trail in the settings: an administrator sees what happened, finds who looked as somebody else, and takes it away as a file.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::id_of;
use tests::{Browser, Database, Server};

#[tokio::test]
async fn an_administrator_sees_the_audit_trail_and_exports_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let mei = admin
        .post("/members", json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD}));
    let mei = id_of(&mei.await.created());
    assert_eq!(admin.post("/see-as", json!({"member": mei})).await.status, 200);
    let form = json!({"key": "plan", "label": "Plans", "title": "{name}", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/office/forms", form).await.created());
    let records = format!("/forms/{form}/records");
    let plan = admin.post(&records, json!({"fields": {"name": "Bigger house"}})).await.created();
    let group = json!({"format": 1, "key": "staff", "label": "Staff of the office", "who": {"members": [mei]},
        "operations": ["view"], "fields": {"*": "read"}, "rows": null, "enabled": true});
    admin.post(&format!("/forms/{form}/permissions"), group).await.created();
    for name in ["a", "b", "c", "d"] {
        admin.post(&records, json!({"fields": {"name": name}})).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings").await;
    browser.part(".settings .tree").click("Audit trail").await;
    let table = browser.part("table.grid");
    table.sees("Apps · created").await;
    table.sees("Sign-ins · signed in").await;
    table.sees("Ada").await;
    // Things stand there by name, with the way to them; much of the same is one line.
    browser.choose("About", "Permission groups").await;
    table.sees("Staff of the office").await;
    table.click("Show").await;
    table.sees("Form: Plans").await;
    table.sees("Mei").await;
    browser.choose("About", "Records").await;
    table.click("and 4 more like it").await;
    table.sees("Bigger house").await;
    let to_plan = format!("a.link[href$='/forms/{form}/records/{}']", id_of(&plan));
    browser.find(&to_plan).await;
    browser.choose("About", "Viewing as others").await;
    table.sees("Viewing as others · begun").await;
    table.sees("Mei").await;
    table.sees_no_more("Apps · created").await;
    let head = browser.part(".settings .card-head");
    head.click("Export").await;
    browser.part(".menu:popover-open").click("CSV").await;
    head.sees("Download").await;
    let noted = admin.get("/audit?action=audit.export").await.ok();
    assert_eq!(noted["items"][0]["changes"]["format"], "csv");
    browser.close().await;
    server.close().await;
}
