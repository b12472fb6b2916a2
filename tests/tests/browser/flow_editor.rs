//! A flow is built by mouse, its faults are found and mended, and records take it once it is published.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::prelude::*;

/// The `+` of the main line, counted from the top.
const MAIN: &str = ".flow > .wire > .add";

/// A published form for purchases, with the people who approve them.
struct Purchases {
    form: String,
    page: String,
    mia: String,
    fred: String,
}

async fn purchases(admin: &Client) -> Purchases {
    let mut people = Vec::new();
    for (role, name, member) in [("MGR", "Managers", "Mia"), ("FIN", "Finance", "Fred")] {
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

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text")).to_owned()
}

/// Opens the menu of a `+` and takes the kind at this place of it: approve, fill, cc, branch, parallel.
async fn add(browser: &Browser, plus: &str, place: usize, kind: usize) {
    browser.find(plus).await;
    let all = browser.driver.find_all(By::Css(plus)).await.unwrap();
    all[place].click().await.unwrap();
    browser
        .find(&format!(".menu:popover-open [role=menuitem]:nth-of-type({kind})"))
        .await
        .click()
        .await
        .unwrap();
}

/// Opens a select by its label, chooses an option and closes it.
async fn choose(browser: &Browser, label: &str, option: &str) {
    open_select(browser, label).await;
    let found =
        format!("//*[@popover][.//*]//*[@role='option'][starts-with(normalize-space(.), \"{option}\")]");
    let shown = browser.driver.query(By::XPath(found)).and_displayed().first().await.unwrap();
    shown.click().await.unwrap();
    browser.find("body").await.send_keys(Key::Escape + "").await.unwrap();
}

async fn open_select(browser: &Browser, label: &str) {
    let path = format!(
        "//button[@role='combobox'][@aria-label=\"{label}\" or @id=//label[starts-with(normalize-space(.),\"{label}\")]/@for]"
    );
    browser.driver.query(By::XPath(path)).and_displayed().first().await.unwrap().click().await.unwrap();
}

/// Presses the button in the dialog that asks before publishing.
async fn publish(browser: &Browser) {
    browser.find(".top .btn.primary").await.click().await.unwrap();
    browser.find("dialog .dialog-foot .btn.primary").await.click().await.unwrap();
}

async fn rename(browser: &Browser, input: &str, name: &str) {
    browser.fill(input, &format!("{name}\t")).await;
}

#[tokio::test]
async fn a_flow_is_built_by_mouse_mended_published_and_taken() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Purchases { form, page, mia, fred } = purchases(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;

    // One click gives the first step; it asks nobody yet, which publishing refuses and names.
    browser.click("Add the first approval step").await;
    browser.find(".step.bad .flag").await;
    publish(&browser).await;
    browser.sees("Nobody is named here.").await;
    choose(&browser, "Who approves", "Managers").await;
    browser.gone(".step.bad").await;
    browser.sees("Now Mia: one person").await;
    rename(&browser, "Step name", "Manager").await;

    // A branch before it; what is large goes to the submitter's manager and everybody in finance.
    add(&browser, MAIN, 0, 4).await;
    browser.sees("No condition yet").await;
    browser.click("Arm 1").await;
    rename(&browser, "Arm name", "Large").await;
    choose(&browser, "Field", "Amount").await;
    choose(&browser, "Comparison", "is at least").await;
    browser.input("Value").await.send_keys("10000").await.unwrap();
    browser.sees("Amount ≥ 10,000").await;
    add(&browser, ".arm:first-child > .wire > .add", 0, 1).await;
    choose(&browser, "Who approves", "The submitter’s manager").await;
    choose(&browser, "Who approves", "Finance").await;
    browser.click("Everybody agrees").await;
    rename(&browser, "Step name", "Director").await;

    // The step that was there first is dragged by the keyboard into the default arm.
    let manager = browser.control("Manager").await;
    manager.send_keys(Key::Alt + Key::Up).await.unwrap();
    browser.find(".arm:first-child [title=Manager]").await.send_keys(Key::Alt + Key::Right).await.unwrap();
    browser.find(".arm:last-child [title=Manager]").await.click().await.unwrap();
    browser.click("Undo: Move “Manager”").await;
    browser.find(".arm:first-child [title=Manager]").await;
    browser.click("Redo: Move “Manager”").await;
    browser.find(".arm:last-child [title=Manager]").await.click().await.unwrap();

    // What managers may do with the fields, and a copy for finance at the end.
    browser.click("Fields").await;
    browser.input("Budget: Must").await.click().await.unwrap();
    browser.input("Amount: Hide").await.click().await.unwrap();
    add(&browser, MAIN, 1, 3).await;
    choose(&browser, "Who is informed", "Finance").await;
    browser.gone(".flag").await;
    publish(&browser).await;
    browser.sees("Published as version 1").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    // Records take it.
    let published = admin.get(&format!("/forms/{form}")).await.ok();
    assert_eq!(published["flow"], 1);
    let small = submit(&admin, &form, "500").await;
    assert_eq!(people(&small), [mia.clone()]);
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
    server.close().await;
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
