//! A flow is built by mouse, its faults are found and mended, and records take it once it is published.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server, pages};
use thirtyfour::prelude::*;

use crate::lost_server::FRAIL;

/// The first and the last `+` of the main line.
const FIRST: &str = ".flow > .step + .wire > .add";
pub const LAST: &str = ".flow > .wire:nth-last-child(2) > .add";

/// A published form for purchases, with the people who approve them.
struct Purchases {
    form: String,
    page: String,
    mia: String,
    fred: String,
}

async fn purchases(admin: &Client) -> Purchases {
    let mut people = Vec::new();
    for (role, name, member) in [("MGR", "Buyers", "Mia"), ("FIN", "Finance", "Fred")] {
        admin.post("/roles", json!({"key": role, "name": name})).await.created();
        let email = format!("{}@example.com", member.to_lowercase());
        let new =
            json!({"email": email, "name": member, "password": "a long enough password", "roles": [role]});
        people.push(text(&admin.post("/members", new).await.created()["id"]));
    }
    let me = admin.get("/me").await.ok();
    let manager = json!({"manager": people[0]});
    admin.patch(&format!("/members/{}", text(&me["id"])), 1, manager).await.ok();
    let app = admin.post("/apps", json!({"label": "Buying", "key": "buying"})).await.created();
    let form = json!({"format": 1, "key": "purchase", "label": "Purchase", "fields": [
        {"key": "name", "label": "What", "kind": "text", "required": true},
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "budget", "label": "Budget", "kind": "text"}]});
    let form = admin.post(&format!("/apps/{}/forms", text(&app["id"])), form).await.created();
    let form = text(&form["id"]);
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let page = format!("/apps/buying/forms/{form}/flow");
    let [mia, fred] = people.try_into().unwrap();
    Purchases { form, page, mia, fred }
}

pub fn text(json: &Value) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text")).to_owned()
}

/// Opens the menu of the first `+` that a selector finds and takes a kind.
pub async fn add(browser: &Browser, plus: &str, kind: &str) {
    browser.click_at(plus).await;
    browser.click_at(&format!(".menu:popover-open [data-kind={kind}]")).await;
}

/// Takes an option of a list that stays open, and closes it.
pub async fn take(browser: &Browser, label: &str, option: &str) {
    browser.choose(label, option).await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

pub async fn publish(browser: &Browser) {
    browser.part(".top").click("Publish").await;
    browser.dialog().click("Publish").await;
}

#[tokio::test]
async fn a_flow_is_built_by_mouse_mended_published_and_taken() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { form, page, mia, fred } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;

    // One click gives the first step; it asks nobody yet, which is named and keeps it from being published.
    browser.click("Add the first approval step").await;
    browser.find(".step.bad .flag").await;
    browser.find(".top .btn.primary[aria-disabled=true][title='One problem has to be solved first']").await;
    browser.part(".problems").sees("Approval — Nobody is named here.").await;
    take(&browser, "Who approves", "Buyers").await;
    browser.gone(".step.bad").await;
    browser.sees("Now Mia: one person").await;
    browser.enter("Step name", "Manager").await;

    // A branch before it; what is large goes to the submitter's manager and everybody in finance.
    add(&browser, FIRST, "branch").await;
    browser.sees("No condition yet").await;
    browser.click("Path 1").await;
    browser.enter("Path name", "Large").await;
    browser.choose("Field", "Amount").await;
    browser.choose("Comparison", "is at least").await;
    browser.type_in("Value", "10000").await;
    browser.sees("Amount ≥ 10,000").await;
    add(&browser, ".arm:first-child > .wire > .add", "approve").await;
    take(&browser, "Who approves", "The submitter's manager").await;
    take(&browser, "Who approves", "Finance").await;
    browser.tick("Everybody agrees").await;
    browser.enter("Step name", "Director").await;

    // The step that was there first is dragged by the keyboard into the default arm.
    browser.type_to("Manager", Key::Alt + Key::Up).await;
    browser.type_at(".arm:first-child [title=Manager]", Key::Alt + Key::Right).await;
    browser.click_at(".arm:last-child [title=Manager]").await;
    browser.click("Undo: Move “Manager”").await;
    browser.find(".arm:first-child [title=Manager]").await;
    browser.click("Redo: Move “Manager”").await;
    browser.click_at(".arm:last-child [title=Manager]").await;

    // What managers may do with the fields, and a copy for finance at the end.
    browser.click("Fields").await;
    browser.tick("Budget: Must").await;
    browser.tick("Amount: Hide").await;
    add(&browser, LAST, "cc").await;
    take(&browser, "Who is informed", "Finance").await;
    browser.gone(".flag").await;
    publish(&browser).await;
    browser.sees("Published as version 1").await;
    // Then there is nothing to publish, also for who comes back, until something is changed.
    let publishes = ".top .btn.primary";
    browser.find(&format!("{publishes}[aria-disabled=true]")).await;
    // A step that is added and taken back leaves nothing to publish either.
    add(&browser, LAST, "cc").await;
    browser.part(".top").sees("Unpublished changes").await;
    browser.click("Undo: Add “CC”").await;
    browser.part(".top").sees_no_more("Unpublished changes").await;
    browser.find(&format!("{publishes}[aria-disabled=true]")).await;
    browser.go(&page).await;
    browser.find(&format!("{publishes}[aria-disabled=true]")).await;
    browser.click("Large").await;
    browser.enter("Path name", "Larger").await;
    browser.find(&format!("{publishes}:not([aria-disabled])")).await;
    // Before the next version one is told what it says otherwise, who goes on by the former, and who may submit.
    submit(&admin, &form, "1").await;
    browser.part(".top").click("Publish").await;
    browser.dialog().sees("One request is under way and stays on version 1.").await;
    browser.dialog().sees("Afterwards you can move them to the new version").await;
    browser.dialog().sees("Larger").await;
    browser.dialog().sees("Nobody but administrators can submit this form yet").await;
    browser.dialog().click("Publish").await;
    // From there it leads to where what is under way is moved.
    browser.part(".toasts").sees("Published as version 2").await;
    browser.part(".toasts").click("Move requests in progress").await;
    browser.dialog().sees("Requests in progress stay on the version they started with.").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    // Records take it.
    let published = admin.get(&format!("/forms/{form}")).await.ok();
    assert_eq!(published["flow"], 2);
    let small = submit(&admin, &form, "500").await;
    assert_eq!(people(&small), std::slice::from_ref(&mia));
    let mia_signed_in = server.sign_in("mia@example.com", "a long enough password").await;
    let task = text(&small["tasks"][0]["id"]);
    let open = mia_signed_in.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(open["fields"]["budget"], "required");
    assert_eq!(open["fields"].get("amount"), None);
    let large = submit(&admin, &form, "10000").await;
    let mut both = [mia, fred];
    both.sort();
    assert_eq!(people(&large), both);
    assert_ne!(small["steps"], large["steps"]);
    let mia = a_step_shows_its_fields_as_it_permits(&server, &task).await;
    let record = format!("/forms/{form}/records/{}", text(&small["record"]));
    let budget = async || admin.get(&record).await.ok()["fields"]["budget"].clone();
    assert!(mia.until(async || budget().await == "2026").await, "{}", budget().await);
    assert_eq!(mia.complaints().await, Vec::<String>::new());
    mia.close().await;
    server.close().await;
}

/// Whoever decides sees the form as the step lets them: one field to fill in, one to read, and one that is not there. With what
/// was filled in it is agreed to.
async fn a_step_shows_its_fields_as_it_permits(server: &Server, task: &str) -> Browser {
    let browser = Browser::open(server).await;
    browser.sign_in_as("mia@example.com", "a long enough password").await;
    browser.go(&format!("/inbox?box=todo&task={task}")).await;
    let record = browser.part(".inbox > .record .record-body");
    record.input("Budget").await;
    browser.part("#at-name").sees("Chairs").await;
    let controls = ":is(input, textarea, select, button, [contenteditable])";
    let controls = format!("return document.querySelectorAll('#at-name {controls}').length");
    assert_eq!(browser.script(&controls).await, 0, "what is read is text");
    assert_eq!(browser.script("return document.querySelectorAll('#at-amount').length").await, 0);
    assert!(!record.shows("Amount").await && !record.shows("500").await, "{}", record.text().await);
    record.enter("Budget", "2026").await;
    browser.part(".inbox > .record").click("Approve").await;
    browser
}

/// Stores a record and gives its instance.
async fn submit(admin: &Client, form: &str, amount: &str) -> Value {
    let record = json!({"fields": {"name": "Chairs", "amount": amount}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    admin.get(&format!("/instances/{}", text(&record["instance"]["id"]))).await.ok()
}

/// Who has an open task, sorted.
fn people(instance: &Value) -> Vec<String> {
    let open = instance["tasks"].as_array().unwrap().iter().filter(|task| task["state"] == "open");
    let mut people: Vec<String> = open.map(|task| text(&task["assignee"])).collect();
    people.sort();
    people
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { form, page, .. } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.find(".flow-canvas").await;
    let theirs = json!({"format": 1, "label": "Purchase",
        "steps": [{"kind": "approve", "key": "theirs", "label": "Theirs", "who": [{"roles": ["MGR"]}]}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "\"0\"", theirs.clone()).await.ok();
    browser.click("Add the first approval step").await;
    browser.sees("Somebody else has just changed this flow.").await;
    assert_eq!(admin.get(&format!("/forms/{form}/flow/draft")).await.ok()["steps"][0]["key"], "theirs");
    browser.click("Take theirs").await;
    browser.control("Theirs").await;
    browser.gone(".banner").await;
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_wide_flow_opens_with_all_its_arms_in_sight() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let job = admin.post("/templates/crm/install", json!({"demo": false})).await;
    assert_eq!(admin.job(job).await["state"], "done");
    let pages = pages::of(&admin, &["quotation"]).await;
    let flow = pages.iter().find(|page| page.name == "flow-quotation").unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&flow.path).await;
    browser.find(".when-box").await;
    let in_sight = "const pane = document.querySelector('.flow-canvas').getBoundingClientRect(); \
        return [...document.querySelectorAll('.when-box')].map(arm => arm.getBoundingClientRect()) \
            .every(arm => arm.left >= pane.left && arm.right <= pane.right)";
    assert!(browser.until(async || browser.script(in_sight).await == true).await);
    browser.close().await;
    server.close().await;
}

/// A trial is of what is on the screen. Where that can't be stored, it says so in words of its own.
#[tokio::test]
async fn a_trial_says_that_the_flow_could_not_be_saved() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { page, .. } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.control("Add the first approval step").await;
    browser.script(FRAIL).await;
    browser.script("window.__refused = '/flow/draft'").await;
    browser.click("Add the first approval step").await;
    browser.part(".top").click("Try it").await;
    let trial = browser.part(".flow-trial");
    trial.click("Go").await;
    trial.sees("The last changes could not be saved, so there was nothing to try.").await;
    browser.script("window.__refused = ''").await;
    trial.click("Go").await;
    trial.sees_no_more("could not be saved").await;
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_step_is_made_that_sends_a_message() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { form, page, .. } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.click("Add the first approval step").await;
    take(&browser, "Who approves", "Buyers").await;
    add(&browser, LAST, "action").await;
    browser.enter("Step name", "Tell them").await;
    browser.choose("What it does", "Send a message").await;
    browser.part(".problems").sees("Nobody is named here.").await;
    take(&browser, "To", "Buyers").await;
    browser.enter("Title", "Bought: {name}").await;
    browser.enter("Text", "For ").await;
    browser.choose("Insert a field", "Amount").await;
    browser.gone(".step.bad").await;

    // A call says what is wrong with it; as a message again it is as it was left to be.
    browser.choose("What it does", "Call a webhook").await;
    browser.part(".problems").sees("This is no address of a call").await;
    browser.enter("Address", "https://erp.example.com/{name}").await;
    browser.gone(".step.bad").await;
    browser.choose("What it does", "Send a message").await;
    take(&browser, "To", "Buyers").await;
    browser.enter("Title", "Bought: {name}").await;
    browser.enter("Text", "For {amount}").await;
    browser.gone(".step.bad").await;
    publish(&browser).await;
    browser.part(".toasts").sees("Published").await;
    let draft = admin.get(&format!("/forms/{form}/flow/draft")).await.ok();
    let action = &draft["steps"][1]["action"];
    assert_eq!(
        *action,
        json!({"kind": "notify", "to": [{"roles": ["MGR"]}], "title": "Bought: {name}", "body": "For {amount}"})
    );
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_condition_that_was_left_half_written_is_still_there_and_told() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { page, .. } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.click("Add the first approval step").await;
    take(&browser, "Who approves", "Buyers").await;
    browser.enter("Step name", "Manager").await;
    add(&browser, FIRST, "branch").await;
    browser.click("Path 1").await;
    browser.choose("Field", "Amount").await;
    browser.choose("Comparison", "is at least").await;
    // Whoever goes elsewhere without a value is told so, at the path and at the publish button.
    browser.click("Manager").await;
    let problems = browser.part(".problems");
    problems.sees("A line of its condition has no value yet.").await;
    browser.find(".top .btn.primary[aria-disabled=true][title='One problem has to be solved first']").await;
    // The last line of the bar stands whole in the window.
    let whole = "const bar = document.querySelector('.problems').getBoundingClientRect(); \
         const last = [...document.querySelectorAll('.problems .help')].at(-1).getBoundingClientRect(); \
         return last.height > 0 && last.bottom <= bar.bottom - 8 && bar.bottom <= window.innerHeight";
    assert!(browser.until(async || browser.script(whole).await == true).await, "the last line is cut");
    // It is there to be gone on with.
    problems.click("Go to it").await;
    browser.type_in("Value", "10000").await;
    browser.sees("Amount ≥ 10,000").await;
    browser.gone(".problems").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_title_is_made_by_choosing_fields_by_their_names() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { form, page, .. } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.click("Add the first approval step").await;
    take(&browser, "Who approves", "Buyers").await;
    browser.click_at("#flow-start").await;
    browser.choose("Insert a field", "What").await;
    browser.choose("Insert a field", "Amount").await;
    browser.part(".flow-side").sees("[What] [Amount]").await;
    let title = async || admin.get(&format!("/forms/{form}/flow/draft")).await.ok()["title"].clone();
    assert!(browser.until(async || title().await == "{name} {amount}").await, "{}", title().await);
    // The same for what a record is called.
    browser.go(&format!("/apps/buying/forms/{form}/design")).await;
    browser.choose("Insert a field", "Budget").await;
    browser.part(".pane.right").sees("[Budget]").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
