//! What the form designer tells without being in the way: what is worth a look, which rule a field takes part in, and who sees
//! it.

use serde_json::{Value, json};
use tests::{Browser, Database, Server};

const CANVAS: &str = ".canvas";
const PROPERTIES: &str = ".pane.right";

/// A published form with a list of one choice, a rule, a field with a condition of its own, and a group.
fn visit() -> Value {
    let large = json!({"field": "fee", "op": "gt", "value": "100"});
    let field = |key: &str, label: &str, kind: &str| json!({"key": key, "label": label, "kind": kind});
    let mut way = field("way", "Way", "select");
    way["options"] = json!({"choices": [{"key": "foot", "label": "On foot"}]});
    let mut reason = field("reason", "Reason", "text");
    reason["required_when"] = large.clone();
    json!({"key": "visit", "label": "Visit", "rules": [{"when": large, "show": ["city"]}], "fields": [
        field("note", "Note", "text"), way, field("fee", "Fee", "number"), field("city", "City", "text"), reason]})
}

#[tokio::test]
async fn the_designer_tells_what_is_worth_a_look_leads_to_rules_and_says_who_sees_a_field() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let form = admin.post("/apps/shop/forms", visit()).await.created()["id"].as_str().unwrap().to_owned();
    let group = json!({"format": 1, "key": "staff", "label": "Staff", "who": {"everyone": true},
        "operations": ["view", "create"], "fields": {"*": "edit", "fee": "read"}});
    admin.post(&format!("/forms/{form}/permissions"), group).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(CANVAS).sees("Reason").await;
    what_is_worth_a_look_leads_to_its_field_and_stops_nothing(&browser).await;
    a_mark_leads_to_its_rule(&browser).await;
    a_field_says_who_sees_it(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn what_is_worth_a_look_leads_to_its_field_and_stops_nothing(browser: &Browser) {
    let (warnings, properties) = (browser.part(".warnings"), browser.part(PROPERTIES));
    warnings.sees("There is only one choice.").await;
    browser.gone(".problems").await;
    warnings.click("Go to it").await;
    let is_there = browser.until(async || properties.held("Label").await == "Way").await;
    assert!(is_there, "{}", properties.held("Label").await);
    properties.enter("Label", "Ways").await;
    browser.part(CANVAS).sees("Ways").await;
    browser.part(".top").click("Publish").await;
    browser.dialog().sees("“Ways”").await;
    browser.dialog().click("Cancel").await;
    browser.gone("dialog[open]").await;
}

async fn a_mark_leads_to_its_rule(browser: &Browser) {
    let at = async |script: &str, wanted: &str| {
        let is_so = browser.until(async || browser.script(script).await == wanted).await;
        assert!(is_so, "{} in place of {wanted}", browser.script(script).await);
    };
    let press = |label: &str| {
        format!(
            "[...document.querySelectorAll('.canvas .slot')]\
             .find(slot => slot.querySelector('.label')?.textContent.includes('{label}'))?.querySelector('button.rule-badge')?.click()"
        )
    };
    // Its own rule is among its settings.
    browser.script(&press("Reason")).await;
    at("return document.activeElement?.closest('[data-member]')?.dataset.member ?? ''", "required_when")
        .await;
    assert_eq!(browser.part(PROPERTIES).held("Label").await, "Reason");
    // A rule of the form is among those.
    browser.script(&press("City")).await;
    at("return document.activeElement?.closest('[data-rule]')?.dataset.rule ?? ''", "0").await;
    browser.part(PROPERTIES).sees("Rule 1").await;
}

async fn a_field_says_who_sees_it(browser: &Browser) {
    let properties = browser.part(PROPERTIES);
    let select = "[...document.querySelectorAll('.canvas .slot')]\
         .find(slot => slot.querySelector('.label')?.textContent.includes('Fee'))?.click()";
    browser.script(select).await;
    let is_there = browser.until(async || properties.held("Label").await == "Fee").await;
    assert!(is_there, "{}", properties.held("Label").await);
    properties.click("Who sees and edits it").await;
    let who = browser.part(".pane.right .who-sees");
    who.sees("Staff").await;
    who.sees("View").await;
    who.click("Set permissions").await;
    browser.gone(CANVAS).await;
    browser.sees("Staff").await;
}
