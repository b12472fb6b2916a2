//! The columns of a list under a real mouse: cells are drawn over and filled by the handle, columns are drawn wider, put into
//! another place and kept in sight; two of them say the order.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

use crate::sheet::becomes;

/// The heads of the pieces, the third one with the box before the rows, and of the stage behind the price.
const PIECES: &str = "[role=grid] thead th:nth-child(3)";
const STAGE: &str = "[role=grid] thead th:nth-child(5)";
/// What the first four heads are called.
const NAMES: &str = "return [...document.querySelectorAll('[role=grid] thead th .th .clip')].slice(0, 4) \
     .map(name => name.textContent.trim()).join()";

/// Twelve parts in more columns than are seen at once; the pieces of the first two are known.
async fn parts(admin: &Client) -> (String, Vec<String>) {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let text = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "text"});
    let number = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "number", "options": {"scale": 0}});
    let stages = json!([{"key": "open", "label": "Open"}, {"key": "done", "label": "Done"}]);
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        text("name", "Name"), number("qty", "Pieces"), number("price", "Price"),
        {"key": "stage", "label": "Stage", "kind": "select", "options": {"choices": stages}},
        text("maker", "Maker"), text("city", "City"), text("street", "Street"), text("shelf", "Shelf"),
        text("ref", "Reference"), text("by", "Bought by"), text("note", "Remark")]});
    let form = admin.post("/apps/shop/forms", part).await.created()["id"].as_str().unwrap().to_owned();
    let record = |n: u64| {
        let qty = [json!(1), json!(3)].get(n as usize - 1).cloned().unwrap_or_default();
        let stage = if n % 2 == 1 { "open" } else { "done" };
        json!({"fields": {"name": format!("Part {n:02}"), "qty": qty, "price": n, "stage": stage}})
    };
    let rows: Vec<Value> = (1..=12).map(record).collect();
    let made = admin.post(&format!("/forms/{form}/records/bulk"), json!({"create": rows})).await.ok();
    let ids = made["results"].as_array().unwrap().iter();
    (form, ids.map(|record| record["id"].as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn columns_and_cells_are_drawn_with_the_mouse() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, parts) = parts(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}?sort=name")).await;
    browser.part("[role=grid]").sees("Part 12").await;
    let pieces = async |place: usize| {
        let record = admin.get(&format!("/forms/{form}/records/{}", parts[place])).await.ok();
        record["fields"]["qty"].clone()
    };
    cells_are_filled_by_the_handle(&browser, pieces).await;
    a_column_is_drawn_wider_and_typed_narrower(&browser).await;
    a_column_is_put_before_another(&browser).await;
    columns_stay_in_sight(&browser).await;
    two_columns_say_the_order(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Two numbers are drawn over with the mouse, and the handle at their corner goes on as they began.
async fn cells_are_filled_by_the_handle(browser: &Browser, pieces: impl AsyncFn(usize) -> Value) {
    let cell = |row: usize| format!("[role=grid] tbody tr[data-row='{row}'] td[data-col='1']");
    let (first, second) = (browser.middle_of(&cell(0)).await, browser.middle_of(&cell(1)).await);
    browser.draw(first, &[second]).await;
    let at_corner = format!(
        "const handle = document.querySelector('.fill-handle')?.getBoundingClientRect(); \
         const cell = document.querySelector(\"{}\").getBoundingClientRect(); \
         return handle !== undefined && Math.abs(handle.left + handle.width / 2 - cell.right) < 4 \
             && Math.abs(handle.top + handle.height / 2 - cell.bottom) < 4",
        cell(1)
    );
    assert!(browser.until(async || browser.script(&at_corner).await == true).await, "both are not selected");
    let handle = browser.middle_of(".fill-handle").await;
    let (third, fifth) = (browser.middle_of(&cell(2)).await, browser.middle_of(&cell(4)).await);
    browser.draw(handle, &[third, fifth]).await;
    for (row, wanted) in [(3, "5"), (4, "7"), (5, "9")] {
        becomes(browser, (row, 1), wanted).await;
    }
    assert!(browser.until(async || pieces(4).await == "9").await, "it is not stored");
    assert_eq!((pieces(0).await, pieces(1).await, pieces(5).await), (json!("1"), json!("3"), Value::Null));
    // All that was filled at once is taken back at once.
    browser.keys(Key::Control + "z").await;
    assert!(browser.until(async || pieces(4).await.is_null() && pieces(2).await.is_null()).await);
}

/// How wide the head of the pieces is on the screen.
async fn width(browser: &Browser) -> i64 {
    let width =
        format!("return Math.round(document.querySelector('{PIECES}').getBoundingClientRect().width)");
    browser.script(&width).await.as_i64().unwrap()
}

/// Waits until the column is about so wide, on the screen and in the address; gives how wide it is to the pixel.
async fn is_wide(browser: &Browser, wanted: i64) -> i64 {
    let said =
        "return Number((new URLSearchParams(location.search).get('widths') ?? '').replace('qty:', ''))";
    let said = async || browser.script(said).await.as_i64().unwrap_or_default();
    let is_near = |width: i64| (width - wanted).abs() <= 2;
    let is_so = browser.until(async || is_near(width(browser).await) && is_near(said().await)).await;
    assert!(is_so, "{} wide and said to be {}, not {wanted}", width(browser).await, said().await);
    said().await
}

/// By the edge of its head, and by its number without a mouse.
async fn a_column_is_drawn_wider_and_typed_narrower(browser: &Browser) {
    let before = width(browser).await;
    let (x, y) = browser.middle_of(&format!("{PIECES} .col-edge")).await;
    browser.draw((x, y), &[(x + 20, y), (x + 60, y)]).await;
    let wider = is_wide(browser, before + 60).await;
    // The press on the edge has sorted nothing.
    let sort = "return new URLSearchParams(location.search).get('sort')";
    assert_eq!(browser.script(sort).await, "name");

    browser.click("Columns").await;
    let pieces = browser.part(".column-lines > div:nth-child(2)");
    pieces.holds("Width in pixels", wider.to_string()).await;
    pieces.enter("Width in pixels", "96").await;
    assert_eq!(is_wide(browser, 96).await, 96);
    browser.keys(Key::Escape + "").await;
    browser.gone(".column-choice").await;
}

async fn a_column_is_put_before_another(browser: &Browser) {
    let (from, to) = (browser.middle_of(STAGE).await, browser.middle_of(PIECES).await);
    let hears = "window.__dragged = false; \
         document.addEventListener('dragstart', () => { window.__dragged = true; }, {once: true});";
    browser.script(hears).await;
    browser.take_up(from, "return window.__dragged").await;
    browser.carry("dragOver", to).await;
    // It shows where it would land.
    browser.find(&format!("{PIECES}.lands")).await;
    browser.let_go(to).await;
    let is_so = async || browser.script(NAMES).await == "Name,Stage,Pieces,Price";
    assert!(browser.until(is_so).await, "{}", browser.script(NAMES).await);
    browser.gone("[role=grid] thead th.lands").await;
}

/// The first two stay where they are while the others are scrolled.
async fn columns_stay_in_sight(browser: &Browser) {
    browser.click("Columns").await;
    browser.part(".column-lines > div:nth-child(2)").click("Freeze up to this column").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".column-choice").await;
    browser.find("[role=grid] thead th.lock-end:nth-child(3)").await;
    let lefts = "return [2, 3, 4].map(place => Math.round(document \
         .querySelector(`[role=grid] thead th:nth-child(${place})`).getBoundingClientRect().left))";
    let before = browser.script(lefts).await;
    browser.script("document.querySelector('.grid-box').scrollLeft = 200").await;
    let left = |of: &Value, place: usize| of[place].as_i64().unwrap();
    let is_scrolled = async || left(&browser.script(lefts).await, 2) == left(&before, 2) - 200;
    assert!(browser.until(is_scrolled).await, "{before}, then {}", browser.script(lefts).await);
    let now = browser.script(lefts).await;
    assert_eq!((&now[0], &now[1]), (&before[0], &before[1]));
    browser.script("document.querySelector('.grid-box').scrollLeft = 0").await;
}

/// A press sorts by one column, with Shift by another one within it.
async fn two_columns_say_the_order(browser: &Browser) {
    let heads = browser.part("[role=grid] thead");
    heads.click("Stage").await;
    let sorted = async |wanted: &str| {
        let sort = "return new URLSearchParams(location.search).get('sort')";
        let is_so = browser.until(async || browser.script(sort).await == wanted).await;
        assert!(is_so, "sorted by {}, not {wanted}", browser.script(sort).await);
    };
    sorted("stage").await;
    for wanted in ["stage,price", "stage,-price"] {
        let price = heads.control("Price").await;
        let with_shift = browser.driver.action_chain().key_down(Key::Shift).click_element(&price);
        with_shift.key_up(Key::Shift).perform().await.unwrap();
        sorted(wanted).await;
    }
    heads.find("th[aria-sort=ascending]:nth-child(3)").await;
    heads.find("th[aria-sort=descending]:nth-child(5)").await;
    // The choices in their order, the dearest first within each.
    let rows = [(1, "Part 11"), (2, "Part 09"), (6, "Part 01"), (7, "Part 12"), (12, "Part 02")];
    for (row, name) in rows {
        becomes(browser, (row, 0), name).await;
    }
}
