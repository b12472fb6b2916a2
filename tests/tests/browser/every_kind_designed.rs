//! Every kind of the palette comes into a form by a press, by its name and Enter, and by the mouse that drags it.

use serde_json::{Value, json};
use tests::browser::Dragging;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const SEARCH: &str = ".pane.left [role=searchbox]";
/// What is part of the layout comes last: what follows it would stand in it.
const PARTS: [&str; 2] = ["divider", "tabs"];

/// A kind as the palette has it.
struct Kind {
    key: String,
    name: String,
}

#[tokio::test]
async fn every_kind_comes_into_a_form_by_press_by_keys_and_by_drag() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let form = opened(&browser, &admin, "pressed").await;
    let kinds = kinds(&browser).await;
    assert!(kinds.len() > 35, "{} kinds", kinds.len());
    for kind in &kinds {
        browser.click_at(&format!(".palette-kinds .kind[data-kind={}]", kind.key)).await;
        is_added(&browser, kind).await;
    }
    holds_each(&browser, &admin, &form, &kinds).await;

    let form = opened(&browser, &admin, "typed").await;
    for kind in &kinds {
        browser.keys(Key::Escape + "").await;
        browser.keys("/").await;
        has_focus(&browser, SEARCH).await;
        browser.keys(kind.name.clone() + Key::Enter).await;
        is_added(&browser, kind).await;
    }
    holds_each(&browser, &admin, &form, &kinds).await;

    let form = opened(&browser, &admin, "dragged").await;
    for kind in &kinds {
        let says =
            Dragging { dragged: ".palette-kinds .kind.is-hover", lands: ".canvas .slot[data-lands=after]" };
        let from = format!(".palette-kinds .kind[data-kind={}]", kind.key);
        browser.drag(&from, (".canvas .slot[data-slot=name]", (50, 90)), says).await;
        is_added(&browser, kind).await;
    }
    holds_each(&browser, &admin, &form, &kinds).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A form with one field, open in its designer; gives its id.
async fn opened(browser: &Browser, admin: &Client, key: &str) -> String {
    let name = json!({"key": "name", "label": "What it is called", "kind": "text"});
    let form = json!({"key": key, "label": key, "fields": [name]});
    let form = admin.post("/apps/shop/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(".canvas").sees("What it is called").await;
    form
}

/// The kinds of the palette, those of fields first.
async fn kinds(browser: &Browser) -> Vec<Kind> {
    let said = "return [...document.querySelectorAll('.palette-kinds .kind')].map(kind => \
         [kind.dataset.kind, kind.querySelector('.kind-words > span').textContent.trim()])";
    let text = |of: &Value, place: usize| of[place].as_str().unwrap().to_owned();
    let said = browser.script(said).await;
    let all = said.as_array().unwrap().iter();
    let mut kinds: Vec<Kind> = all.map(|kind| Kind { key: text(kind, 0), name: text(kind, 1) }).collect();
    kinds.sort_by_key(|kind| PARTS.contains(&kind.key.as_str()));
    kinds
}

/// Waits until what was added can be taken back by its name, and its own name, or its formula, is asked for.
async fn is_added(browser: &Browser, kind: &Kind) {
    browser.control(&format!("Undo: Add “{}”", kind.name)).await;
    if kind.key == "formula" {
        browser.leave_formula().await;
    } else if !PARTS.contains(&kind.key.as_str()) {
        has_focus(browser, "[name=field-label]").await;
    }
}

async fn has_focus(browser: &Browser, css: &str) {
    let here = format!("return !!document.activeElement?.closest({})", json!(css));
    assert!(browser.until(async || browser.script(&here).await == true).await, "no focus in {css}");
}

/// Waits until the stored draft has a field of each kind besides its first one, and each part of a layout.
async fn holds_each(browser: &Browser, admin: &Client, form: &str, kinds: &[Kind]) {
    let draft = async || admin.get(&format!("/forms/{form}/draft")).await.ok()["definition"].clone();
    let lacks = async || {
        let draft = draft().await;
        let fields = draft["fields"].as_array().unwrap().clone();
        let layout = draft["layout"].to_string();
        let is_there = |kind: &&Kind| match PARTS.contains(&kind.key.as_str()) {
            true => layout.contains(&format!("\"{}\":", kind.key)),
            false => fields.iter().any(|field| field["key"] != "name" && field["kind"] == kind.key.as_str()),
        };
        kinds.iter().filter(|kind| !is_there(kind)).map(|kind| kind.key.clone()).collect::<Vec<String>>()
    };
    assert!(browser.until(async || lacks().await.is_empty()).await, "{:?} are not there", lacks().await);
}
