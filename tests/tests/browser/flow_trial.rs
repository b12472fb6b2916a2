//! What people see of a flow before it runs and while it does: a trial of it, who will decide, and the drawing of its way.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

use crate::flow_editor::text;

/// A form for requests with a draft of a flow: a boss for large ones, a clerk for the others, and then somebody whom nobody is.
struct Requests {
    form: String,
    page: String,
}

async fn requests(admin: &Client) -> Requests {
    let mut ids = Vec::new();
    for name in ["Bob", "Carl"] {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = json!({"email": email, "name": name, "password": "a long enough password"});
        ids.push(text(&admin.post("/members", new).await.created()["id"]));
    }
    let app = admin.post("/apps", json!({"label": "Office", "key": "office"})).await.created();
    let form = json!({"format": 1, "key": "request", "label": "Request", "title": "{what}", "fields": [
        {"key": "what", "label": "What for", "kind": "text", "required": true},
        {"key": "amount", "label": "Amount", "kind": "number"}]});
    let form = admin.post(&format!("/apps/{}/forms", text(&app["id"])), form).await.created();
    let form = text(&form["id"]);
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let asks = |key: &str, label: &str, who: Value| json!({"kind": "approve", "key": key, "label": label, "who": who});
    let arm = json!({"key": "large", "label": "Large", "when": {"field": "amount", "op": "gt", "value": "100"},
        "steps": [asks("boss", "Boss", json!([{"members": [ids[0]]}]))]});
    let flow = json!({"format": 1, "label": "Request", "steps": [
        {"kind": "branch", "key": "size", "label": "How much", "arms": [arm],
            "default": {"label": "Small", "steps": [asks("clerk", "Clerk", json!([{"members": [ids[1]]}]))]}},
        asks("high", "High up", json!([{"manager": 5}]))]});
    admin.put(&format!("/forms/{form}/flow/draft"), "\"0\"", flow).await.ok();
    Requests { page: format!("/apps/office/forms/{form}"), form }
}

async fn request(admin: &Client, form: &str, what: &str, amount: &str) -> Value {
    let record = json!({"fields": {"what": what, "amount": amount}});
    admin.post(&format!("/forms/{form}/records"), record).await.created()
}

#[tokio::test]
async fn a_trial_begins_anew_with_another_record_and_with_other_values() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    request(&admin, &form, "Fair", "5000").await;
    request(&admin, &form, "Pens", "5").await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("{page}/flow")).await;
    browser.part(".top").click("Try it").await;
    let trial = browser.part(".flow-trial");
    trial.click("Go").await;
    trial.sees("Takes “Small”").await;
    // Nobody is so high up: who decides instead is said at the step.
    trial.sees("Nobody found: The submitter’s manager, 5 levels up").await;
    trial.sees("So the app’s administrators are asked.").await;
    trial.click("To the end").await;
    browser.gone(".flow-trial li.now").await;

    // Another record: nothing of the walk before stays, and it is walked from its beginning.
    trial.choose("With which record", "Fair").await;
    trial.sees("Takes “Large”").await;
    browser.part(".flow-trial li.now").sees("Boss").await;
    browser.find(".when-box.path[title=Large]").await;

    // Other values of the same record, for the trial alone.
    browser.click_at(".flow-trial .sim-values > summary").await;
    trial.enter("Amount", "7").await;
    trial.sees("Takes “Small”").await;
    browser.part(".flow-trial li.now").sees("Clerk").await;
    browser.part(".sim-facts").sees("7").await;

    // As somebody else's request: the walk begins with them, with the same values.
    trial.choose("Submitted by", "Carl").await;
    browser.part(".flow-trial .timeline > li:first-child").sees("Carl").await;
    trial.sees("Takes “Small”").await;
    let stored = admin.get(&format!("/forms/{form}/records?limit=10")).await.ok();
    let amounts: Vec<&Value> =
        stored["items"].as_array().unwrap().iter().map(|one| &one["fields"]["amount"]).collect();
    assert!(amounts.iter().all(|amount| **amount != "7"), "{amounts:?}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn who_will_decide_is_told_below_the_form_and_drawn_once_it_runs() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("{page}/new")).await;
    // Without an amount the way is not known.
    let ahead = browser.part("details.ahead");
    ahead.sees("Depends on Amount").await;
    ahead.sees("High up").await;
    browser.enter("What for", "Fair").await;
    browser.enter("Amount", "5000").await;
    ahead.sees("Bob").await;
    ahead.sees("because: Large").await;
    // Folded, it stays folded while somebody types.
    browser.click_at("details.ahead > summary").await;
    browser.gone("details.ahead[open]").await;
    browser.enter("Amount", "5").await;
    browser.gives("return document.querySelector('details.ahead').textContent.includes('Carl')", true).await;
    browser.gone("details.ahead[open]").await;
    browser.enter("Amount", "5000").await;
    browser.click("Submit").await;

    // The drawing: the arms side by side in a frame of its own, the way so far told apart from what it went past.
    browser.part(".timeline").sees("Bob").await;
    browser.click_at("details.drawn > summary").await;
    browser.part(".flow-drawing .step[data-state=active]").sees("Boss").await;
    browser.part(".flow-drawing .step[data-state=active]").sees("Bob").await;
    browser.part(".flow-drawing .step[data-state=skipped]").sees("Clerk").await;
    browser.find(".flow-drawing .arm.taken .when-box.path").await;
    let beside = "const arms = [...document.querySelectorAll('.flow-drawing .arm')].map(arm => arm.getBoundingClientRect()); \
        return arms.length === 2 && arms[0].top === arms[1].top && arms[0].right <= arms[1].left + 1";
    browser.gives(beside, true).await;
    // On a phone the frame scrolls, and not the page; the step that is worked at is in sight.
    browser.resize(390, 844).await;
    let address = browser.script("return location.pathname").await;
    browser.go(address.as_str().unwrap()).await;
    browser.part(".beside-tabs").click("Progress and history").await;
    browser.click_at("details.drawn > summary").await;
    browser.find(".flow-drawing .step[data-state=active]").await;
    let inside = "const frame = document.querySelector('.flow-drawing').getBoundingClientRect(); \
        const step = document.querySelector('.flow-drawing .step[data-state=active]').getBoundingClientRect(); \
        return step.left >= frame.left && step.right <= frame.right && document.documentElement.scrollWidth <= innerWidth";
    browser.gives(inside, true).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
