//! Nothing moves under the pointer: neither while a page loads, nor after one filters, turns to a tab or saves.

use std::time::Duration;

use serde_json::json;
use tests::pages::{self, Page};
use tests::{Browser, Client, Database, Server, lived_in};
use tokio::time::sleep;

/// How long after something was done a page may still be moved by it. The browser counts what moves half a second after
/// somebody pressed as wanted.
const LATE: Duration = Duration::from_millis(1200);
/// From now on no answer comes while `__gone` says so.
const GOES: &str = "const real = window.fetch; window.__gone = true; \
     window.fetch = (...asked) => window.__gone ? Promise.reject(new TypeError('gone')) : real.apply(window, asked);";

#[tokio::test]
async fn no_page_moves_by_itself_while_it_loads_and_is_used() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let install = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post("/templates/crm/install", install).await).await;
    assert_eq!(job["state"], "done", "{job}");
    lived_in::move_in(&server, &admin).await;
    let all = pages::of(&admin, &["quotation", lived_in::FORM]).await;
    let browser = Browser::open(&server).await;
    browser.watch_shifts().await;
    browser.leave_unasked().await;
    browser.sign_in().await;
    let mut wrong = Vec::new();
    for (turn, (size, width, height)) in [("desk", 1440, 900), ("phone", 360, 740)].into_iter().enumerate() {
        browser.resize(width, height).await;
        for page in &pages::in_turn(&all, turn, 2) {
            browser.go(&page.path).await;
            browser.settled(&page.name).await;
            let moved = browser.shifts().await;
            wrong.extend(moved.map(|moved| format!("{} ({size}) {moved}", page.name)));
        }
    }
    browser.resize(1440, 900).await;
    wrong.extend(while_used(&browser, &admin, &all).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
    server.close().await;
}

/// What moves after one has filtered a list, turned to a tab of a record, and saved it.
async fn while_used(browser: &Browser, admin: &Client, pages: &[Page]) -> Vec<String> {
    let named = |name: &str| pages.iter().find(|page| page.name == name).expect("the page is there");
    let mut wrong = Vec::new();
    let mut note = async |what: &str| {
        sleep(LATE).await;
        wrong.extend(browser.shifts().await.map(|moved| format!("{what} {moved}")));
    };
    let grid = named(&format!("grid-{}", lived_in::FORM));
    browser.go(&grid.path).await;
    browser.settled(&grid.name).await;
    browser.shifts().await;
    browser.click("Filter").await;
    browser.find("[role=dialog]:popover-open").await;
    note("the box of the filter").await;
    browser.click("Add a condition").await;
    note("a line of the filter").await;
    browser.go(&grid.path).await;
    browser.settled(&grid.name).await;
    browser.shifts().await;
    browser.click_at("tr[role=row] td.title").await;
    browser.find(".drawer").await;
    note("the drawer").await;
    browser.click("History").await;
    note("a tab of the record").await;

    let form = json!({"key": "note", "label": "Jotted", "title": "{what}",
        "fields": [{"key": "what", "label": "What", "kind": "text"}]});
    let form = admin.post("/apps/wishes/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    let record = json!({"fields": {"what": "One"}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    browser.go(&format!("/apps/wishes/forms/{form}/records/{}", record["id"].as_str().unwrap())).await;
    browser.settled("a record").await;
    browser.shifts().await;
    browser.fill("What", "Another").await;
    note("what is typed").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    note("saving").await;
    // Whether the server is there is asked when one comes back to the window, some seconds after one came.
    browser.script(GOES).await;
    let asks = "window.dispatchEvent(new Event('focus')); return document.querySelector('.offline') !== null";
    assert!(
        browser.until(async || browser.script(asks).await == true).await,
        "nobody says that the server is gone"
    );
    note("a server that is gone").await;
    browser.script("window.__gone = false").await;
    browser.gone(".offline").await;
    note("a server that is back").await;
    wrong
}
