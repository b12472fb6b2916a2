//! A hook is made where a form is shared; what comes by it, and why something was refused, is told there; and its secret changes
//! while its sender goes on.

use serde_json::{Value, json};
use tests::sender::seconds;
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Sender, Server};

async fn house() -> (Server, Client, String) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let form = json!({"key": "order", "label": "Order", "title": "{code}", "fields": [
        {"key": "code", "label": "Number", "kind": "text", "required": true, "unique": true},
        {"key": "who", "label": "Customer", "kind": "text"},
        {"key": "total", "label": "Total", "kind": "number"}]});
    let form = id_of(&admin.post("/apps/shop/forms", form).await.created());
    (server, admin, form)
}

async fn records(admin: &Client, form: &str) -> Vec<Value> {
    admin.get(&format!("/forms/{form}/records")).await.ok()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_hook_is_made_tried_and_looked_after_on_the_page_where_a_form_is_shared() {
    let (server, admin, form) = house().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let shop = made(&browser, &admin, &form).await;
    shop.send(json!({"order": {"no": 7}, "who": "Ann", "total": "12"})).await.ok();
    shop.send(json!({"order": {"no": 7}, "who": "Bea"})).await.ok();
    shop.send(json!({"order": {}, "who": "Cat"})).await.refused(422, "validation");
    let found = records(&admin, &form).await;
    assert_eq!((found.len(), &found[0]["fields"]["who"]), (1, &json!("Bea")));
    told(&browser, &found[0]).await;
    let second = renewed(&browser, &shop).await;
    switched_and_removed(&browser, &second, &form).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// From the page to a hook that finds orders by their numbers; gives its sender.
async fn made(browser: &Browser, admin: &Client, form: &str) -> Sender {
    browser.go(&format!("/apps/shop/forms/{form}/links")).await;
    browser.sees("No inbound hooks yet").await;
    browser.click("New inbound hook").await;
    let dialog = browser.dialog();
    dialog.click("Make the hook").await;
    dialog.find("[aria-invalid=true]").await;
    dialog.fill("What the other system is called", "Web shop").await;
    dialog.choose("What becomes of a message", "Change the record with the same key, or make one").await;
    // A key is asked for, and a pointer that is none is told at its line.
    let first = browser.part("dialog[open] [data-line]:first-of-type");
    first.fill("Place in the message", "order.no").await;
    dialog.choose("Key", "Number").await;
    dialog.click("Make the hook").await;
    dialog.sees("The pointer begins with a /").await;
    first.fill("Place in the message", "/order/no").await;
    dialog.click("Make the hook").await;
    dialog.sees("The secret is shown now and never again").await;
    let (address, secret) = (dialog.held("Address (POST)").await, dialog.held("Secret").await);
    dialog.click("Copy the secret").await;
    browser.sees("The secret is copied").await;
    dialog.click("Close").await;
    let card = browser.part("[data-hook]");
    card.sees("Web shop").await;
    card.sees("Nothing came yet").await;
    assert!(!browser.text().await.contains(&secret), "the secret stays on the page");
    let (_, token) = address.split_once("/api/v1/hooks/").unwrap();
    Sender { who: admin.stranger(), token: token.to_owned(), secret }
}

/// What came is listed with what became of it, and leads to the record; the history names the hook.
async fn told(browser: &Browser, record: &Value) {
    browser.click("What came").await;
    let dialog = browser.dialog();
    dialog.sees("New record").await;
    dialog.sees("Changed").await;
    dialog.sees("Refused").await;
    dialog.sees("/order/no").await;
    dialog.sees("This member is missing").await;
    let to = dialog.address("Record").await;
    assert!(to.ends_with(&format!("/records/{}", id_of(record))), "{to}");
    dialog.click("Close").await;
    let here = browser.script("return location.pathname").await;
    browser.go(&to).await;
    browser.click("History").await;
    browser.sees("By an inbound hook").await;
    browser.sees("Web shop").await;
    browser.go(here.as_str().unwrap()).await;
}

/// A new secret stands beside the first until that is ended; gives the sender with it.
async fn renewed(browser: &Browser, shop: &Sender) -> Sender {
    browser.click_at("[data-hook] .anchor button").await;
    browser.click("New secret").await;
    browser.dialog().click("New secret").await;
    browser.dialog().sees("The secret before stays good").await;
    let secret = browser.dialog().held("Secret").await;
    browser.dialog().click("Close").await;
    browser.part("[data-hook]").sees("Two secrets are good").await;
    let second = Sender { secret, ..shop.clone() };
    for sender in [shop, &second] {
        sender.send(json!({"order": {"no": 8}, "who": "Dan"})).await.ok();
    }
    browser.click_at("[data-hook] .anchor button").await;
    browser.click("End the former secret").await;
    browser.dialog().click("End the former secret").await;
    browser.sees("The former secret is ended").await;
    shop.send(json!({"order": {"no": 9}})).await.refused(401, "bad_signature");
    second
}

async fn switched_and_removed(browser: &Browser, shop: &Sender, form: &str) {
    let order = json!({"order": {"no": 9}});
    browser.click_at("[data-hook] input[role=switch]").await;
    browser.part("[data-hook]").sees("Off").await;
    shop.send(order.clone()).await.refused(409, "hook_off");
    // On a phone, and by keyboard alone: the switch takes the space bar.
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/shop/forms/{form}/links")).await;
    browser.find("[data-hook] input[role=switch]").await;
    browser.script("document.querySelector('[data-hook] input[role=switch]').focus()").await;
    browser.keys(" ").await;
    browser.part("[data-hook]").sees("On").await;
    let late = shop.signed(("late", &seconds(-3_600)), &order);
    shop.who.send(late).await.refused(401, "stale_message");
    shop.send(order.clone()).await.ok();
    browser.click_at("[data-hook] .anchor button").await;
    browser.click("Remove").await;
    browser.dialog().click("Remove").await;
    browser.sees("No inbound hooks yet").await;
    shop.send(order).await.refused(404, "not_found");
}
