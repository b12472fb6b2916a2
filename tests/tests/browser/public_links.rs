//! A form is shared by a link, and people without an account fill it in on their phones: whatever happens meanwhile, what they
//! enter is stored once.

use serde_json::{Value, json};
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Server};

/// No answer comes while `__gone` says so; the replies to the next `__lost` answers get lost; the next `__many` are told to come
/// again.
const FRAIL: &str = "const real = window.fetch; window.__gone = false; window.__lost = 0; window.__many = 0; \
     window.fetch = async (...asked) => { \
         if (window.__gone) throw new TypeError('gone'); \
         const sends = (asked[0].url ?? '').endsWith('/answers'); \
         if (sends && window.__many > 0) { window.__many--; \
             const said = JSON.stringify({type: 'urn:x', title: 'Too many', status: 429, code: 'too_many_requests', detail: 'Too many'}); \
             return new Response(said, {status: 429, headers: {'retry-after': '3', 'content-type': 'application/problem+json'}}); } \
         const answer = await real.apply(window, asked); \
         if (sends && window.__lost > 0) { window.__lost--; throw new TypeError('lost'); } \
         return answer; }";

/// What the page has asked of the API that is not for visitors.
const STRAY: &str = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname) \
     .filter(path => path.startsWith('/api/') && !path.startsWith('/api/v1/public/'))";

/// A form of two pages with a formula, choices and a rule.
async fn a_form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "fair", "label": "Fair"})).await.created();
    let tastes = ["Sweet", "Sour", "Salty"].map(|label| json!({"key": label.to_lowercase(), "label": label}));
    let form = json!({"key": "guest", "label": "Guest", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "tastes", "label": "Tastes", "kind": "multi_select", "options": {"choices": tastes}},
        {"key": "boxes", "label": "Boxes", "kind": "number"},
        {"key": "pieces", "label": "Pieces", "kind": "number", "compute": {"formula": "boxes * 12"}}],
        "layout": [{"divider": "About you"}, {"row": [{"field": "name"}]}, {"row": [{"field": "tastes"}]},
            {"divider": "Your order"}, {"row": [{"field": "boxes", "width": 6}, {"field": "pieces", "width": 6}]}]});
    id_of(&admin.post("/apps/fair/forms", form).await.created())
}

/// A link to a form; gives the path of its page.
async fn a_link(admin: &Client, form: &str, more: Value) -> String {
    let mut link = json!({"name": "At the door"});
    link.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let link = admin.post(&format!("/forms/{form}/links"), link).await.created();
    format!("/f/{}", link["token"].as_str().unwrap())
}

/// A browser of somebody who has never been here, as large as a phone.
async fn a_guest(server: &Server, language: &str) -> Browser {
    let guest = Browser::open_in(server, language).await;
    guest.resize(390, 844).await;
    guest
}

async fn records(admin: &Client, form: &str) -> Vec<Value> {
    let list = admin.get(&format!("/forms/{form}/records")).await.ok();
    list["items"].as_array().unwrap().clone()
}

async fn house() -> (Server, Client, String) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let form = a_form(&admin).await;
    (server, admin, form)
}

#[tokio::test]
async fn a_form_is_shared_and_a_guest_fills_it_in_on_a_phone() {
    let (server, admin, form) = house().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let path = share(&browser, &form).await;
    let guest = a_guest(&server, "en").await;
    fill(&guest, &path).await;
    assert_eq!(guest.script(STRAY).await, json!([]));
    assert_eq!(guest.complaints().await, Vec::<String>::new());
    arrived(&browser, &admin, &form).await;
    // One more of the same guest, who is asked for it anew.
    guest.click("Another answer").await;
    guest.fill("Name", "Bo").await;
    guest.sees("Page 1 of 2").await;
    // Whoever has no account sees at once that it is closed.
    browser.go(&format!("/apps/fair/forms/{form}/links")).await;
    browser.sees("1 answer").await;
    browser.click_at("[data-link] input[role=switch]").await;
    browser.part("[data-link]").sees("Switched off").await;
    guest.go(&path).await;
    guest.sees("This form takes no more answers").await;
    guest.go("/f/there-is-no-such-link").await;
    guest.sees("There is no form here").await;
    assert_eq!(guest.script(STRAY).await, json!([]));
    removed(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    guest.close().await;
    browser.close().await;
    server.close().await;
}

/// From the list's menu to a link with its address; gives the path of the page that it leads to.
async fn share(browser: &Browser, form: &str) -> String {
    browser.go(&format!("/apps/fair/forms/{form}")).await;
    browser.click("More for this list").await;
    browser.click("Share by a link").await;
    browser.sees("No public links yet").await;
    browser.click("New link").await;
    let dialog = browser.dialog();
    dialog.click("Make the link").await;
    dialog.find("[aria-invalid=true]").await;
    dialog.fill("What it is called", "At the door").await;
    dialog.click("Make the link").await;
    browser.find("dialog[open] img.qr").await;
    let address = browser.dialog().held("Link").await;
    assert!(
        address.starts_with(browser.script("return location.origin").await.as_str().unwrap()),
        "{address}"
    );
    browser.dialog().click("Copy the link").await;
    browser.sees("The link is copied").await;
    browser.dialog().click("Close").await;
    browser.part("[data-link]").sees("Open").await;
    let (_, path) = address.split_once("/f/").unwrap();
    format!("/f/{path}")
}

async fn fill(guest: &Browser, path: &str) {
    guest.go(path).await;
    guest.sees("Page 1 of 2").await;
    guest.part("h1").sees("Guest").await;
    guest.gone("nav").await;
    the_button_stays_in_sight(guest).await;
    // What is missing on a page keeps one there.
    guest.click("Next").await;
    guest.find("#at-name [aria-invalid=true]").await;
    guest.fill("Name", "Ann").await;
    guest.click_at(".pick-card:nth-of-type(2)").await;
    guest.click_at(".pick-card:nth-of-type(3)").await;
    guest.click("Next").await;
    guest.sees("Page 2 of 2").await;
    guest.fill("Boxes", "3").await;
    guest.sees("36").await;
    guest.click("Back").await;
    guest.holds("Name", "Ann").await;
    guest.click("Next").await;
    guest.click("Send").await;
    guest.sees("Thank you").await;
}

/// Also where the page is longer than the window.
async fn the_button_stays_in_sight(guest: &Browser) {
    guest.resize(390, 320).await;
    let stays = "const [bar, last] = ['.public-go', '.pick-card:last-of-type'].map(css => document.querySelector(css).getBoundingClientRect()); \
         return last.bottom > bar.top && bar.top > 0 && bar.bottom <= innerHeight + 1";
    assert!(guest.until(async || guest.script(stays).await == true).await, "the button is out of sight");
    guest.resize(390, 844).await;
}

/// The record is in the list, and says which way it came.
async fn arrived(browser: &Browser, admin: &Client, form: &str) {
    let found = records(admin, form).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let fields = &found[0]["fields"];
    assert_eq!((&fields["name"], &fields["tastes"]), (&json!("Ann"), &json!(["sour", "salty"])));
    assert_eq!((&fields["boxes"], &fields["pieces"]), (&json!("3.00"), &json!("36.00")));
    let record = id_of(&found[0]);
    let history = admin.get(&format!("/forms/{form}/records/{record}/history")).await.ok();
    assert_eq!(history["items"][0]["path"], "public_form", "{history}");
    browser.go(&format!("/apps/fair/forms/{form}/records/{record}")).await;
    browser.click("History").await;
    browser.sees("By a public link").await;
}

async fn removed(browser: &Browser) {
    browser.click_at("[data-link] .anchor button").await;
    browser.click("Remove").await;
    browser.dialog().click("Remove").await;
    browser.sees("No public links yet").await;
}

#[tokio::test]
async fn a_link_with_a_password_opens_for_who_knows_it() {
    let (server, admin, form) = house().await;
    let path = a_link(
        &admin,
        &form,
        json!({"password": "autumn-fair", "fields": ["name"], "thanks": "See you at the fair"}),
    )
    .await;
    let guest = a_guest(&server, "zh-TW").await;
    guest.go(&path).await;
    guest.sees("這個表單已上鎖").await;
    guest.fill("存取密碼", "winter-fair").await;
    guest.click("開啟表單").await;
    guest.find("[aria-invalid=true]").await;
    guest.fill("存取密碼", "autumn-fair").await;
    guest.click("開啟表單").await;
    // Nothing but the field of the link is there, on one page.
    guest.fill("Name", "Ann").await;
    guest.gone("#at-boxes").await;
    guest.click("送出填寫").await;
    guest.sees("See you at the fair").await;
    assert_eq!(guest.script(STRAY).await, json!([]));
    assert_eq!(records(&admin, &form).await.len(), 1);
    guest.close().await;
    server.close().await;
}

#[tokio::test]
async fn whatever_happens_meanwhile_an_answer_is_stored_once() {
    let (server, admin, form) = house().await;
    let path = a_link(&admin, &form, json!({"fields": ["name"]})).await;
    let guest = a_guest(&server, "en").await;
    // What was begun is there when one comes back, and goes when one says so.
    guest.go(&path).await;
    guest.fill("Name", "Ann").await;
    guest.sees("Kept on this device").await;
    guest.go(&path).await;
    guest.sees("has been brought back").await;
    guest.holds("Name", "Ann").await;
    guest.click("Start over").await;
    assert!(guest.until(async || guest.held("Name").await.is_empty()).await, "it is still there");
    // The reply gets lost: the same answer is sent again, and is stored once.
    guest.script(FRAIL).await;
    guest.script("window.__lost = 1").await;
    guest.fill("Name", "Bo").await;
    guest.click("Send").await;
    guest.sees("Thank you").await;
    assert_eq!(records(&admin, &form).await.len(), 1);
    // Too many at once: it waits by itself.
    guest.click("Another answer").await;
    guest.fill("Name", "Cy").await;
    guest.script("window.__many = 1").await;
    guest.click("Send").await;
    guest.sees("A lot is coming in").await;
    guest.sees("Thank you").await;
    assert_eq!(records(&admin, &form).await.len(), 2);
    // The server is gone, and so is the page: it is sent when one comes back.
    guest.click("Another answer").await;
    guest.fill("Name", "Di").await;
    guest.script("window.__gone = true").await;
    guest.click("Send").await;
    guest.sees("it is sent as soon as the server is back").await;
    guest.crash().await;
    guest.go(&path).await;
    guest.sees("Thank you").await;
    let names: Vec<Value> =
        records(&admin, &form).await.iter().map(|record| record["fields"]["name"].clone()).collect();
    assert_eq!(names, [json!("Di"), json!("Cy"), json!("Bo")]);
    guest.close().await;
    server.close().await;
}
