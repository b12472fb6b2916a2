//! How much the first visit fetches, and how soon the home page can be used on later ones.

use reqwest::header::SET_COOKIE;
use serde_json::json;
use tests::measured::{Figure, Unit, worst};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Server};

/// Visits with everything in the browser's cache.
const VISITS: usize = 10;
/// What was sent over the wire until the page could be used, headers included.
const SENT: &str = "const until = window.benchUsable; \
    const all = ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type)); \
    return all.filter(entry => entry.responseEnd <= until).reduce((sum, entry) => sum + entry.transferSize, 0)";

pub async fn measure(server: &Server) -> Vec<Figure> {
    let browser = newcomer(server).await;
    browser.on_every_page(include_str!("usable.js")).await;
    let first = visit(&browser).await;
    let sent = browser.script(SENT).await.as_f64().unwrap();
    let mut warm = Vec::new();
    for _ in 0..VISITS {
        warm.push(visit(&browser).await);
    }
    browser.close().await;
    vec![
        Figure::new("first load, compressed", sent / 1e6, Unit::Mb, 1).at_most(1.2),
        Figure::new("first load until usable, nothing cached", first, Unit::Seconds, 1),
        Figure::new("load until usable, cached, slowest", worst(&warm), Unit::Seconds, warm.len())
            .at_most(1.5),
    ]
}

/// A browser that has fetched nothing yet, and whose owner is signed in.
async fn newcomer(server: &Server) -> Browser {
    let browser = Browser::open(server).await;
    browser.resize(1440, 900).await;
    let answer = server.client().sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    for cookie in answer.headers.get_all(SET_COOKIE) {
        let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
        let cookie = json!({"name": name, "value": value, "url": server.url()});
        browser.developer_tools("Network.setCookie", cookie).await;
    }
    browser
}

/// Seconds from the beginning of the visit until the page can be used.
async fn visit(browser: &Browser) -> f64 {
    browser.go("/").await;
    let usable = "return window.benchUsable ?? null";
    let is_usable = browser.until(async || !browser.script(usable).await.is_null()).await;
    assert!(is_usable, "the home page cannot be used");
    browser.script(usable).await.as_f64().unwrap() / 1000.0
}
