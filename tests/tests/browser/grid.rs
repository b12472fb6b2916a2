//! A list of records: scrolled, sorted, filtered by conditions, with columns chosen and totals below.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const ORDERS: u64 = 300;
const GRID: &str = "[role=grid]";

async fn form(admin: &Client, document: Value) -> String {
    let form = admin.post("/apps/shop/forms", document).await.created();
    let id = form["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{id}/publish"), json!({})).await.ok();
    id
}

async fn fill(admin: &Client, form: &str, records: Vec<Value>) -> Vec<Value> {
    let answer = admin.post(&format!("/forms/{form}/records/bulk"), json!({"create": records})).await.ok();
    answer["results"].as_array().unwrap().iter().map(|record| record["id"].clone()).collect()
}

/// Orders 1 to 300 of two customers in turn, each worth its number, and twice that by a formula.
async fn orders(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let customers = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let customers = form(admin, customers).await;
    let names = ["Acme", "Globex"].map(|name| json!({"fields": {"name": name}}));
    let customers = fill(admin, &customers, names.to_vec()).await;
    let orders = json!({"key": "order", "label": "Order", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 0}},
        {"key": "double", "label": "Double", "kind": "formula", "options": {"formula": "amount * 2"}},
        {"key": "day", "label": "Day", "kind": "date"}]});
    let orders = form(admin, orders).await;
    let record = |n: u64| json!({"fields": {"name": format!("Order {n:03}"), "customer": customers[n as usize % 2], "amount": n, "day": "2026-03-02"}});
    fill(admin, &orders, (1..=ORDERS).map(record).collect()).await;
    orders
}

/// Opens the filter and sets its first line.
async fn compare(browser: &Browser, field: &str, comparison: &str) {
    browser.click("Filter").await;
    let panel = browser.part(".filter-panel");
    panel.choose("Field", field).await;
    panel.choose("Comparison", comparison).await;
}

async fn clear(browser: &Browser) {
    browser.click("Filter").await;
    browser.part(".filter-panel").click("Clear the filter").await;
    browser.part(".status-line").sees("300 records").await;
}

#[tokio::test]
async fn a_list_is_scrolled_sorted_filtered_and_added_up() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let orders = orders(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{orders}")).await;
    let (grid, status) = (browser.part(GRID), browser.part(".status-line"));
    status.sees("300 records").await;

    // Only what is seen is in the page, and everything can be reached.
    grid.sees("Order 300").await;
    let lines =
        async || browser.script("return document.querySelectorAll('[role=grid] tbody tr').length").await;
    assert!(lines().await.as_u64().unwrap() < 100);
    let to_the_end = "const box = document.querySelector('.grid-box'); box.scrollTop = box.scrollHeight";
    assert!(
        browser
            .until(async || {
                browser.script(to_the_end).await;
                grid.shows("Order 001").await
            })
            .await,
        "the end is never reached"
    );
    assert!(lines().await.as_u64().unwrap() < 100);

    // By the formula, and the other way round.
    browser.script("document.querySelector('.grid-box').scrollTop = 0").await;
    grid.click("Double").await;
    grid.sees("Order 001 Globex 1 2 2026-03-02").await;
    grid.click("Double").await;
    grid.sees("Order 300 Acme 300 600").await;

    // The records of one customer, found by its name.
    compare(&browser, "Customer", "is").await;
    browser.part(".filter-panel").choose("Value", "Acme").await;
    browser.part(".filter-panel").click("Filter").await;
    status.sees("150 records of 300").await;
    browser.part(".chips-bar").sees("Acme").await;
    clear(&browser).await;

    nothing_found_keeps_the_heads(&browser).await;

    // Escape closes the box and keeps what is whole.
    compare(&browser, "Customer", "is").await;
    browser.part(".filter-panel").choose("Value", "Acme").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".filter-panel").await;
    status.sees("150 records").await;
    clear(&browser).await;

    // A line that is not finished is there when the box is opened again, until it is cleared.
    compare(&browser, "Amount", "is between").await;
    let panel = browser.part(".filter-panel");
    panel.fill("From", "20").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".filter-panel").await;
    browser.click("Filter").await;
    panel.sees("is between").await;
    panel.holds("From", "20").await;
    panel.click("Clear the filter").await;
    browser.gone(".filter-panel").await;
    browser.click("Filter").await;
    panel.sees_no_more("is between").await;
    // Nothing is set, so there is nothing to clear; a line to begin with is always there.
    panel.sees_no_more("Clear the filter").await;
    panel.click("Remove").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".filter-panel").await;
    browser.click("Filter").await;
    panel.choose("Field", "Amount").await;
    panel.click("Clear the filter").await;
    browser.gone(".filter-panel").await;

    // Between two numbers, computed ones too; the total below follows.
    compare(&browser, "Double", "is between").await;
    browser.part(".filter-panel").fill("From", "20").await;
    browser.part(".filter-panel").fill("To", "24").await;
    browser.part(".filter-panel").click("Filter").await;
    status.sees("3 records").await;
    let total = browser.part("tfoot");
    total.click("Total").await;
    browser.part(".menu:popover-open").click("Sum").await;
    total.sees("33").await;
    clear(&browser).await;

    // A column is put away.
    browser.click("Columns").await;
    let columns = browser.part(".column-choice");
    columns.sees("Amount").await;
    let heights = "return new Set([...document.querySelectorAll('.column-choice .check')] \
         .map(line => line.getBoundingClientRect().height).filter(height => height > 0)).size";
    browser.gives(heights, 1).await;
    let box_of = "const {left, top, width, height} = document.querySelector('.popover:popover-open').getBoundingClientRect(); \
         return [left, top, width, height].map(Math.round)";
    let whole = browser.script(box_of).await;
    columns.fill("Search", "nosuch").await;
    columns.sees("Nothing found").await;
    assert_eq!(browser.script(box_of).await, whole, "the choice of columns jumps");
    columns.fill("Search", "DAY").await;
    columns.sees_no_more("Amount").await;
    assert_eq!(browser.script(box_of).await, whole, "the choice of columns jumps");
    columns.tick("Day").await;
    browser.part("[role=grid] thead").sees_no_more("Day").await;
    // What is not shown is said by the button.
    browser.part(".toolbar").sees("1 hidden").await;
    columns.fill("Search", "").await;
    columns.sees("Amount").await;

    // Whose a record is and when it was made is a column like any other, here by the newest change first.
    let head = browser.part("[role=grid] thead");
    for column in ["Owner", "Created at", "Changed at"] {
        browser.part(".column-choice").tick(column).await;
        head.sees(column).await;
    }
    grid.sees("Ada").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".column-choice").await;
    let last = admin.post(&format!("/forms/{orders}/records"), json!({"fields": {"name": "Late"}})).await;
    let last = last.created()["id"].as_str().unwrap().to_owned();
    head.click("Changed at").await;
    head.click("Changed at").await;
    grid.sees("Late").await;
    head.click("Owner").await;
    browser.part("[role=grid] th[aria-sort=ascending]").sees("Owner").await;
    grid.sees("Order 001").await;

    // By other columns in the box, as on a phone, where there are no heads.
    browser.click("Sort").await;
    let panel = browser.part(".sort-panel");
    panel.click("Remove").await;
    panel.choose("Sort by", "Double").await;
    panel.click("Descending").await;
    grid.sees("Order 300 Acme 300 600").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".sort-panel").await;

    // An address that sorts by what does not exist: trying again never helps, clearing does.
    browser.go(&format!("/apps/shop/forms/{orders}?sort=nosuch")).await;
    browser.click("Clear the sorting").await;
    grid.sees("Late").await;
    browser.sees_no_more("Clear the sorting").await;

    // Escape closes what lies on top, and the drawer only when nothing does.
    browser.go(&format!("/apps/shop/forms/{orders}?record={last}")).await;
    browser.part(".drawer").click_at("button[aria-label='Open calendar']").await;
    browser.find(".calendar:popover-open").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".calendar:popover-open").await;
    browser.find(".drawer").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".drawer").await;

    what_is_unsaved_in_the_drawer_is_asked_for(&browser).await;
    what_was_deleted_is_taken_back(&browser, &orders, &last).await;
    a_choice_with_little_room_leaves_its_button_free(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// The heads stay over the words that nothing was found, the count stays at the foot, and one press brings all back.
async fn nothing_found_keeps_the_heads(browser: &Browser) {
    compare(browser, "Amount", "is").await;
    browser.part(".filter-panel").fill("Value", "100000").await;
    browser.part(".filter-panel").click("Filter").await;
    let (list, status) = (browser.part(".data-left"), browser.part(".status-line"));
    list.sees("No record matches the filter").await;
    assert!(
        browser.until(async || status.text().await.trim() == "0 records of 300").await,
        "{}",
        status.text().await
    );
    browser.part("[role=grid] thead").sees("Customer").await;
    let places = "const box = css => document.querySelector(css).getBoundingClientRect(); \
         const [head, words, count] = ['.grid-box thead', '.data-left .empty h2', '.status-line'].map(box); \
         return head.bottom <= words.top && words.bottom <= count.top && Math.abs(count.bottom - innerHeight) < 2";
    browser.gives(places, true).await;
    list.click("Clear the filter").await;
    status.sees("300 records").await;
    browser.part(GRID).sees("Order 300").await;
    browser.gone(".data-left .empty").await;
}

/// From its page and from the drawer, which are both left when the record is gone.
async fn what_was_deleted_is_taken_back(browser: &Browser, form: &str, record: &str) {
    let delete = async || {
        browser.click("More actions").await;
        browser.part(".menu:popover-open").click("Delete").await;
        browser.dialog().click("Delete").await;
        browser.part(".status-line").sees("300 records").await;
    };
    browser.go(&format!("/apps/shop/forms/{form}/records/{record}")).await;
    delete().await;
    browser.part(".toasts").click("Undo").await;
    browser.part(".record-page .record").sees("Late").await;
    browser.go(&format!("/apps/shop/forms/{form}?record={record}")).await;
    browser.part(".drawer").sees("Late").await;
    delete().await;
    browser.gone(".drawer").await;
    browser.part(".toasts").click("Undo").await;
    browser.part(".status-line").sees("301 records").await;
}

async fn a_choice_with_little_room_leaves_its_button_free(browser: &Browser) {
    browser.resize(1280, 420).await;
    browser.click("Columns").await;
    let columns = browser.part(".column-choice");
    columns.sees("Amount").await;
    let apart = "const button = document.querySelector('.column-choice').closest('.anchor').querySelector('button').getBoundingClientRect(); \
         const box = document.querySelector('.popover:popover-open').getBoundingClientRect(); \
         return box.top >= button.bottom && box.bottom <= innerHeight";
    assert!(
        browser.until(async || browser.script(apart).await == true).await,
        "the choice covers its button"
    );
    // The last column is reached by scrolling, and the button closes what it opened.
    columns.click_at(".column-lines > :last-child label").await;
    browser.click("Columns").await;
    browser.gone(".column-choice").await;
}

async fn what_is_unsaved_in_the_drawer_is_asked_for(browser: &Browser) {
    let (body, drawer) = (browser.part("[role=grid] tbody"), browser.part(".drawer"));
    let stays = async || {
        browser.dialog().click("Stay here").await;
        browser.gone("dialog[open]").await;
        drawer.holds("Name", "Later").await;
    };
    body.click_at("tr[aria-rowindex='1'] td.title").await;
    drawer.fill("Name", "Later").await;
    drawer.click("Next record").await;
    stays().await;
    body.click_at("tr[aria-rowindex='2'] td.title").await;
    stays().await;
    browser.script("history.back()").await;
    stays().await;
    drawer.click("Close").await;
    browser.dialog().click("Keep as a draft").await;
    browser.gone(".drawer").await;
    browser.sees("Kept as a draft").await;
    // The draft is offered again; thrown away on the way back, it is not.
    body.click_at("tr[aria-rowindex='1'] td.title").await;
    drawer.click("Continue").await;
    drawer.holds("Name", "Later").await;
    drawer.click("Discard").await;
    browser.dialog().click("Cancel").await;
    browser.script("history.back()").await;
    browser.dialog().click("Discard").await;
    browser.gone(".drawer").await;
    body.click_at("tr[aria-rowindex='1'] td.title").await;
    drawer.sees("Late").await;
    drawer.sees_no_more("You have an unsaved draft").await;
    drawer.click("Close").await;
    browser.gone(".drawer").await;
}

/// Notes by its place what stands in each line, and goes on once all that is in sight has come. Whether that was the end.
const READ_ON: &str = "const box = document.querySelector('.grid-box'); window.read ??= {}; let whole = true; \
    for (const line of document.querySelectorAll('[role=grid] tbody tr[aria-rowindex]')) { \
        const name = line.innerText.match(/Order \\d{3}/); \
        if (name) window.read[line.ariaRowIndex] = name[0]; else whole = false; } \
    if (!whole) return false; \
    const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 2; \
    box.scrollTop += box.clientHeight / 2; return end";

/// A page begins where the one before it ended, though records above it have gone meanwhile.
#[tokio::test]
async fn what_goes_between_two_pages_hides_no_other_record_and_shows_none_twice() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let orders = orders(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{orders}")).await;
    browser.part(GRID).sees("Order 290").await;
    let gone = json!({"filter": {"field": "name", "op": "eq", "value": "Order 290"}});
    let gone = admin.post(&format!("/forms/{orders}/records/query"), gone).await.ok();
    let gone = gone["items"][0]["id"].as_str().unwrap();
    admin.delete(&format!("/forms/{orders}/records/{gone}"), 1).await.with_status(204);
    // It is told to be gone where it stood.
    browser.find("tr.is-gone").await;

    assert!(browser.until(async || browser.script(READ_ON).await == true).await, "the end is never reached");
    let read = browser.script("return Object.values(window.read).sort()").await;
    let wanted: Vec<String> = (1..=ORDERS).map(|number| format!("Order {number:03}")).collect();
    assert_eq!(read, json!(wanted));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
