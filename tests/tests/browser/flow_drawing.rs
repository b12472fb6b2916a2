//! The drawing of a flow: its parts are dragged by the mouse, and a long one is gone through by its small map.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

use crate::flow_editor::text;

/// A form whose flow has these steps in its draft: its id, and the page of the flow.
async fn drawn(admin: &Client, steps: Value) -> (String, String) {
    let app = admin.post("/apps", json!({"label": "Office", "key": "office"})).await.created();
    let form = json!({"format": 1, "key": "request", "label": "Request",
        "fields": [{"key": "what", "label": "What for", "kind": "text"}]});
    let form = admin.post(&format!("/apps/{}/forms", text(&app["id"])), form).await.created();
    let form = text(&form["id"]);
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let flow = json!({"format": 1, "label": "Request", "steps": steps});
    admin.put(&format!("/forms/{form}/flow/draft"), "\"0\"", flow).await.ok();
    let page = format!("/apps/office/forms/{form}/flow");
    (form, page)
}

fn approval(key: &str, label: &str) -> Value {
    json!({"kind": "approve", "key": key, "label": label, "who": [{"submitter": true}]})
}

/// Drags what a selector finds to the middle of what another one finds.
async fn drag(browser: &Browser, what: &str, onto: &str) {
    let from = browser.middle_of(what).await;
    browser.take_up(from, "return document.querySelector('.flow .gap') !== null").await;
    let to = browser.middle_of(onto).await;
    // It shows where it would land; whoever holds something over a place tells it again and again.
    let shown = async || {
        browser.carry("dragOver", to).await;
        browser.script("return document.querySelector('.flow .landing') !== null").await == true
    };
    assert!(browser.until(shown).await, "{what} would land nowhere at {to:?}");
    browser.let_go(to).await;
    browser.gone(".flow .gap, .flow .landing").await;
}

/// Waits until the stored draft has its steps and arms in this order: keys, with the arms of a block behind it.
async fn stored(browser: &Browser, admin: &Client, form: &str, order: &[&str]) {
    let read = async || {
        let draft = admin.get(&format!("/forms/{form}/flow/draft")).await.ok();
        let mut keys = Vec::new();
        in_order(&draft["steps"], &mut keys);
        keys
    };
    let came = browser.until(async || read().await == order).await;
    assert!(came, "{order:?} is stored as {:?}", read().await);
}

fn in_order(steps: &Value, keys: &mut Vec<String>) {
    for step in steps.as_array().unwrap() {
        keys.push(text(&step["key"]));
        for arm in step["arms"].as_array().into_iter().flatten() {
            keys.push(text(&arm["key"]));
            in_order(&arm["steps"], keys);
        }
    }
}

#[tokio::test]
async fn steps_and_arms_are_dragged_by_the_mouse() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let steps = json!([approval("first", "First"), approval("second", "Second"),
        {"kind": "parallel", "key": "both", "label": "Both", "arms": [
            {"key": "left", "label": "Left", "steps": [approval("third", "Third")]},
            {"key": "right", "label": "Right", "steps": [approval("fourth", "Fourth")]}]}]);
    let (form, page) = drawn(&admin, steps).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.find(".flow .step[title=Fourth]").await;

    // To another place of the line, into an arm, from arm to arm.
    drag(&browser, ".flow .step[title=Second]", "#flow-add").await;
    stored(&browser, &admin, &form, &["second", "first", "both", "left", "third", "right", "fourth"]).await;
    drag(&browser, ".flow .step[title=First]", "#flow-add-third").await;
    stored(&browser, &admin, &form, &["second", "both", "left", "third", "first", "right", "fourth"]).await;
    drag(&browser, ".flow .step[title=Third]", "#flow-add-both-right").await;
    stored(&browser, &admin, &form, &["second", "both", "left", "first", "right", "third", "fourth"]).await;
    // What was moved has the focus, and goes back by the keyboard.
    browser.find(".arm:nth-child(2) > .step[title=Third]:focus").await;
    browser.keys(thirtyfour::Key::Control + "z").await;
    stored(&browser, &admin, &form, &["second", "both", "left", "third", "first", "right", "fourth"]).await;

    // A whole arm takes the place of another one; a block goes with all its arms.
    drag(&browser, ".flow .when-box[title=Right]", ".flow .when-box[title=Left]").await;
    stored(&browser, &admin, &form, &["second", "both", "right", "fourth", "left", "third", "first"]).await;
    drag(&browser, ".flow .fork-label", "#flow-add").await;
    stored(&browser, &admin, &form, &["both", "right", "fourth", "left", "third", "first", "second"]).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_long_flow_is_gone_through_by_its_small_map() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let steps: Vec<Value> = (1..=40).map(|n| approval(&format!("step_{n}"), &format!("Step {n}"))).collect();
    let (_, page) = drawn(&admin, json!(steps)).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.find(".minimap svg").await;
    // Each part of the drawing is in it, and what is seen.
    let whole = "return document.querySelectorAll('.minimap rect').length === \
        document.querySelectorAll('.flow [data-part]').length + 1";
    assert!(browser.until(async || browser.script(whole).await == true).await);
    let inside = "const map = document.querySelector('.minimap svg').getBoundingClientRect(); \
        return [...document.querySelectorAll('.minimap rect')].map(part => part.getBoundingClientRect()) \
            .every(part => part.top >= map.top - 2 && part.bottom <= map.bottom + 2 && part.left >= map.left - 2 && part.right <= map.right + 2)";
    assert!(browser.until(async || browser.script(inside).await == true).await);

    // A press shows what lies there: the end, the middle, the beginning. What is seen is told in it.
    let (x, y) = browser.middle_of(".minimap svg").await;
    let shown = async |from: f64, to: f64| {
        let share = "const pane = document.querySelector('.flow-canvas'); \
            const seen = Number(document.querySelector('.minimap .view').getAttribute('y')); \
            const at = pane.scrollTop / (pane.scrollHeight - pane.clientHeight); \
            return Math.abs(seen - pane.scrollTop) < 2 ? at : -1";
        let in_time = browser
            .until(async || browser.script(share).await.as_f64().is_some_and(|at| (from..=to).contains(&at)))
            .await;
        assert!(in_time, "{from} to {to}: {}", browser.script(share).await);
    };
    shown(0.0, 0.01).await;
    browser.press_at((x, y + 38)).await;
    shown(0.95, 1.0).await;
    browser.press_at((x, y)).await;
    shown(0.4, 0.6).await;
    browser.press_at((x, y - 38)).await;
    shown(0.0, 0.05).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
