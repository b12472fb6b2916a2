//! A flow begins ready-made, is published and taken, and its figures open the requests behind them.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::prelude::*;

const PASSWORD: &str = "a long enough password";

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text")).to_owned()
}

/// A form of one's own, and those whom the flow will ask: the administrator's manager, and finance.
async fn claims(server: &Server, admin: &Client) -> (String, Client) {
    for (role, name) in [("FIN", "Finance"), ("DIR", "Directors"), ("GM", "Management")] {
        admin.post("/roles", json!({"key": role, "name": name})).await.created();
    }
    let join = async |name: &str, roles: Value| {
        let email = format!("{}@example.com", name.to_lowercase());
        let member = json!({"email": email, "name": name, "password": PASSWORD, "roles": roles});
        text(&admin.post("/members", member).await.created()["id"])
    };
    let mia = join("Mia", json!([])).await;
    join("Fred", json!(["FIN"])).await;
    let me = admin.get("/me").await.ok();
    admin.patch(&format!("/members/{}", text(&me["id"])), 1, json!({"manager": mia})).await.ok();
    let app = admin.post("/apps", json!({"label": "Claims", "key": "claims"})).await.created();
    let form = json!({"format": 1, "key": "claim", "label": "Claim", "title": "{what}", "fields": [
        {"key": "what", "label": "What", "kind": "text", "required": true},
        {"key": "sum", "label": "Sum", "kind": "number"},
        {"key": "over", "label": "Over budget", "kind": "switch"}]});
    let form = admin.post(&format!("/apps/{}/forms", text(&app["id"])), form).await.created();
    (text(&form["id"]), server.sign_in("mia@example.com", PASSWORD).await)
}

#[tokio::test]
async fn a_ready_made_flow_is_taken_and_its_figures_lead_to_the_requests() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, mia) = claims(&server, &admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/claims/forms/{form}/flow")).await;

    browser.click("Start from a ready-made flow").await;
    browser.dialog().click_at("[data-flow='office/expense']").await;
    // The form's only number and its only switch are what is meant.
    browser.dialog().sees("Sum").await;
    browser.dialog().sees("Finance").await;
    browser.dialog().click("Use this flow").await;
    browser.find(".step[title='The manager']").await;
    browser.gone(".ready-made-offer").await;
    browser.part(".top").click("Publish").await;
    browser.dialog().click("Publish").await;
    browser.sees("Published as version 1").await;

    for what in ["Train", "Hotel"] {
        let fields = json!({"fields": {"what": what, "sum": "500"}});
        admin.post(&format!("/forms/{form}/records"), fields).await.created();
    }
    let waiting = mia.get("/tasks?box=todo").await.ok();
    let task = text(&waiting["items"][1]["id"]);
    mia.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();

    browser.click_at(".top a[title=Analytics]").await;
    let shown = async |css: &str| browser.text_at(css).await;
    browser.find("[data-table=steps]").await;
    browser.part("[data-figure=running] .big").sees("2").await;
    browser.part("[data-figure=done] .big").sees("0").await;
    browser.part("[data-slowest]").sees("The manager").await;
    browser.click_at("[data-figure=running] .number").await;
    let drawer = browser.part(".behind-drawer");
    drawer.sees("Train").await;
    drawer.sees("Hotel").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".behind-drawer").await;
    // One that Mia decided, of the two that came to her.
    browser.click_at("[data-table=people] tbody tr:first-child td:nth-child(4) .cell-link").await;
    browser.part(".behind-drawer").sees("Train").await;
    browser.keys(Key::Escape + "").await;

    // Of one step alone; the address keeps it, and on a phone nothing lies out of sight.
    browser.click_at("[data-row=manager] .title .cell-link").await;
    browser.part(".filters").sees("Step: The manager").await;
    let is_narrowed = browser.until(async || shown("[data-figure=done] .big").await == "1").await;
    assert!(is_narrowed, "one stay at the step is over");
    browser.resize(390, 844).await;
    browser.prefer_dark(true).await;
    browser.find("[data-table=steps]").await;
    let fits = browser.script("return document.documentElement.scrollWidth <= innerWidth").await;
    assert_eq!(fits, json!(true));
    browser.close().await;
    server.close().await;
}

/// Before and after: the numbers of two versions stand side by side, at the top and at each step.
#[tokio::test]
async fn a_version_is_compared_with_the_one_before() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, mia) = claims(&server, &admin).await;
    let publish = async |label: &str| {
        let boss = json!({"kind": "approve", "key": "boss", "label": label, "who": [{"manager": 1}]});
        let flow = json!({"format": 1, "label": "Claim", "steps": [boss]});
        admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
        admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    };
    let decided = async |what: &str| {
        let fields = json!({"fields": {"what": what, "sum": "500"}});
        admin.post(&format!("/forms/{form}/records"), fields).await.created();
        let waiting = mia.get("/tasks?box=todo").await.ok();
        let task = text(&waiting["items"][0]["id"]);
        mia.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();
    };
    publish("The manager").await;
    decided("Train").await;
    decided("Hotel").await;
    publish("The head").await;
    decided("Plane").await;

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/claims/forms/{form}/flow/figures")).await;
    let shown = async |css: &str| browser.text_at(css).await;
    let says = async |css: &str, told: &str| {
        let is_said = browser.until(async || shown(css).await == told).await;
        assert!(is_said, "{css}: {told}");
    };
    says("[data-figure=done] .big", "3").await;
    browser.choose("Version", "Version 2").await;
    says("[data-figure=done] .big", "1").await;
    browser.part("[data-figure=done]").sees_no_more("version 1").await;
    browser.choose("Compare with", "Version 1").await;
    browser.part("[data-figure=done]").sees("version 1: 2").await;
    browser.part("[data-figure=running]").sees("version 1: 0").await;
    says("[data-figure=done] .big", "1").await;
    let steps = browser.part("[data-table=steps]");
    for head in ["Completed, version 1", "Median, version 1", "Change"] {
        steps.sees(head).await;
    }
    // The step is called as it is in the newest version; what was done there before stands behind.
    steps.sees("The head").await;
    says("[data-row=boss] td:nth-last-child(3)", "2").await;
    // It is kept in the address.
    let address = browser.script("return location.search").await;
    let address = text(&address);
    assert!(address.contains("version=2") && address.contains("compare=1"), "{address}");
    browser.close().await;
    server.close().await;
}
