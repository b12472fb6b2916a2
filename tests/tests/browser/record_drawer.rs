//! A record beside its list: one goes from record to record, reads all that there is of one, and opens it as a page, where what is
//! done with it stays in sight.

use serde_json::{Value, json};
use tests::{Browser, Database, Server};

/// The drawer beside the list.
const DRAWER: &str = ".drawer";
/// Fields that make a page longer than the window.
const MANY: usize = 24;

#[tokio::test]
async fn one_goes_from_record_to_record_and_opens_one_as_a_page() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let more = (0..MANY).map(|n| json!({"key": format!("f{n}"), "label": format!("F{n}"), "kind": "text"}));
    let name = json!({"key": "name", "label": "Name", "kind": "text"});
    let fields: Vec<Value> = std::iter::once(name).chain(more).collect();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": fields});
    let form = admin.post("/apps/shop/forms", part).await.created()["id"].as_str().unwrap().to_owned();
    let mut records = Vec::new();
    for name in ["Bench", "Chair", "Desk"] {
        let made =
            admin.post(&format!("/forms/{form}/records"), json!({"fields": {"name": name}})).await.created();
        records.push(made["id"].clone());
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}?sort=name")).await;
    browser.part("[role=grid]").sees("Desk").await;
    browser.click_at("[role=grid] tbody tr[data-row='0'] td.title").await;
    from_record_to_record(&browser, &records).await;
    all_of_it_is_read_beside_the_list(&browser).await;
    browser.part(DRAWER).click("Open as a page").await;
    what_is_done_with_it_stays_in_sight(&browser).await;
    let stored = async || {
        let record = admin.get(&format!("/forms/{form}/records/{}", records[1].as_str().unwrap())).await.ok();
        record["fields"]["name"].clone()
    };
    assert!(browser.until(async || stored().await == "Chair of oak").await, "{}", stored().await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Waits until the drawer has the record with this name, which the address says too.
async fn has(browser: &Browser, name: &str, id: &Value) {
    let drawer = browser.part(DRAWER);
    drawer.sees(name).await;
    let held = async || drawer.held("Name").await;
    assert!(browser.until(async || held().await == name).await, "{}, not {name}", held().await);
    let said = "return new URLSearchParams(location.search).get('record')";
    assert!(browser.until(async || browser.script(said).await == *id).await, "the address says another one");
}

async fn from_record_to_record(browser: &Browser, records: &[Value]) {
    let drawer = browser.part(DRAWER);
    has(browser, "Bench", &records[0]).await;
    drawer.find("[aria-label='Record before'][aria-disabled=true]").await;
    drawer.click("Next record").await;
    has(browser, "Chair", &records[1]).await;
    drawer.click("Next record").await;
    has(browser, "Desk", &records[2]).await;
    drawer.find("[aria-label='Next record'][aria-disabled=true]").await;
    drawer.click("Record before").await;
    has(browser, "Chair", &records[1]).await;
}

/// What is typed stays while one looks at what was said of it and at its history.
async fn all_of_it_is_read_beside_the_list(browser: &Browser) {
    let drawer = browser.part(DRAWER);
    drawer.fill("Name", "Chair of ash").await;
    drawer.click("Comments").await;
    drawer.sees("No comments yet").await;
    drawer.click("History").await;
    drawer.sees_no_more("No comments yet").await;
    drawer.click("Details").await;
    drawer.holds("Name", "Chair of ash").await;
    drawer.click("Save").await;
    drawer.gone(".save-bar").await;
    browser.part("[role=grid]").sees("Chair of ash").await;
}

async fn what_is_done_with_it_stays_in_sight(browser: &Browser) {
    browser.find(".record-page").await;
    browser.part(".top").sees("Chair of ash").await;
    browser.fill("Name", "Chair of oak").await;
    browser.find(".save-bar").await;
    let in_sight = "const bar = document.querySelector('.save-bar').getBoundingClientRect(); \
         const last = [...document.querySelectorAll('.record-body .field')].at(-1).getBoundingClientRect(); \
         return bar.top > 0 && bar.bottom <= innerHeight && last.bottom > innerHeight";
    assert!(browser.until(async || browser.script(in_sight).await == true).await, "the bar is out of sight");
    browser.part(".save-bar").click("Save").await;
    browser.gone(".save-bar").await;
}
