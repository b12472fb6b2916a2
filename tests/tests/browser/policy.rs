//! Every page of the program, under its content security policy.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

/// The addresses of all pages, as the program lists them.
fn patterns() -> Vec<String> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src/app.rs");
    let list = fs::read_to_string(list).unwrap();
    let pages = list.lines().filter(|line| line.contains("<Route "));
    let path = |line: &str| line.split("path!(\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Those without a beginning stand below the settings.
    let whole = |path: String| match path.as_str() {
        "" => "/settings".to_owned(),
        below if !below.starts_with('/') => format!("/settings/{below}"),
        _ => path.clone(),
    };
    let patterns: Vec<String> = pages.map(path).map(whole).collect();
    assert!(patterns.len() > 30, "{patterns:?}");
    patterns
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// Makes something of each kind that has a page; gives what stands for each name in an address.
async fn things(admin: &Client) -> Vec<(&'static str, String)> {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let order = json!({"key": "order", "label": "Order", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "story", "label": "Story", "kind": "rich_text"},
        {"key": "day", "label": "Day", "kind": "date"},
        {"key": "papers", "label": "Papers", "kind": "files"},
        {"key": "sort", "label": "Sort", "kind": "select", "options": {"choices": [
            {"key": "a", "label": "A", "color": "o3"}, {"key": "b", "label": "B"}]}}]});
    let form = id(&admin.post("/apps/shop/forms", order).await.created());
    let me = admin.get("/me").await.ok();
    let boss = json!({"kind": "approve", "key": "boss", "label": "Boss", "who": [{"members": [(me["id"])]}], "policy": "any"});
    let flow = json!({"format": 1, "label": "Flow", "start": {"fields": {"*": "edit"}}, "steps": [boss]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let fields =
        json!({"name": "first", "story": "<p>It <b>went</b> well</p>", "day": "2026-11-28", "sort": "a"});
    let record = admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
    let table = json!({"format": 1, "key": "sorts", "label": "Sorts", "dimensions": [{"key": "sort", "label": "Sort"}],
        "sources": [{"form": "order", "group": {"sort": "sort"}, "measures": {"n": {"fn": "count"}}}]});
    let table = id(&admin.post("/apps/shop/aggregates", table).await.created());
    let tile = |key: &str, kind: &str, x: u32| {
        json!({"key": key, "label": key, "at": [x, 0, 4, 4], "kind": kind, "source": "order",
               "group": [{"field": "sort"}], "measures": [{"key": "n", "fn": "count"}]})
    };
    let tiles = [tile("bars", "bar", 0), tile("parts", "pie", 4), tile("ranks", "rank", 8)];
    let board =
        json!({"format": 1, "key": "board", "label": "Board", "read": {"everyone": true}, "tiles": tiles});
    admin.post("/apps/shop/dashboards", board).await.created();
    admin.post("/apps/shop/scripts", json!({"key": "idle", "source": "let n = 1;"})).await.created();
    let link = json!({"name": "Guests", "fields": ["name", "day", "sort"]});
    let link = admin.post(&format!("/forms/{form}/links"), link).await.created();
    let sheet = json!({"label": "Sheet", "blocks": [{"kind": "heading", "text": "{$title}"}]});
    let sheet = admin.post(&format!("/forms/{form}/prints"), sheet).await.created();
    vec![
        (":template", id(&sheet)),
        (":token", link["token"].as_str().unwrap().to_owned()),
        (":app", "shop".to_owned()),
        (":script", "idle".to_owned()),
        (":form", form),
        (":record", id(&record)),
        (":aggregate", table),
        (":dashboard", "board".to_owned()),
        // A page that says that there is none is one, too.
        (":report", "none".to_owned()),
    ]
}

/// Waits until the page fetches nothing more.
async fn settles(browser: &Browser) {
    browser.find("body > :not(noscript):not(#load-failed)").await;
    let mut before = Vec::new();
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(350)).await;
        let now = browser.fetched().await;
        if now == before {
            return;
        }
        before = now;
    }
}

#[tokio::test]
async fn c14_every_page_keeps_to_the_content_security_policy() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    let (before, after): (Vec<String>, Vec<String>) = patterns().into_iter().partition(|page| {
        let beginning = page.split('/').nth(1).unwrap_or_default();
        ["setup", "sign-in", "invitation", "forgotten-password", "new-password"].contains(&beginning)
    });
    // Who sets up what has been set up already is led elsewhere: that page comes first.
    browser.go("/setup").await;
    settles(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "/setup");
    let admin = server.set_up().await;
    let things = things(&admin).await;
    let visit = async |page: &String| {
        let mut address = page.clone();
        for (name, thing) in &things {
            address = address.replace(name, thing);
        }
        assert!(!address.contains(':'), "say here what stands for a name in {page}");
        browser.go(&address).await;
        settles(&browser).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new(), "{address}");
    };
    for page in &before {
        visit(page).await;
    }
    browser.sign_in().await;
    for page in &after {
        visit(page).await;
    }
    let started = admin.post("/templates/roi/install", json!({"locale": "en", "demo": true})).await;
    let installed = admin.job(started).await;
    assert_eq!(installed["state"], "done", "{installed}");
    for report in ["yearly", "overview"] {
        visit(&format!("/apps/roi/reports/roi.{report}")).await;
    }
    browser.close().await;
    server.close().await;
}
