//! What is at hand around a record: begun by an address, copied, talked about, printed, with what links to it below.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn a_record_is_begun_copied_talked_about_and_printed() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let member = json!({"email": "mei@example.com", "name": "Mei", "language": "en"});
    admin.post("/members", member).await.created();
    let (customer, order) = forms(&admin).await;
    let acme = json!({"fields": {"name": "Acme"}});
    let acme = admin.post(&format!("/forms/{customer}/records"), acme).await.created();
    let acme = acme["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    it_begins_by_an_address(&browser, &order, &acme).await;
    rows_are_copied_and_removed_together(&browser).await;
    it_is_shown_as_stored_and_copied(&browser, &admin, &order).await;
    people_talk_about_it(&browser).await;
    it_is_printed(&browser).await;
    it_stands_below_what_it_links_to(&browser, &customer, &acme).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Customers, and orders that link to them.
async fn forms(admin: &Client) -> (String, String) {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true}]});
    let order = json!({"key": "order", "label": "Order", "title": "{subject}", "fields": [
        {"key": "subject", "label": "Subject", "kind": "text", "required": true},
        {"key": "buyer", "label": "Buyer", "kind": "link", "options": {"form": "customer"}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}}]}}]});
    let mut ids = Vec::new();
    for form in [customer, order] {
        ids.push(admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned());
    }
    let order = ids.pop().unwrap();
    (ids.pop().unwrap(), order)
}

async fn it_begins_by_an_address(browser: &Browser, order: &str, acme: &str) {
    let address = format!("/apps/office/forms/{order}/new?subject=Chairs%20for%20all&buyer={acme}");
    browser.go(&address).await;
    assert_eq!(browser.held("Subject").await, "Chairs for all");
    browser.part("#at-buyer").sees("Acme").await;
    // Nobody typed anything yet: one may go as one came.
    let asked = "const event = new Event('beforeunload', {cancelable: true}); \
                 window.dispatchEvent(event); return event.defaultPrevented";
    assert_eq!(browser.script(asked).await, false);
}

async fn rows(browser: &Browser) -> Value {
    let text = "return [...document.querySelectorAll('.sub tbody tr')].map(row => \
                [...row.querySelectorAll('td input')].map(input => input.value).join(' '))";
    browser.script(text).await
}

async fn rows_are_copied_and_removed_together(browser: &Browser) {
    browser.click("Add a row").await;
    browser.click_at("#at-lines-0-item input").await;
    browser.keys("Chair".to_owned() + Key::Tab + "4").await;
    browser.keys(Key::Control + "d").await;
    assert!(browser.until(async || rows(browser).await == json!(["Chair 4", "Chair 4"])).await);
    browser.click_at("#number-lines-1 button").await;
    let menu = browser.part(".menu:popover-open");
    menu.click("Copy this row").await;
    assert!(browser.until(async || rows(browser).await.as_array().map(Vec::len) == Some(3)).await);
    browser.click_at("#number-lines-1 button").await;
    menu.click("Select").await;
    browser.part(".chosen-rows").sees("1 row selected").await;
    browser.click("Select all").await;
    browser.part(".chosen-rows").sees("3 rows selected").await;
    browser.part(".chosen-rows").click("Remove").await;
    browser.gone("#at-lines-0-item").await;
    browser.part(".toasts").sees("3 rows removed").await;
    browser.part(".toasts").click("Undo").await;
    assert!(browser.until(async || rows(browser).await == json!(["Chair 4", "Chair 4", "Chair 4"])).await);
}

async fn it_is_shown_as_stored_and_copied(browser: &Browser, admin: &Client, order: &str) {
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Copy").await;
    browser.sees("New Order").await;
    assert!(browser.until(async || browser.held("Subject").await == "Chairs for all").await);
    assert!(browser.until(async || rows(browser).await.as_array().map(Vec::len) == Some(3)).await);
    browser.fill("Subject", "Desks for all").await;
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    let list = admin.get(&format!("/forms/{order}/records?fields=subject,buyer,lines")).await.ok();
    let stored = list["items"].as_array().unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0]["fields"]["buyer"], stored[1]["fields"]["buyer"]);
    assert_ne!(stored[0]["fields"]["lines"][0]["id"], stored[1]["fields"]["lines"][0]["id"]);
}

async fn people_talk_about_it(browser: &Browser) {
    let side = browser.part("aside.side");
    side.click("Comments").await;
    side.sees("Nothing said yet").await;
    side.find("textarea").await.send_keys("Is this urgent?").await.unwrap();
    side.click("Mention people").await;
    side.find("[aria-haspopup=listbox]").await.click().await.unwrap();
    browser.pick("Mei").await;
    browser.keys(Key::Escape + "").await;
    side.click("Send").await;
    side.sees("Is this urgent?").await;
    side.sees("@ Mei").await;
    side.gone(".empty").await;
    // Its writer says it in other words.
    side.click_at("button[aria-label='Change']").await;
    side.find("textarea[name=comment-edit]").await.send_keys(Key::Control + "a").await.unwrap();
    side.find("textarea[name=comment-edit]").await.send_keys("Is it urgent?").await.unwrap();
    side.click("Save").await;
    side.sees("Is it urgent?").await;
    side.sees("changed").await;
}

async fn it_is_printed(browser: &Browser) {
    browser.script("window.printed = 0; window.print = () => { window.printed++; };").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Print").await;
    assert!(browser.until(async || browser.script("return window.printed").await == 1).await);
    let text = "return document.querySelector('.record-out').textContent";
    let text = browser.script(text).await.as_str().unwrap().to_owned();
    for said in ["Desks for all", "Buyer", "Acme", "Chair"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let inputs = "return document.querySelectorAll('.record-out input').length";
    assert_eq!(browser.script(inputs).await, 0);
    browser.script("window.dispatchEvent(new Event('afterprint'))").await;
    browser.gone(".record-out").await;
}

async fn it_stands_below_what_it_links_to(browser: &Browser, customer: &str, acme: &str) {
    browser.go(&format!("/apps/office/forms/{customer}/records/{acme}")).await;
    let below = browser.part(".linked-lists");
    below.sees("Desks for all").await;
    below.sees("Chairs for all").await;
    below.sees("2 records").await;
    below.click("Add").await;
    browser.sees("New Order").await;
    browser.part("#at-buyer").sees("Acme").await;
}
