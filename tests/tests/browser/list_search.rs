//! The search of a list, and the way back to it, at a desk and on a phone; what a phone has of both.

use serde_json::json;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// A list of 121 customers, of whom one has a Chinese name, with room for ten notes each.
async fn customers(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "crm", "label": "CRM"})).await.created();
    let notes =
        (1..=10).map(|n| json!({"key": format!("note_{n}"), "label": format!("Note {n}"), "kind": "text"}));
    let name = json!({"key": "name", "label": "Name", "kind": "text"});
    let fields: Vec<_> = std::iter::once(name).chain(notes).collect();
    let form = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": fields});
    let form = admin.post("/apps/crm/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    let names = std::iter::once("重庆火锅".to_owned()).chain((1..=120).map(|n| format!("Shop {n:03}")));
    let records: Vec<_> = names.map(|name| json!({"fields": {"name": name}})).collect();
    admin.post(&format!("/forms/{form}/records/bulk"), json!({"create": records})).await.ok();
    form
}

const IN_SEARCH: &str = "return document.activeElement.closest('.list-search') !== null";
const WORDS: &str = "return document.querySelector('.list-search input')?.value";
const SCROLLED: &str = "return document.querySelector('.phone-list')?.scrollTop > 1500";

#[tokio::test]
async fn a_list_is_searched_by_keys_and_its_address_says_so() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = customers(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/crm/forms/{form}")).await;
    let (grid, status) = (browser.part("[role=grid]"), browser.part(".status-line"));
    status.sees("121 records").await;
    browser.keys("/").await;
    browser.gives(IN_SEARCH, true).await;
    browser.gone("dialog[open]").await;
    browser.keys("cqhg").await;
    grid.sees("重庆火锅").await;
    status.sees("1 record of 121").await;
    grid.sees_no_more("Shop").await;
    browser.gives("return new URLSearchParams(location.search).get('q')", "cqhg").await;
    // Escape takes it away, and once more leaves the box.
    browser.keys(Key::Escape + "").await;
    status.sees("121 records").await;
    browser.keys(Key::Escape + "").await;
    browser.gives(IN_SEARCH, false).await;
    browser.keys(Key::Control + "f").await;
    browser.gives(IN_SEARCH, true).await;
    browser.keys("nowhere").await;
    browser.sees("Nothing found for “nowhere”").await;
    browser.part(".empty").click("Clear the search").await;
    status.sees("121 records").await;
    // Whoever opens the address finds the same.
    browser.go(&format!("/apps/crm/forms/{form}?q=shop%20007")).await;
    grid.sees("Shop 007").await;
    grid.sees_no_more("Shop 120").await;
    browser.gives(WORDS, "shop 007").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn on_a_phone_one_searches_and_comes_back_to_the_place() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = customers(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/crm/forms/{form}")).await;
    let list = browser.part(".phone-list");
    list.sees("Shop 120").await;
    browser.part(".list-search").type_at("input", "shop").await;
    browser.part(".status-line").sees("120 records").await;
    let scroll = "document.querySelector('.phone-list').scrollTop = 2000";
    browser.script(scroll).await;
    browser.gives(SCROLLED, true).await;
    // More cards come below: where they are, a record in the middle is opened.
    let open = "const box = document.querySelector('.phone-list').getBoundingClientRect(); \
         const card = document.elementFromPoint(box.left + 40, box.top + 120)?.closest('a.list-card'); \
         card?.click(); return card != null";
    browser.gives(open, true).await;
    browser.find(".record-page").await;
    browser.gives("return document.querySelector('.breadcrumb .back')?.href.includes('q=shop')", true).await;
    browser.script("history.back()").await;
    list.sees("Shop").await;
    browser.gives(WORDS, "shop").await;
    browser.gives(SCROLLED, true).await;
    // The search over everything is at the top.
    browser.part(".top-search").click_at("button").await;
    browser.find("dialog.palette-dialog[open]").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn on_a_phone_the_bar_covers_no_field_that_is_filled() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = customers(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    // As high as a phone is above its keyboard.
    browser.resize(390, 460).await;
    browser.go(&format!("/apps/crm/forms/{form}/new")).await;
    browser.input("Note 10").await;
    let clear = |place: &str| {
        format!(
            "const input = [...document.querySelectorAll('.record-body input')].at({place}); input.focus(); \
             const [field, bar, top] = [input, document.querySelector('.save-bar'), document.querySelector('.top')] \
                 .map(part => part.getBoundingClientRect()); \
             return field.bottom <= bar.top && field.top >= top.bottom && bar.bottom <= innerHeight"
        )
    };
    for place in ["-1", "4", "0", "-2"] {
        browser.gives(&clear(place), true).await;
    }
    browser.close().await;
    server.close().await;
}
