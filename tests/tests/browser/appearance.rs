//! Language and theme are chosen by mouse: the page follows at once, and stays so when it is loaded anew.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// A language, and some of what the page says in it.
struct Speech {
    tag: &'static str,
    name: &'static str,
    sign_in: &'static str,
    home: &'static str,
    to_dark: &'static str,
    to_light: &'static str,
}

const SPEECHES: [Speech; 3] = [
    Speech {
        tag: "zh-CN",
        name: "简体中文",
        sign_in: "登录",
        home: "首页",
        to_dark: "换成深色",
        to_light: "换成浅色",
    },
    Speech {
        tag: "zh-TW",
        name: "繁體中文",
        sign_in: "登入",
        home: "首頁",
        to_dark: "切換為深色",
        to_light: "切換為淺色",
    },
    Speech {
        tag: "en",
        name: "English",
        sign_in: "Sign in",
        home: "Home",
        to_dark: "Switch to dark",
        to_light: "Switch to light",
    },
];

#[tokio::test]
async fn languages_and_themes_are_chosen_by_mouse_and_stay() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.prefer_dark(false).await;
    before_signing_in(&browser).await;
    browser.sign_in().await;
    let [light, dark] = in_the_navigation(&browser, &admin).await;
    assert_ne!(light, dark, "dark looks like light");
    in_the_settings(&browser, &light, &dark).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn before_signing_in(browser: &Browser) {
    browser.go("/sign-in").await;
    for speech in &SPEECHES {
        browser.click(speech.name).await;
        speaks(browser, "main h1", speech.tag, speech.sign_in).await;
        anew(browser).await;
        speaks(browser, "main h1", speech.tag, speech.sign_in).await;
    }
}

/// Each language in both themes; gives how light and dark look.
async fn in_the_navigation(browser: &Browser, admin: &Client) -> [Value; 2] {
    let mut shades = [Value::Null, Value::Null];
    for speech in &SPEECHES {
        browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
        browser.part(":popover-open").click(speech.name).await;
        speaks(browser, "nav.nav", speech.tag, speech.home).await;
        // The account keeps it for other browsers.
        let is_kept = browser.until(async || admin.get("/me").await.ok()["language"] == speech.tag).await;
        assert!(is_kept, "the account does not keep {}", speech.tag);
        for (button, theme, place) in [(speech.to_dark, "dark", 1), (speech.to_light, "light", 0)] {
            browser.part(".nav-foot").click(button).await;
            is_themed(browser, &json!(theme)).await;
            anew(browser).await;
            speaks(browser, "nav.nav", speech.tag, speech.home).await;
            is_themed(browser, &json!(theme)).await;
            shades[place] = shade(browser).await;
        }
    }
    shades
}

async fn in_the_settings(browser: &Browser, light: &Value, dark: &Value) {
    browser.go("/settings").await;
    let settings = browser.part("main");
    for (segment, theme, look) in [("Dark", "dark", dark), ("Light", "light", light)] {
        settings.click(segment).await;
        is_themed(browser, &json!(theme)).await;
        assert_eq!(shade(browser).await, *look, "{theme}");
    }
    // As the system says, when it changes its mind too.
    settings.click("System").await;
    is_themed(browser, &Value::Null).await;
    anew(browser).await;
    settings.sees("System").await;
    is_themed(browser, &Value::Null).await;
    for (is_dark, look) in [(true, dark), (false, light)] {
        browser.prefer_dark(is_dark).await;
        assert!(browser.until(async || shade(browser).await == *look).await, "dark: {is_dark}");
    }
    for speech in &SPEECHES {
        settings.click(speech.name).await;
        speaks(browser, "nav.nav", speech.tag, speech.home).await;
    }
}

/// Loads the page anew.
async fn anew(browser: &Browser) {
    browser.driver.refresh().await.unwrap();
}

/// A part of the page says a word, and the page names its language.
async fn speaks(browser: &Browser, part: &str, tag: &str, word: &str) {
    browser.part(part).sees(word).await;
    let named =
        browser.until(async || browser.script("return document.documentElement.lang").await == tag).await;
    assert!(named, "the page does not name {tag}");
}

/// The page has this theme by choice; null where it follows the system.
async fn is_themed(browser: &Browser, theme: &Value) {
    let chosen = "return document.documentElement.getAttribute('data-theme')";
    assert!(browser.until(async || browser.script(chosen).await == *theme).await, "the theme is not {theme}");
}

async fn shade(browser: &Browser) -> Value {
    browser.script("return getComputedStyle(document.documentElement).backgroundColor").await
}

/// Nothing moves for who asked their system for less motion: neither what opens, nor what waits.
#[tokio::test]
async fn nothing_moves_where_less_motion_is_asked_for() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    // Every element with a motion that takes time, and what is seen of it before and behind it.
    let moving = "const lasts = list => list.split(',').some(time => parseFloat(time) > 0); \
         const parts = [null, '::before', '::after', '::backdrop']; \
         return [...document.querySelectorAll('body, body *')].flatMap(element => parts.flatMap(part => { \
             const style = getComputedStyle(element, part); \
             const turns = style.animationName !== 'none' && lasts(style.animationDuration); \
             return turns || lasts(style.transitionDuration) ? [element.className + (part ?? '')] : []; }))";
    for (asked, moves) in [("no-preference", true), ("reduce", false)] {
        let media = json!({"features": [{"name": "prefers-reduced-motion", "value": asked}]});
        browser.developer_tools("Emulation.setEmulatedMedia", media).await;
        for page in ["/", "/_/gallery", "/templates"] {
            browser.go(page).await;
            browser.find("h1").await;
            // The gallery stands outside of what has a palette.
            if page != "/_/gallery" {
                browser.keys(Key::Control + "k").await;
                browser.find("dialog.palette-dialog[open]").await;
            }
            let found = browser.script(moving).await;
            let is_moving = found.as_array().is_some_and(|found| !found.is_empty());
            assert_eq!(is_moving, moves, "{page}, {asked}: {found}");
        }
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
