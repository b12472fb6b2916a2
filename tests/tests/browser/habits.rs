//! Habits that people bring along from spreadsheets and other programs, where no other story shows them: keys that save, copy and take
//! back, columns that stay as one left them, the way back to where one was, long work that is found again.

use serde_json::json;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// Sixty parts with a number and a note.
async fn parts(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "qty", "label": "Pieces", "kind": "number", "options": {"scale": 0}},
        {"key": "note", "label": "Remark", "kind": "text"}]});
    let form = admin.post("/apps/shop/forms", part).await.created()["id"].as_str().unwrap().to_owned();
    let rows: Vec<_> =
        (1..=60).map(|n| json!({"fields": {"name": format!("Part {n:02}"), "qty": n}})).collect();
    admin.post(&format!("/forms/{form}/records/bulk"), json!({"create": rows})).await.ok();
    form
}

#[tokio::test]
async fn keys_columns_and_the_way_back_are_as_people_know_them() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = parts(&admin).await;
    let list = format!("/apps/shop/forms/{form}");
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    a_block_goes_out(&browser, &list).await;
    columns_stay_as_they_were_left(&browser, &list).await;
    one_comes_back_to_where_one_was(&browser, &list).await;
    what_came_of_long_work_is_found(&browser, &list).await;
    keys_save_a_record(&browser, &admin, &form).await;
    keys_change_a_form_and_take_it_back(&browser, &list).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Several cells are copied as a spreadsheet takes them.
async fn a_block_goes_out(browser: &Browser, list: &str) {
    browser.go(&format!("{list}?sort=name")).await;
    let grid = browser.part("[role=grid] tbody");
    grid.sees("Part 01").await;
    grid.click_at("tr[data-row='0'] td[data-col='1']").await;
    browser.keys(Key::Shift + Key::Down).await;
    browser.keys(Key::Shift + Key::Left).await;
    let copy = "const data = new DataTransfer(); \
         document.activeElement.dispatchEvent(new ClipboardEvent('copy', \
             {clipboardData: data, bubbles: true, cancelable: true})); \
         return data.getData('text/plain').trim()";
    let copied = browser.script(copy).await.as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(copied, "Part 01\t1\nPart 02\t2");
}

async fn columns_stay_as_they_were_left(browser: &Browser, list: &str) {
    let head = browser.part("[role=grid] thead");
    browser.click("Columns").await;
    browser.part(".column-choice").tick("Remark").await;
    head.sees_no_more("Remark").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".column-choice").await;
    // Two presses on its edge make a column as wide as what is in it.
    let fit = "document.querySelector('[role=grid] thead .col-edge') \
         .dispatchEvent(new MouseEvent('dblclick', {bubbles: true, cancelable: true}))";
    browser.script(fit).await;
    let widths = "return new URLSearchParams(location.search).get('widths') ?? ''";
    assert!(browser.until(async || browser.script(widths).await != "").await, "no width is said");
    let width = browser.script(widths).await;
    // Elsewhere and back: all is as it was.
    browser.go("/").await;
    browser.go(list).await;
    head.sees("Pieces").await;
    assert!(browser.until(async || browser.script(widths).await == width).await);
    head.sees_no_more("Remark").await;
}

async fn one_comes_back_to_where_one_was(browser: &Browser, list: &str) {
    browser.go(&format!("{list}?sort=name")).await;
    browser.part("[role=grid]").sees("Part 01").await;
    browser.script("document.querySelector('.grid-box').scrollTop = 900").await;
    browser.part("[role=grid]").sees("Part 30").await;
    browser.part("nav.nav").click("Home").await;
    browser.gone(".grid-box").await;
    browser.script("history.back()").await;
    browser.part("[role=grid]").sees("Part 30").await;
    let top = "return document.querySelector('.grid-box').scrollTop";
    assert!(browser.until(async || browser.script(top).await == 900).await, "{}", browser.script(top).await);
}

async fn what_came_of_long_work_is_found(browser: &Browser, list: &str) {
    browser.go(list).await;
    browser.part("[role=grid]").sees("Part 60").await;
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Export").await;
    browser.dialog().click("Export").await;
    browser.dialog().sees("60 records are in the file").await;
    browser.go("/jobs").await;
    let work = browser.part("main .notices");
    work.sees("Export").await;
    work.sees("Done").await;
    let address = work.address("Download").await;
    assert!(address.starts_with("/api/v1/files/"), "{address}");
}

async fn keys_save_a_record(browser: &Browser, admin: &Client, form: &str) {
    browser.go(&format!("/apps/shop/forms/{form}/new")).await;
    browser.fill("Name", "Part 61").await;
    browser.keys(Key::Control + "s").await;
    browser.sees("This is the record as it is stored.").await;
    let filter = json!({"filter": {"field": "name", "op": "eq", "value": "Part 61"}});
    let found = admin.post(&format!("/forms/{form}/records/query"), filter).await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

async fn keys_change_a_form_and_take_it_back(browser: &Browser, list: &str) {
    browser.go(&format!("{list}/design")).await;
    browser.part(".canvas").sees("Remark").await;
    let fields = "return document.querySelectorAll('.canvas .slot').length";
    let are = async |count: u64| {
        let same = browser.until(async || browser.script(fields).await == count).await;
        assert!(same, "{} fields, not {count}", browser.script(fields).await);
    };
    are(3).await;
    browser.keys(Key::Down + "").await;
    browser.find(".canvas .slot[aria-current=true]").await;
    browser.keys(Key::Control + "d").await;
    are(4).await;
    browser.keys(Key::Delete + "").await;
    are(3).await;
    browser.keys(Key::Control + "z").await;
    are(4).await;
    browser.keys(Key::Control + "z").await;
    are(3).await;
    browser.keys(Key::Control + Key::Shift + "z").await;
    are(4).await;
    browser.keys(Key::Control + "z").await;
    are(3).await;
    browser.keys(Key::Control + "s").await;
    browser.part(".top").sees("Saved").await;
}
