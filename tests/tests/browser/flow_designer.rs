//! A whole flow is designed, tried out and published: by mouse, and by nothing but keys.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::prelude::*;

use crate::flow_editor::{LAST, add, publish, take, text};

/// A form for expenses with the people who decide about them.
struct Expenses {
    form: String,
    page: String,
}

async fn expenses(admin: &Client) -> Expenses {
    let people = [
        ("MGR", "Bosses", "Mia"),
        ("FIN", "Finance", "Fred"),
        ("DIR", "Directors", "Dora"),
        ("GM", "General manager", "Gus"),
    ];
    for (role, name, member) in people {
        admin.post("/roles", json!({"key": role, "name": name})).await.created();
        let email = format!("{}@example.com", member.to_lowercase());
        let new =
            json!({"email": email, "name": member, "password": "a long enough password", "roles": [role]});
        admin.post("/members", new).await.created();
    }
    let app = admin.post("/apps", json!({"label": "Office", "key": "office"})).await.created();
    let form = json!({"format": 1, "key": "expense", "label": "Expense", "title": "{what}", "fields": [
        {"key": "what", "label": "What for", "kind": "text", "required": true},
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "over_budget", "label": "Over budget", "kind": "switch"}]});
    let form = admin.post(&format!("/apps/{}/forms", text(&app["id"])), form).await.created();
    let form = text(&form["id"]);
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    Expenses { page: format!("/apps/office/forms/{form}/flow"), form }
}

/// An expense as it is stored.
async fn expense(admin: &Client, form: &str, what: &str, amount: &str, over_budget: bool) -> Value {
    let record = json!({"fields": {"what": what, "amount": amount, "over_budget": over_budget}});
    admin.post(&format!("/forms/{form}/records"), record).await.created()
}

/// Puts an approval at a place, with its name and the roles that decide.
async fn approval(browser: &Browser, plus: &str, name: &str, roles: &[&str]) {
    add(browser, plus, "approve").await;
    browser.enter("Step name", name).await;
    for role in roles {
        take(browser, "Who approves", role).await;
    }
}

/// Says when the arm that is chosen is taken.
async fn when(browser: &Browser, name: &str, field: &str, comparison: Option<&str>) {
    browser.enter("Path name", name).await;
    browser.choose("Field", field).await;
    if let Some(comparison) = comparison {
        browser.choose("Comparison", comparison).await;
    }
}

/// The expense flow: the manager; whoever has to where it is over the budget or large; the general manager above 10,000.
#[tokio::test]
async fn the_expense_flow_is_designed_tried_out_and_published_by_mouse() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Expenses { form, page } = expenses(&admin).await;
    expense(&admin, &form, "Taxi", "50", false).await;
    expense(&admin, &form, "Laptop", "5000", false).await;
    expense(&admin, &form, "Fair", "20000", false).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.click("Add the first approval step").await;
    browser.enter("Step name", "Manager").await;
    take(&browser, "Who approves", "Bosses").await;

    add(&browser, LAST, "branch").await;
    browser.enter("Step name", "Who else").await;
    browser.click_at(".fork > .arm:nth-child(1) > .when-box").await;
    when(&browser, "Over the budget", "Over budget", None).await;
    browser.choose("Value", "Yes").await;
    approval(
        &browser,
        ".fork > .arm:nth-child(1) > .wire > .add",
        "Finance and director",
        &["Finance", "Directors"],
    )
    .await;
    browser.tick("Everybody agrees").await;
    browser.click_at(".fork-label").await;
    browser.click("Add a path").await;
    when(&browser, "Above 1,000", "Amount", Some("is above")).await;
    browser.type_in("Value", "1000").await;
    browser.sees("Amount > 1,000").await;
    // The condition is tried on the newest record, and told for the others.
    browser.click("Try it on a record").await;
    browser.part(".flow-side").sees("2 of the newest 3 match").await;
    approval(&browser, ".fork > .arm:nth-child(2) > .wire > .add", "Finance", &["Finance"]).await;

    add(&browser, LAST, "branch").await;
    browser.enter("Step name", "How much").await;
    browser.click_at(".fork ~ .fork > .arm:nth-child(1) > .when-box").await;
    when(&browser, "Above 10,000", "Amount", Some("is above")).await;
    browser.type_in("Value", "10000").await;
    browser.sees("Amount > 10,000").await;
    approval(
        &browser,
        ".fork ~ .fork > .arm:nth-child(1) > .wire > .add",
        "General manager",
        &["General manager"],
    )
    .await;
    browser.gone(".flag").await;

    // The newest one goes all the way; who decides and why is told at each step.
    browser.part(".top").click("Try it").await;
    let trial = browser.part(".flow-trial");
    trial.sees("20,000").await;
    trial.click("Go").await;
    trial.sees("Takes “Above 1,000”").await;
    trial.sees("Takes “Above 10,000”").await;
    trial.click("Approve").await;
    browser.find(".flow-trial li.now .sim-go").await;
    trial.click("Reject").await;
    browser.part(".flow-trial .timeline > li:last-child").sees("Rejected").await;
    trial.click("Approve instead").await;
    trial.click("To the end").await;
    browser.part(".flow-trial .timeline > li:last-child").sees("Approved").await;
    browser.find(".when-box.path[title='Above 10,000']").await;
    // No record is over the budget: that arm was never tried.
    trial.click("Test with the newest records").await;
    trial.sees("No record takes “Over the budget” of “Who else”").await;
    browser.part(".when-box[title='Above 1,000']").sees("2 / 3").await;

    publish(&browser).await;
    browser.sees("Published as version 1").await;
    // What is changed then is told beside the version, and goes with it into the draft again.
    browser.click_at(".when-box[title='Above 1,000']").await;
    browser.enter("Path name", "More than 1,000").await;
    browser.part(".top").click("Versions").await;
    browser.dialog().sees("“Who else / More than 1,000” changed: Name").await;
    browser.dialog().click("Take into the draft").await;
    browser.find(".when-box[title='Above 1,000']").await;

    // Three members decide about one: two at the desk, by mouse and by key, and the last on the road.
    let asked = expense(&admin, &form, "Trade show", "20000", false).await;
    let state = async || {
        let path = format!("/instances/{}", text(&asked["instance"]["id"]));
        admin.get(&path).await.ok()["state"].clone()
    };
    sign_out(&browser).await;
    sign_in(&browser, "mia").await;
    browser.part(".timeline").sees("Fred").await;
    browser.part(".timeline").sees("Gus").await;
    browser.part(".decision").click("Approve").await;
    browser.part(".toasts").sees("Approved").await;
    sign_out(&browser).await;
    sign_in(&browser, "fred").await;
    browser.part(".decision").sees("Approve").await;
    browser.keys("a").await;
    browser.part(".toasts").sees("Approved").await;
    assert_eq!(state().await, "running");
    sign_out(&browser).await;
    browser.resize(390, 844).await;
    sign_in(&browser, "gus").await;
    browser.part(".decision").click("Approve").await;
    browser.part(".toasts").sees("Approved").await;
    assert_eq!(state().await, "approved");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;

    // Records take it.
    let record = expense(&admin, &form, "Trip", "30000", true).await;
    assert_eq!(record["instance"]["steps"].as_array().map(Vec::len), Some(1));
    let path = json!({"id": record["id"]});
    let walk = admin.post(&format!("/forms/{form}/flow/simulate"), path).await.ok();
    let stops = walk["stops"].as_array().unwrap();
    let decides = |stop: &&Value| stop["step"].as_str().unwrap().starts_with("approve");
    let asked: usize =
        stops.iter().filter(decides).map(|stop| stop["people"].as_array().unwrap().len()).sum();
    assert_eq!((&walk["state"], asked), (&json!("approved"), 4), "Mia, Fred with Dora, Gus: {walk}");
    server.close().await;
}

async fn sign_out(browser: &Browser) {
    browser.go("/").await;
    browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
    browser.click("Sign out").await;
    browser.find("input[type=password]").await;
}

/// Somebody opens what waits for them.
async fn sign_in(browser: &Browser, name: &str) {
    browser.sign_in_as(&format!("{name}@example.com"), "a long enough password").await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(".inbox > .record").sees("Trade show").await;
}

/// Types a name into the settings of the part that has the focus, and goes back to it.
pub async fn name_it(browser: &Browser, name: &str, people: Option<&str>) {
    browser.keys(Key::F2 + "").await;
    browser.find(".flow-side [name=step-label]:focus").await;
    browser.keys(Key::Control + "a").await;
    browser.keys(name).await;
    browser.keys(Key::Tab + "").await;
    if let Some(people) = people {
        browser.find(".flow-side .input.chips:focus").await;
        browser.keys(Key::Enter + "").await;
        browser.find(".menu:popover-open .menu-search input:focus").await;
        browser.keys(people).await;
        browser.part(".menu:popover-open").sees_no_more("levels up").await;
        browser.keys(Key::Enter + "").await;
        browser.keys(Key::Escape + "").await;
        browser.gone(".menu:popover-open").await;
    }
    browser.keys(Key::Escape + "").await;
    browser.find(".flow [data-part]:focus").await;
}

/// Opens the menu behind the part that has the focus, and takes the kind that is found by this.
async fn insert(browser: &Browser, kind: &str, name: &str) {
    browser.keys(Key::Insert + "").await;
    browser.find(".menu:popover-open .menu-search input:focus").await;
    if !name.is_empty() {
        browser.keys(name).await;
    }
    browser.find(&format!(".menu:popover-open [role=menuitem]:first-child [data-kind={kind}]")).await;
    browser.keys(Key::Enter + "").await;
    browser.gone(".menu:popover-open").await;
}

/// A new step that asks people begins with them; Escape goes back to it in the drawing.
pub async fn back_from_people(browser: &Browser) {
    browser.find(".flow-side .input.chips:focus").await;
    browser.keys(Key::Escape + "").await;
    browser.find(".flow [data-part]:focus").await;
}

#[tokio::test]
async fn a_flow_is_designed_and_published_by_keyboard() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Expenses { form, page } = expenses(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.type_to("Add the first approval step", Key::Enter + "").await;
    back_from_people(&browser).await;
    browser.find(".flow .step[data-part=step]:focus").await;
    name_it(&browser, "Manager", Some("Bosses")).await;

    // Side by side behind it; an approval in the first arm, and its copy in the second.
    insert(&browser, "parallel", "parallel").await;
    browser.find(".fork-label:focus").await;
    browser.keys(Key::Down + "").await;
    browser.find(".arm:nth-child(1) > .when-box:focus").await;
    insert(&browser, "approve", "").await;
    back_from_people(&browser).await;
    browser.find(".arm:nth-child(1) > .step:focus").await;
    name_it(&browser, "Finance", Some("Finance")).await;
    browser.keys(Key::Control + "c").await;
    browser.sees("Copied “Finance”").await;
    browser.keys(Key::Right + "").await;
    browser.find(".arm:nth-child(2) > .when-box:focus").await;
    browser.keys(Key::Control + "v").await;
    browser.find(".arm:nth-child(2) > .step[title=Finance]:focus").await;

    // A whole arm is copied, taken out, brought back and moved.
    browser.keys(Key::Up + "").await;
    browser.find(".arm:nth-child(2) > .when-box:focus").await;
    browser.keys(Key::Control + "c").await;
    browser.keys(Key::Control + "v").await;
    browser.find(".arm:nth-child(3) > .when-box:focus").await;
    browser.keys(Key::Alt + Key::Left).await;
    browser.find(".arm:nth-child(2) > .when-box:focus").await;
    browser.keys(Key::Delete + "").await;
    browser.gone(".arm:nth-child(3)").await;
    browser.keys(Key::Control + "z").await;
    browser.find(".arm:nth-child(3) > .step[title=Finance]").await;
    browser.keys(Key::Control + "y").await;
    browser.gone(".arm:nth-child(3)").await;

    // The drawing goes smaller and back to all of it.
    browser.find(".flow [data-part]:focus").await;
    browser.keys(Key::Control + "-").await;
    browser.part(".zoom").sees("85").await;
    browser.gone(".flag").await;
    browser.part(".top").type_to("Publish", Key::Enter + "").await;
    browser.dialog().type_to("Publish", Key::Enter + "").await;
    browser.sees("Published as version 1").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    let draft = admin.get(&format!("/forms/{form}/flow/draft")).await.ok();
    let arms = draft["steps"][1]["arms"].as_array().unwrap();
    let keys: Vec<&Value> = arms.iter().map(|arm| &arm["steps"][0]["key"]).collect();
    assert_eq!(keys, [&json!("approve_2"), &json!("approve_3")], "a copy has a key of its own");
    server.close().await;
}
