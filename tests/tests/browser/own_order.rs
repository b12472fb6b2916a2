//! Each member has the apps in their own order: by mouse, by keys and by the menu of a card, with those that are pinned first.

use serde_json::{Value, json};
use tests::browser::Dragging;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// What the cards of the home page say, from the first to the last.
const CARDS: &str =
    "return [...document.querySelectorAll('.app-place .strong')].map(name => name.innerText.trim())";

async fn reads(browser: &Browser, wanted: &[&str]) {
    let same = browser.until(async || browser.script(CARDS).await == json!(wanted)).await;
    assert!(same, "{wanted:?}: {}", browser.script(CARDS).await);
}

/// The apps as the server lists them for somebody.
async fn kept(who: &Client) -> Vec<String> {
    let list = who.get("/apps").await.ok();
    list["items"].as_array().unwrap().iter().map(|app| app["label"].as_str().unwrap().to_owned()).collect()
}

/// Drags a card to the left half of another one, or to its right half.
async fn drag(browser: &Browser, card: &str, onto: &str, behind: bool) {
    let card_of = |name: &str| format!(".app-place:has(.strong[title='{name}'])");
    let place = (if behind { 85 } else { 15 }, 70);
    let says = Dragging { dragged: ".app-place.gap", lands: ".app-place[data-lands]" };
    browser.drag(&card_of(card), (&card_of(onto), place), says).await;
}

#[tokio::test]
async fn apps_are_put_into_ones_own_order_and_pinned() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    for name in ["Orders", "People", "Stock"] {
        admin.post("/apps", json!({"key": name.to_lowercase(), "label": name})).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    reads(&browser, &["Orders", "People", "Stock"]).await;

    // By mouse; the navigation follows, and the server has it.
    drag(&browser, "Stock", "Orders", false).await;
    reads(&browser, &["Stock", "Orders", "People"]).await;
    let listed = "return [...document.querySelectorAll('.nav a[href^=\"/apps/\"]')].map(link => link.innerText.trim())";
    browser.gives(listed, json!(["Stock", "Orders", "People"])).await;
    assert!(browser.until(async || kept(&admin).await == ["Stock", "Orders", "People"]).await);

    // By keys: the focus stays on the card, and it is said where the card is.
    browser.script("document.querySelector('.app-place a').focus()").await;
    browser.keys(Key::Alt + Key::Right).await;
    reads(&browser, &["Orders", "Stock", "People"]).await;
    let held = "return document.activeElement.querySelector('.strong')?.innerText.trim()";
    assert!(browser.until(async || browser.script(held).await == "Stock").await, "the focus is lost");
    browser.keys(Key::Alt + Key::Down).await;
    reads(&browser, &["Orders", "People", "Stock"]).await;
    browser.keys(Key::Alt + Key::Right).await;
    reads(&browser, &["Orders", "People", "Stock"]).await;
    let told = "return document.querySelector('section > [role=status]').innerText.trim()";
    browser.gives(told, "Stock, place 3 of 3").await;

    // By the menu: one place back, and pinned.
    menu(&browser, "Stock", "Move back").await;
    reads(&browser, &["Orders", "Stock", "People"]).await;
    menu(&browser, "People", "Pin to the top").await;
    reads(&browser, &["People", "Orders", "Stock"]).await;
    browser.part("main").sees("Pinned").await;
    // What is let go among the others is pinned no longer.
    drag(&browser, "People", "Orders", true).await;
    reads(&browser, &["Orders", "People", "Stock"]).await;
    browser.part("main").sees_no_more("Pinned").await;

    // It is the same the next time, and on a phone.
    assert!(browser.until(async || kept(&admin).await == ["Orders", "People", "Stock"]).await);
    browser.driver.refresh().await.unwrap();
    reads(&browser, &["Orders", "People", "Stock"]).await;
    browser.resize(390, 844).await;
    menu(&browser, "Stock", "Move back").await;
    reads(&browser, &["Orders", "Stock", "People"]).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Chooses from the menu of an app's card.
async fn menu(browser: &Browser, app: &str, item: &str) {
    browser.script("document.activeElement.blur()").await;
    let open = format!("document.querySelector('[aria-label=\"What to do with {app}\"]').click()");
    assert_eq!(browser.script(&open).await, Value::Null);
    browser.part(".menu:popover-open").click(item).await;
}
