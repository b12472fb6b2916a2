//! A field becomes one of another kind: what that does to its values is said before it happens, and can be taken back.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

const PROPERTIES: &str = ".pane.right";

/// Things with a code, one of which is no number.
async fn things(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let thing = json!({"key": "thing", "label": "Thing", "title": "{code}", "fields": [
        {"key": "code", "label": "Code", "kind": "text"}]});
    let thing = admin.post("/apps/shop/forms", thing).await.created()["id"].as_str().unwrap().to_owned();
    for code in ["12", "abc"] {
        admin.post(&format!("/forms/{thing}/records"), json!({"fields": {"code": code}})).await.created();
    }
    thing
}

async fn list(admin: &Client, thing: &str) -> Vec<Value> {
    let query = json!({"sort": [{"field": "$id"}]});
    let list = admin.post(&format!("/forms/{thing}/records/query"), query).await.ok();
    list["items"].as_array().unwrap().clone()
}

async fn codes(admin: &Client, thing: &str) -> Vec<Value> {
    list(admin, thing).await.iter().map(|one| one["fields"]["code"].clone()).collect()
}

#[tokio::test]
async fn who_changes_a_kind_sees_what_is_lost_and_gets_it_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let thing = things(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let designer = format!("/apps/shop/forms/{thing}/design");
    browser.go(&designer).await;
    let (canvas, properties) = (browser.part(".canvas"), browser.part(PROPERTIES));
    canvas.sees("Code").await;
    canvas.click_at(".slot").await;
    properties.choose("Type", "Number").await;
    browser.part(".top").click("Publish").await;
    let dialog = browser.dialog();
    dialog.sees("Code: Text → Number").await;
    dialog.sees("1 value does not fit and is no longer shown").await;
    let sample = dialog.part(".fault-table tbody");
    sample.sees("abc").await;
    sample.sees("12.00").await;
    assert_eq!(codes(&admin, &thing).await, ["12", "abc"], "nothing is changed yet");
    dialog.click("Publish").await;
    browser.part(".toasts").click("Open the form").await;
    browser.sees("2 records").await;
    assert_eq!(codes(&admin, &thing).await, [json!("12.00"), Value::Null]);
    // At the field one sees that what was there is kept, until something else is.
    let lost = list(&admin, &thing).await[1]["id"].as_str().unwrap().to_owned();
    browser.go(&format!("/apps/shop/forms/{thing}/records/{lost}")).await;
    browser.sees("Was “abc”, which does not fit the field as it is now").await;

    browser.go(&designer).await;
    properties.sees("Removed and changed fields (1)").await;
    properties.click("Removed and changed fields (1)").await;
    properties.sees("Was: Text; 2 values lie here until").await;
    properties.click("Put back").await;
    browser.sees("Put back into the draft").await;
    browser.part(".top").click("Publish").await;
    dialog.sees("Code: Number → Text").await;
    dialog.sees("former value").await;
    dialog.click("Publish").await;
    browser.part(".toasts").click("Open the form").await;
    browser.sees("2 records").await;
    assert_eq!(codes(&admin, &thing).await, ["12", "abc"]);

    // What is used is not taken out in passing.
    browser.go(&designer).await;
    canvas.click_at(".slot").await;
    properties.click("Remove field").await;
    dialog.sees("Remove “Code”?").await;
    dialog.sees("How records are called").await;
    dialog.click("Cancel").await;
    browser.gone("dialog").await;
    canvas.sees("Code").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
