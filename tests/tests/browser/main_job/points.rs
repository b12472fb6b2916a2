//! The points of a member, as two clerks see them who redeem all of them at the same moment.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client};

use super::{CLERKS, enter_app, is_saved, one_of_two};

const REFUSAL: &str = "Not enough points";

pub async fn two_redeem_the_same(one: &Browser, other: &Browser, admin: &Client) {
    let (page, member, points) = a_member_with_points(admin).await;
    a_reward(admin, points).await;
    one.sign_in_as(CLERKS[0], ADMIN_PASSWORD).await;
    other.sign_in_as(CLERKS[1], ADMIN_PASSWORD).await;
    for browser in [one, other] {
        has_points(browser, &page, &grouped(points)).await;
        a_redemption(browser, &member).await;
        browser.part("#at-available").sees(&grouped(points)).await;
        browser.part("#at-points").sees(&grouped(points)).await;
    }
    let (served, refused) = one_of_two([one, other], "Submit", REFUSAL).await;
    refused.sees(REFUSAL).await;
    // What the form shows of the member is what is left, and the refusal leads to the field that it is about.
    let available = refused.part("#at-available");
    assert!(refused.until(async || available.text().await.trim() == "0").await, "{}", available.text().await);
    // Trying again does not help.
    refused.click("Submit").await;
    assert!(!is_saved(refused, REFUSAL).await, "nothing is left to redeem");
    // Where both saves met, the balance refused the later one as a whole; now it is said at what was entered.
    let at_quantity = "return document.querySelector('#at-qty')?.closest('.field')?.querySelector('.error')?.innerText ?? ''";
    let told = async || refused.script(at_quantity).await;
    let is_told = refused.until(async || told().await.as_str().unwrap_or_default().contains(REFUSAL)).await;
    assert!(is_told, "{}", told().await);
    refused.script("localStorage.clear()").await;
    for browser in [served, refused] {
        has_points(browser, &page, "0").await;
    }
}

/// The page of a member whose points need no approval to be redeemed, the member's name and points.
async fn a_member_with_points(admin: &Client) -> (String, String, i64) {
    let tables = admin.get("/apps/loyalty/aggregates").await.ok();
    let table = with_key(&tables, "balance");
    let rows = admin.get(&format!("/aggregates/{table}/rows?limit=500")).await.ok();
    let rows = rows["items"].as_array().unwrap();
    let balance = |row: &Value| -> i64 {
        let whole = row["values"]["balance"].as_str().unwrap().split('.').next().unwrap();
        whole.parse().unwrap()
    };
    let row = rows.iter().find(|row| (1..5000).contains(&balance(row))).expect("somebody has points");
    let (form, member) = (form_id(admin, "member").await, row["group"]["member"].as_str().unwrap());
    let record = admin.get(&format!("/forms/{form}/records/{member}")).await.ok();
    let name = record["fields"]["name"].as_str().unwrap().to_owned();
    (format!("/apps/loyalty/forms/{form}/records/{member}"), name, balance(row))
}

/// A reward that costs this many points.
async fn a_reward(admin: &Client, points: i64) {
    let rewards = form_id(admin, "reward").await;
    let reward = json!({"fields": {"name": "Everything", "points": points.to_string(), "stock": "9"}});
    admin.post(&format!("/forms/{rewards}/records"), reward).await.created();
}

async fn form_id(admin: &Client, key: &str) -> String {
    with_key(&admin.get("/apps/loyalty/forms").await.ok(), key)
}

/// The id of the thing with this key in a list.
fn with_key(list: &Value, key: &str) -> String {
    let thing = list["items"].as_array().unwrap().iter().find(|thing| thing["key"] == key).unwrap();
    thing["id"].as_str().unwrap().to_owned()
}

/// The member's page shows this balance.
async fn has_points(browser: &Browser, page: &str, points: &str) {
    browser.go(page).await;
    let balance = browser.part("#at-balance");
    assert!(
        browser.until(async || balance.text().await.trim() == points).await,
        "{points} points, and not {}",
        balance.text().await
    );
}

/// Fills a redemption of everything, up to the button.
async fn a_redemption(browser: &Browser, member: &str) {
    enter_app(browser, "Loyalty", "Redemption").await;
    browser.click("New").await;
    browser.choose("Member", member).await;
    browser.choose("Reward", "Everything").await;
}

/// As people read a number below a million.
fn grouped(number: i64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}
