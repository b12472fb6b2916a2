//! Kinds of fields that are more than a line to type into, filled in and read.

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Database, Server};

#[tokio::test]
async fn stars_trees_rich_texts_and_addresses_are_filled_in() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit = json!({"key": "visit", "label": "Visit", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "start", "label": "Start", "kind": "time"},
        {"key": "site", "label": "Site", "kind": "url"},
        {"key": "stars", "label": "Stars", "kind": "rating"},
        {"key": "trade", "label": "Trade", "kind": "cascader", "options": {"choices": [
            {"key": "food", "label": "Food", "children": [{"key": "fruit", "label": "Fruit"}]},
            {"key": "tools", "label": "Tools"}]}},
        {"key": "story", "label": "Story", "kind": "rich_text"},
        {"key": "place", "label": "Place", "kind": "address", "options": {"regions": "base/cn"}}]});
    let visit = admin.post("/apps/office/forms", visit).await.created();
    let form = visit["id"].as_str().unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;

    browser.enter("Name", "First").await;
    browser.enter("Start", "3:05 PM").await;
    assert!(browser.until(async || browser.held("Start").await == "15:05").await);
    browser.enter("Site", "www.example.com").await;
    browser.click_at("#at-stars [aria-label='4']").await;
    browser.choose("Trade", "Food").await;
    browser.pick("Fruit").await;
    browser.click_at("#at-story .rich-text").await;
    browser.keys("Well done").await;
    browser.choose("Place", "广东省").await;
    browser.choose("City", "深圳市").await;
    browser.choose("District", "南山区").await;
    browser.enter("Street and number", "Park 1").await;
    browser.click("Save").await;
    let records = format!("/forms/{form}/records");
    let stored = async || admin.get(&records).await.ok()["items"][0]["fields"].clone();
    assert!(browser.until(async || stored().await.is_object()).await, "nothing was saved");
    assert_eq!(
        stored().await,
        json!({
            "name": "First", "start": "15:05", "site": "https://www.example.com", "stars": "4", "trade": "food/fruit",
            "story": "Well done",
            "place": {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "Park 1"},
        })
    );

    browser.go(&format!("/apps/office/forms/{form}")).await;
    browser.find("[role=img][aria-label='4 / 5']").await;
    browser.sees("Food / Fruit").await;
    browser.sees("广东省深圳市南山区Park 1").await;
    assert_eq!(browser.address("https://www.example.com").await, "https://www.example.com");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
