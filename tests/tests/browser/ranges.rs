//! A range of days is chosen by a name, in the calendar, by typing and by keys; a button without words says what it does.

use serde_json::{Value, json};
use tests::{Browser, Database, Server};
use thirtyfour::Key;

/// Asks for what the panel says, counts, and opens it again.
async fn found(browser: &Browser, wanted: &str) {
    browser.part(".filter-panel").click("Filter").await;
    browser.part(".status-line").sees(wanted).await;
    browser.click("Filter").await;
}

/// The two ends as the input shows them.
async fn ends(browser: &Browser) -> [String; 2] {
    let panel = browser.part(".filter-panel");
    [panel.held("From").await, panel.held("To").await]
}

async fn stand_at(browser: &Browser, wanted: [&str; 2]) {
    let same = browser.until(async || ends(browser).await == wanted).await;
    assert!(same, "{:?}, not {wanted:?}", ends(browser).await);
}

#[tokio::test]
async fn a_list_is_narrowed_to_a_range_of_days() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "visits", "label": "Visits"})).await.created();
    let fields = json!([{"key": "name", "label": "Name", "kind": "text"}, {"key": "day", "label": "Day", "kind": "date"}]);
    let form = json!({"key": "visit", "label": "Visit", "fields": fields});
    let form = admin.post("/apps/visits/forms", form).await.created();
    let form = form["id"].as_str().unwrap();
    for day in ["2024-11-04", "2024-11-18", "2024-11-22", "2024-12-02"] {
        let record = json!({"fields": {"name": day, "day": day}});
        admin.post(&format!("/forms/{form}/records"), record).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/visits/forms/{form}")).await;
    browser.part(".status-line").sees("4 records").await;
    browser.click("Filter").await;
    browser.part(".filter-panel").choose("Field", "Day").await;
    browser.part(".filter-panel").choose("Comparison", "is between").await;
    by_typing(&browser).await;
    by_the_calendar(&browser).await;
    by_keys(&browser).await;
    by_name(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn by_typing(browser: &Browser) {
    let panel = browser.part(".filter-panel");
    panel.enter("From", "2024/11/22").await;
    // The later day first means the same.
    panel.enter("To", "2024.11.18").await;
    stand_at(browser, ["2024-11-18", "2024-11-22"]).await;
    found(browser, "2 records").await;
    stand_at(browser, ["2024-11-18", "2024-11-22"]).await;
}

async fn by_the_calendar(browser: &Browser) {
    browser.part(".filter-panel").click("Choose a range").await;
    let days = browser.part(".range-box:popover-open");
    days.sees("Choose the first day").await;
    let between = "return [...document.querySelectorAll('.range-box:popover-open td.in')].map(day => day.innerText.trim())";
    browser.gives(between, json!(["19", "20", "21"])).await;
    let press = |day: u32| {
        format!(
            "[...document.querySelectorAll('.range-box:popover-open td button:not(.off)')]\
             .find(button => button.innerText.trim() === '{day}').click()"
        )
    };
    browser.script(&press(18)).await;
    days.sees("Choose the last day").await;
    browser.script(&press(4)).await;
    browser.gone(".range-box:popover-open").await;
    stand_at(browser, ["2024-11-04", "2024-11-18"]).await;
    found(browser, "2 records").await;
}

async fn by_keys(browser: &Browser) {
    browser.find(".filter-panel [aria-label=From]").await;
    let focus = "document.querySelector('.filter-panel [aria-label=From]').focus()";
    browser.script(focus).await;
    browser.keys(Key::Alt + Key::Down).await;
    let at = "return document.activeElement.closest('.range-box') !== null && document.activeElement.innerText.trim()";
    assert!(browser.until(async || browser.script(at).await == "4").await, "{}", browser.script(at).await);
    browser.keys(Key::Enter + "").await;
    browser.part(".range-box:popover-open").sees("Choose the last day").await;
    for week in ["11", "18", "25"] {
        browser.keys(Key::Down + "").await;
        assert!(
            browser.until(async || browser.script(at).await == week).await,
            "{}",
            browser.script(at).await
        );
    }
    browser.keys(Key::Enter + "").await;
    stand_at(browser, ["2024-11-04", "2024-11-25"]).await;
    found(browser, "3 records").await;
    // Escape leaves it as it is.
    browser.script(focus).await;
    browser.keys(Key::Alt + Key::Down).await;
    assert!(browser.until(async || browser.script(at).await == "4").await, "{}", browser.script(at).await);
    browser.keys(Key::Escape + "").await;
    browser.gone(".range-box:popover-open").await;
    stand_at(browser, ["2024-11-04", "2024-11-25"]).await;
}

async fn by_name(browser: &Browser) {
    browser.part(".filter-panel").click("Choose a range").await;
    browser.part(".range-box:popover-open").click("this month").await;
    browser.gone(".range-box:popover-open").await;
    let [from, to] = ends(browser).await;
    let expected = "const now = new Date(); const day = date => \
        `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`; return day(now)";
    let month = browser.script(expected).await;
    let month = month.as_str().unwrap();
    assert_eq!(from, format!("{month}-01"));
    assert!(to.starts_with(month) && to > from, "{to}");
}

/// What the tooltip says; nothing while there is none.
const TOLD: &str = "const tip = document.querySelector('#tooltip'); return tip.matches(':popover-open') ? tip.innerText : null";

async fn tells(browser: &Browser, wanted: Value) {
    let same = browser.until(async || browser.script(TOLD).await == wanted).await;
    assert!(same, "{wanted}: {}", browser.script(TOLD).await);
}

#[tokio::test]
async fn a_button_without_words_says_what_it_does() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    // Whoever points at it is told after a moment, and no longer when they point elsewhere.
    browser.rest_on(".nav-foot [data-tip='Collapse navigation']").await;
    tells(&browser, json!("Collapse navigation")).await;
    // It lies in the window, whatever the navigation cuts.
    let inside = "const box = document.querySelector('#tooltip').getBoundingClientRect(); \
        return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight && box.width > 40";
    browser.gives(inside, true).await;
    browser.keys(Key::Escape + "").await;
    tells(&browser, Value::Null).await;
    browser.rest_on("main h1").await;

    // Whoever comes by key is told, too; going on takes it away.
    browser.script("document.querySelector('.nav-foot button').focus()").await;
    browser.keys(Key::Tab + "").await;
    browser.keys(Key::Tab + "").await;
    tells(&browser, json!("Collapse navigation")).await;
    browser.keys(Key::Tab + "").await;
    let gone = browser.until(async || browser.script(TOLD).await != "Collapse navigation").await;
    assert!(gone, "it stays");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
