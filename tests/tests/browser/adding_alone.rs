//! Who may add records and see none has the form at once; who has a task and nothing else asks for nothing that is refused.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

const CLERK: &str = "clerk@example.com";

/// An app, and somebody who may do what the groups of its forms say for everyone.
async fn office(server: &Server) -> (Client, Value) {
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    let clerk = admin.post("/members", member).await.created()["id"].clone();
    (admin, clerk)
}

/// A form with a name and these fields, which everyone may add records of where `adds`.
async fn form(admin: &Client, key: &str, more: Value, adds: bool) -> String {
    let mut fields = vec![json!({"key": "name", "label": "Name", "kind": "text"})];
    fields.extend(more.as_array().unwrap().iter().cloned());
    let document = json!({"key": key, "label": key, "title": "{name}", "fields": fields});
    let form = admin.post("/apps/office/forms", document).await.created()["id"].as_str().unwrap().to_owned();
    if adds {
        let group = json!({"format": 1, "key": "add", "label": "Add", "who": {"everyone": true},
            "operations": ["create"], "fields": {"*": "edit"}});
        admin.post(&format!("/forms/{form}/permissions"), group).await.created();
    }
    form
}

async fn approved_by(admin: &Client, form: &str, member: &Value) {
    let steps =
        json!([{"kind": "approve", "key": "clerk", "label": "Clerk", "who": [{"members": [member]}]}]);
    let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": steps});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
}

/// What this page has asked for since it was loaded and did not get.
async fn refused(browser: &Browser) -> Value {
    let asked = "return performance.getEntriesByType('resource').filter(entry => entry.responseStatus >= 400)\
         .map(entry => `${entry.responseStatus} ${entry.name}`)";
    browser.script(asked).await
}

#[tokio::test]
async fn who_only_adds_records_has_the_form_at_once() {
    let server = Server::start(Database::Sqlite).await;
    let (admin, _) = office(&server).await;
    let me = admin.get("/me").await.ok()["id"].clone();
    form(&admin, "customer", json!([]), false).await;
    let link =
        json!([{"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}}]);
    let complaint = form(&admin, "complaint", link, true).await;
    let request = form(&admin, "request", json!([]), true).await;
    approved_by(&admin, &request, &me).await;

    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{complaint}")).await;
    browser.input("Name").await;
    browser.gone(".toolbar").await;
    // The way back leads away from here.
    let back =
        "return [...document.querySelectorAll('.breadcrumb a')].map(a => a.getAttribute('href')).join()";
    let leads_away = async || browser.script(back).await == "/apps/office,/apps/office";
    assert!(browser.until(leads_away).await, "{}", browser.script(back).await);
    // Why there is nothing to choose from is said.
    browser.click_at("#at-customer button.input").await;
    browser.part(":popover-open").sees("You may not see the records to choose from").await;
    browser.go(&format!("/apps/office/forms/{complaint}")).await;
    browser.fill("Name", "Too loud").await;
    browser.click("Save").await;
    browser.sees("Submitted").await;
    assert_eq!(refused(&browser).await, json!([]));

    // What waits for approval is found again among one's own requests, on a phone, too.
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/office/forms/{request}")).await;
    browser.fill("Name", "Chairs").await;
    browser.click("Submit").await;
    browser.sees("Submitted").await;
    browser.part(".banner").sees("Submitted").await;
    browser.part(".banner").sees("“Progress and history” shows how it goes on").await;
    assert!(!browser.shows("To the list").await, "there is no list to go to");
    assert_eq!(refused(&browser).await, json!([]));
    browser.go(&format!("/apps/office/forms/{request}")).await;
    browser.click("My requests of this form").await;
    browser.part(".inbox-cards").sees("Chairs").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn who_has_a_task_alone_asks_for_nothing_that_is_refused() {
    let server = Server::start(Database::Sqlite).await;
    let (admin, clerk) = office(&server).await;
    let customer = form(&admin, "customer", json!([]), false).await;
    let fields = json!([{"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
        {"key": "town", "label": "Town", "kind": "lookup", "options": {"link": "customer", "field": "name"}}]);
    let visit = form(&admin, "visit", fields, false).await;
    approved_by(&admin, &visit, &clerk).await;
    let acme = json!({"fields": {"name": "Acme"}});
    let acme = admin.post(&format!("/forms/{customer}/records"), acme).await.created();
    let lunch = json!({"fields": {"name": "Lunch", "customer": acme["id"]}});
    admin.post(&format!("/forms/{visit}/records"), lunch).await.created();

    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go("/inbox").await;
    let task = browser.part(".inbox > .record");
    task.sees("Lunch").await;
    task.sees("No access").await;
    browser.part(".timeline").sees("Cleo").await;
    // The page of the form would not open.
    task.gone("header a").await;
    assert_eq!(refused(&browser).await, json!([]));
    browser.part(".decision").click("Approve").await;
    browser.sees("Approved").await;
    assert_eq!(refused(&browser).await, json!([]));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
