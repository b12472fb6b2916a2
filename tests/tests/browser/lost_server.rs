//! The server is gone while something is designed or decided: it is done once it is back, once, and nobody leaves without a word.
//! What fails in another way says by what its cause is found.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

use crate::expenses::{Expenses, MANAGER, TASK};
use crate::sheet::{becomes, select};

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const FLOW: &str = ".flow-canvas";
/// What lies over the page while the server is gone.
const OFFLINE: &str = ".offline";
/// A page that was long without its server asks less and less often whether it is back.
const UNTIL_IT_IS_BACK: Duration = Duration::from_secs(60);
/// What the page asks as it is closed: whether anything would be lost.
const ASKS: &str = "const event = new Event('beforeunload', {cancelable: true}); \
     window.dispatchEvent(event); return event.defaultPrevented";

/// No answer comes while `__gone` says so. Of the next `__lost` changes whose address holds `__loses` the answer alone gets lost, and
/// whatever is asked at an address that holds `__refused` is refused by a server that is too busy.
pub const FRAIL: &str = "const real = window.fetch; \
     Object.assign(window, {__gone: false, __lost: 0, __loses: '', __refused: ''}); \
     window.fetch = async (...asked) => { \
         const request = asked[0], address = request.url ?? ''; \
         if (window.__gone) throw new TypeError('gone'); \
         if (window.__refused && address.includes(window.__refused)) { \
             const problem = {type: 'urn:formwork:problem:busy', title: 'Too busy', status: 503, code: 'busy', \
                 detail: 'Too much at once.', request_id: 'r-4711'}; \
             return new Response(JSON.stringify(problem), \
                 {status: 503, headers: {'content-type': 'application/problem+json'}}); \
         } \
         const answer = await real.apply(window, asked); \
         const changes = (request.method ?? 'GET') !== 'GET' && address.includes(window.__loses); \
         if (changes && window.__lost > 0) { window.__lost--; throw new TypeError('lost'); } \
         return answer; }";

/// A published form with one field.
async fn order(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let form = json!({"key": "order", "label": "Order", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let form = admin.post("/apps/shop/forms", form).await.created()["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    form
}

/// Waits until the answers that were to get lost are lost.
async fn all_lost(browser: &Browser) {
    let lost = browser.until(async || browser.script("return window.__lost").await == 0).await;
    assert!(lost, "no answer got lost");
}

#[tokio::test]
async fn what_is_designed_while_the_server_is_gone_is_saved_once_it_is_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = order(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    a_form_is_designed(&browser, &admin, &form).await;
    a_change_is_refused(&browser, &admin, &form).await;
    a_flow_is_designed(&browser, &admin, &form).await;
    cells_are_filled(&browser, &admin).await;
    a_page_does_not_come(&browser).await;
    browser.close().await;
    server.close().await;
}

async fn fields(admin: &Client, form: &str) -> usize {
    let draft = admin.get(&format!("/forms/{form}/draft")).await.ok();
    draft["definition"]["fields"].as_array().unwrap().len()
}

async fn design(browser: &Browser, form: &str) {
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(CANVAS).sees("Name").await;
    browser.script(FRAIL).await;
}

async fn a_form_is_designed(browser: &Browser, admin: &Client, form: &str) {
    design(browser, form).await;
    browser.script("window.__gone = true; window.__lost = 1; window.__loses = '/draft/edits'").await;
    browser.part(PALETTE).click("Text").await;
    browser.part(OFFLINE).sees("Can’t reach the server").await;
    browser.part(".top").sees("Saved once the server is back").await;
    // One goes on meanwhile, and is kept from leaving.
    browser.part(PALETTE).click("Number").await;
    assert_eq!(browser.script(ASKS).await, true);
    browser.part(".top").click("Shop").await;
    browser.part(".toasts").sees("Once it is back, your last changes are saved").await;
    browser.part(CANVAS).sees("Number").await;
    assert_eq!(fields(admin, form).await, 1);
    // The answer to the first try gets lost, too; the second one gets the same. Then the link is followed.
    browser.script("window.__gone = false").await;
    let patient = browser.patient(UNTIL_IT_IS_BACK);
    patient.gone(CANVAS).await;
    patient.gone(OFFLINE).await;
    all_lost(browser).await;
    assert_eq!(fields(admin, form).await, 3);
}

/// What the server does not take keeps the page once, and whoever runs the server can be told the code.
async fn a_change_is_refused(browser: &Browser, admin: &Client, form: &str) {
    design(browser, form).await;
    browser.script("window.__refused = '/draft/edits'").await;
    browser.part(PALETTE).click("Text").await;
    let top = browser.part(".top");
    top.sees("Too much at once.").await;
    top.part(".problem-code").sees("busy · r-4711").await;
    top.part(".problem-code").click("Copy the code").await;
    browser.part(".toasts").sees("Code copied").await;
    assert_eq!(browser.script(ASKS).await, true);
    // The palette of commands leads away as links do.
    browser.keys(Key::Control + "k").await;
    let commands = browser.part(".palette");
    commands.type_at("input", "Inbox").await;
    commands.part("[aria-selected=true]").sees("Inbox").await;
    browser.keys(Key::Enter + "").await;
    browser.gone(".palette").await;
    browser.part(".toasts").sees("The last changes could not be saved").await;
    browser.part(CANVAS).sees("Name").await;
    // Who was told goes without them.
    top.click("Shop").await;
    browser.gone(CANVAS).await;
    assert_eq!(fields(admin, form).await, 3);
    // What is refused at first is sent by the next try, as soon as somebody leaves.
    design(browser, form).await;
    browser.script("window.__refused = '/draft/edits'").await;
    browser.part(PALETTE).click("Text").await;
    top.sees("Too much at once.").await;
    browser.script("window.__refused = ''").await;
    top.click("Shop").await;
    browser.gone(CANVAS).await;
    assert_eq!(fields(admin, form).await, 4);
}

async fn steps(admin: &Client, form: &str) -> Value {
    admin.get(&format!("/forms/{form}/flow/draft")).await.ok()["steps"].clone()
}

/// Waits until the stored flow has one step, which is called so.
async fn is_called(browser: &Browser, admin: &Client, form: &str, label: &str) {
    let called = async || {
        let steps = steps(admin, form).await;
        steps.as_array().is_some_and(|steps| steps.len() == 1)
            && steps[0]["label"].to_string().contains(label)
    };
    assert!(browser.until(called).await, "{} is not called {label}", steps(admin, form).await);
}

/// A flow is replaced as a whole: that a try whose answer was lost has changed it is no change of somebody else.
async fn a_flow_is_designed(browser: &Browser, admin: &Client, form: &str) {
    browser.go(&format!("/apps/shop/forms/{form}/flow")).await;
    browser.find(FLOW).await;
    browser.script(FRAIL).await;
    browser.script("window.__lost = 1; window.__loses = '/flow/draft'").await;
    browser.click("Add the first approval step").await;
    all_lost(browser).await;
    browser.gone(OFFLINE).await;
    browser.enter("Step name", "Manager").await;
    is_called(browser, admin, form, "Manager").await;
    assert!(!browser.shows("Somebody else has just changed this flow.").await);
    browser.script("window.__gone = true").await;
    browser.enter("Step name", "Director").await;
    browser.find(OFFLINE).await;
    browser.part(".top").click("Shop").await;
    browser.part(".toasts").sees("Once it is back, your last changes are saved").await;
    browser.find(FLOW).await;
    browser.script("window.__gone = false").await;
    browser.patient(UNTIL_IT_IS_BACK).gone(FLOW).await;
    is_called(browser, admin, form, "Director").await;
}

/// What is typed into cells stands there, goes on, and is stored once the server is back: once, though an answer gets lost.
async fn cells_are_filled(browser: &Browser, admin: &Client) {
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "qty", "label": "Pieces", "kind": "number", "options": {"scale": 0}}]});
    let form = admin.post("/apps/shop/forms", part).await.created()["id"].as_str().unwrap().to_owned();
    let fields = json!({"fields": {"name": "Bolts", "qty": 1}});
    let made = admin.post(&format!("/forms/{form}/records"), fields).await.created();
    let record = format!("/forms/{form}/records/{}", made["id"].as_str().unwrap());
    browser.go(&format!("/apps/shop/forms/{form}?columns=name,qty")).await;
    becomes(browser, (1, 1), "1").await;
    browser.script(FRAIL).await;
    browser.script("window.__gone = true; window.__lost = 1; window.__loses = '/records/bulk'").await;
    for pieces in ["7", "8"] {
        select(browser, 1, 1).await;
        browser.keys(pieces.to_owned() + Key::Enter).await;
        browser.find(OFFLINE).await;
        becomes(browser, (1, 1), pieces).await;
    }
    browser.script("window.__gone = false").await;
    let stored = async || admin.get(&record).await.ok();
    let patient = browser.patient(UNTIL_IT_IS_BACK);
    assert!(patient.until(async || stored().await["fields"]["qty"] == "8").await, "{}", stored().await);
    all_lost(browser).await;
    browser.gone(".marks-bar").await;
    let version = stored().await["version"].as_i64().unwrap();
    assert!(version <= 3, "what was typed twice was stored more than twice: {version}");
}

/// A page that could not be loaded says the code below the way to try again.
async fn a_page_does_not_come(browser: &Browser) {
    browser.script("window.__refused = '/api/v1/notices'").await;
    browser.part("nav.nav").click("Notices").await;
    browser.sees("Too busy").await;
    browser.part(".empty .problem-code").sees("busy · r-4711").await;
    browser.script("window.__refused = ''").await;
    browser.part(".empty").click("Try again").await;
    browser.gone(".problem-code").await;
}

#[tokio::test]
async fn what_is_decided_while_the_server_is_gone_is_decided_once() {
    let expenses = Expenses::begin().await;
    let request = expenses.ask("团建活动", "3000").await;
    let browser = expenses.browser_of(MANAGER).await;
    browser.go("/inbox").await;
    let task = browser.part(TASK);
    task.enter("核准金额", "3000").await;
    browser.script(FRAIL).await;
    browser.script("window.__gone = true; window.__lost = 1; window.__loses = '/tasks/'").await;
    task.click("同意").await;
    browser.part(OFFLINE).sees("连不上服务器").await;
    task.sees("连上后会立即发送你的处理").await;
    assert_eq!(browser.script(ASKS).await, true);
    // The note can be put away, and what it says is told at the decision still.
    browser.part(OFFLINE).click("收起这条提示").await;
    browser.gone(OFFLINE).await;
    task.sees("连上后会立即发送你的处理").await;
    browser.script("window.__gone = false").await;
    browser.patient(UNTIL_IT_IS_BACK).sees("已同意").await;
    all_lost(&browser).await;
    browser.part(".inbox-cards").sees_no_more("团建活动").await;
    let instance = request["instance"]["id"].as_str().unwrap();
    let instance = expenses.admin.get(&format!("/instances/{instance}")).await.ok();
    let lines = instance["log"].as_array().unwrap().iter();
    assert_eq!(lines.filter(|line| line["action"] == "approve").count(), 1, "{}", instance["log"]);
    expenses.close(browser).await;
}
