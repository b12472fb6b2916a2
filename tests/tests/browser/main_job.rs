//! The main job from an empty installation on: templates, a field of one's own, an order, a discount that three people
//! decide, what it earned, and stock and points that two people at once cannot overdraw.

mod earned;
mod points;
mod stock;

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// An installation with its demo records takes this long where everything is compiled for tests.
const INSTALLATION: Duration = Duration::from_secs(120);

const REP: &str = "ray@example.com";
const MGR: &str = "mia@example.com";
const DIR: &str = "dora@example.com";
const FIN: &str = "finn@example.com";
/// Two who ship from the same warehouses, and two who serve the same members.
const KEEPERS: [&str; 2] = ["wanda@example.com", "walt@example.com"];
const CLERKS: [&str; 2] = ["cleo@example.com", "cora@example.com"];

#[tokio::test]
async fn from_an_empty_installation_to_a_decided_discount_and_safe_stock() {
    the_main_job(Database::Sqlite).await;
}

#[tokio::test]
async fn the_same_on_postgresql() {
    the_main_job(Database::Postgres).await;
}

async fn the_main_job(database: Database) {
    let server = Server::start(database).await;
    let browser = Browser::open(&server).await;
    the_administrator(&browser, &server.set_up_code().await).await;
    let admin = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    people_in_roles(&admin).await;
    for (key, name) in [("crm", "CRM"), ("inventory", "Inventory"), ("loyalty", "Loyalty")] {
        a_template(&browser, key, name).await;
    }
    a_field_of_ones_own(&browser).await;
    an_order(&browser).await;
    what_the_demo_asks_is_decided(&server).await;
    a_discount_is_asked_for(&browser).await;
    three_people_decide(&browser).await;
    earned::what_it_earned(&browser).await;
    let other = Browser::open(&server).await;
    stock::two_ship_the_same(&browser, &other).await;
    points::two_redeem_the_same(&browser, &other, &admin).await;
    for browser in [browser, other] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}

async fn the_administrator(browser: &Browser, code: &str) {
    browser.go("/").await;
    browser.fill("Set-up code", code).await;
    browser.fill("Your name", "Ada").await;
    browser.fill("Workspace name", "Example company").await;
    browser.fill("E-mail", ADMIN_EMAIL).await;
    browser.fill("Password", ADMIN_PASSWORD).await;
    browser.click("Create administrator").await;
    browser.sees("Where do you want to start?").await;
    browser.part(".cards-3").click_at("a[href='/templates']").await;
}

/// Roles first: what the templates bring for a role then belongs to its people.
async fn people_in_roles(admin: &Client) {
    for role in ["REP", "MGR", "DIR", "FIN", "WH", "CS"] {
        admin.post("/roles", json!({"key": role, "name": role})).await.created();
    }
    // Whose manager somebody is, they see: Mia leads Ray.
    let people = [
        ("MGR", MGR, "Mia"),
        ("REP", REP, "Ray"),
        ("DIR", DIR, "Dora"),
        ("FIN", FIN, "Finn"),
        ("WH", KEEPERS[0], "Wanda"),
        ("WH", KEEPERS[1], "Walt"),
        ("CS", CLERKS[0], "Cleo"),
        ("CS", CLERKS[1], "Cora"),
    ];
    let mut manager = Value::Null;
    for (role, email, name) in people {
        let led = if email == REP { manager.clone() } else { Value::Null };
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD, "roles": [role], "manager": led,
            "language": "en"});
        let made = admin.post("/members", member).await.created();
        if email == MGR {
            manager = made["id"].clone();
        }
    }
}

async fn a_template(browser: &Browser, key: &str, name: &str) {
    browser.part("nav.nav").click_at(".nav-app").await;
    browser.part(":popover-open").click("Templates").await;
    has_its_picture(browser, key).await;
    browser.click_at(&format!("[data-template={key}]")).await;
    if key == "crm" {
        // What comes with it is said before.
        browser.dialog().sees("Installed with it:").await;
        // Cancelled at once, before it may be done, it is told that nothing came of it.
        browser.dialog().control("Install").await;
        let at_once = "const press = says => { const found = [...document.querySelectorAll('dialog[open] button')]\
                 .find(button => button.innerText.trim() === says); found?.click(); return found !== undefined }; \
             press('Install'); setTimeout(() => press('Cancel'), 50); return true";
        browser.script(at_once).await;
        browser.dialog().sees("The installation was cancelled").await;
    }
    browser.watch_progress().await;
    browser.dialog().click("Install").await;
    browser.dialog().sees("Installing").await;
    browser.patient(INSTALLATION).sees(&format!("“{name}” was installed")).await;
    // Thousands of records come with the first one; the others may be there before one sees how far they are.
    if key == "crm" {
        browser.saw_progress().await;
    }
    browser.part("nav.nav .nav-app").sees(name).await;
}

/// A picture that does not come is replaced by a drawing, which is no image.
async fn has_its_picture(browser: &Browser, template: &str) {
    let picture = format!(
        "const picture = document.querySelector('[data-template={template}] .pic img'); \
         return picture !== null && picture.complete && picture.naturalWidth > 0"
    );
    assert!(browser.until(async || browser.script(&picture).await == true).await, "no picture of {template}");
}

async fn enter_app(browser: &Browser, app: &str, form: &str) {
    browser.go("/").await;
    browser.part("main .cards-3").click(app).await;
    browser.part("main .cards-3").click(form).await;
}

async fn a_field_of_ones_own(browser: &Browser) {
    enter_app(browser, "Base data", "Sales order").await;
    browser.click("Design").await;
    browser.part(".pane.left").click("Formula").await;
    let properties = browser.part(".pane.right");
    browser.part(".slot[aria-current=true]").sees("Formula").await;
    browser.leave_formula().await;
    properties.enter("Label", "Deposit").await;
    properties.fill("Formula", "ROUND(Payab").await;
    properties.click("Payable").await;
    properties.type_in("Formula", " * 0.3, 2)" + Key::Tab).await;
    properties.enter("Decimal places", "2").await;
    browser.sees("Saved").await;
    browser.click("Publish").await;
    browser.dialog().sees("“Deposit” added").await;
    browser.dialog().click("Publish").await;
    browser.part(".toasts").click("Open the form").await;
    browser.part("[role=grid]").sees("Customer").await;
}

/// The picker of a cell in the first line.
async fn product(browser: &Browser, search: &str) {
    browser.click("Add a row").await;
    browser.click_at("#at-lines-0-product button").await;
    browser.part(":popover-open").type_at("input", search).await;
    browser.pick(search).await;
}

/// Types into a cell of the first line.
async fn cell(browser: &Browser, column: &str, text: &str) {
    let input = format!("#at-lines-0-{column} input");
    browser.type_at(&input, Key::Control + "a").await;
    browser.type_at(&input, text).await;
}

async fn an_order(browser: &Browser) {
    browser.sign_in_as(REP, ADMIN_PASSWORD).await;
    enter_app(browser, "Base data", "Sales order").await;
    browser.click("New").await;
    browser.choose("Customer", "Qingchuan Care Centre (Fuzhou)").await;
    product(browser, "Solid wood dining chair").await;
    // The price comes from the product, the totals while one types.
    cell(browser, "qty", "10").await;
    browser.part("#at-lines-0-amount").sees("4,680.00").await;
    cell(browser, "discount_pct", "5").await;
    browser.part("#at-payable").sees("4,446.00").await;
    browser.part(".field:has([id^=at-formula])").sees("1,333.80").await;
    browser.click("Save").await;
    browser.part("aside.side").sees("History").await;
    let number = browser.part(".breadcrumb .here").text().await;
    assert!(number.starts_with("SO"), "{number}");
    browser.part(".breadcrumb").click("Sales order").await;
    browser.part("[role=grid]").sees(number.split(' ').next().unwrap()).await;
    browser.part("[role=grid]").sees("4,446.00").await;
}

async fn a_discount_is_asked_for(browser: &Browser) {
    enter_app(browser, "CRM", "Quotation").await;
    browser.click("New").await;
    browser.choose("Customer", "Qingchuan Care Centre (Fuzhou)").await;
    product(browser, "Solid wood dining chair").await;
    cell(browser, "qty", "100").await;
    cell(browser, "discount_pct", "35").await;
    browser.part("#at-total").sees("30,420.00").await;
    browser.part("#at-max_discount_pct").sees("35").await;
    browser.click("Submit").await;
    browser.sees("Submitted").await;
    let way = browser.part(".timeline");
    way.sees("Sales manager").await;
    way.sees("Mia").await;
}

/// The demo leaves requests with those who decide: two discounts with the manager, a purchase with finance.
async fn what_the_demo_asks_is_decided(server: &Server) {
    for (who, least) in [(MGR, 2), (DIR, 0), (FIN, 1)] {
        let person = server.sign_in(who, ADMIN_PASSWORD).await;
        let waiting = person.get("/tasks?box=todo").await.ok();
        let waiting = waiting["items"].as_array().unwrap();
        assert!(waiting.len() >= least, "{who}: {waiting:?}");
        for task in waiting {
            let path = format!("/tasks/{}/approve", task["id"].as_str().unwrap());
            person.post(&path, json!({})).await.ok();
        }
    }
}

/// Opens the only task of a person and approves it.
async fn approve(browser: &Browser, who: &str) {
    browser.sign_in_as(who, ADMIN_PASSWORD).await;
    browser.part("nav.nav").click_at("a[href='/inbox']").await;
    browser.part(".inbox-cards").sees("Qingchuan Care Centre (Fuzhou)").await;
    browser.part(".inbox-cards").click_at(".task").await;
    browser.part(".inbox > .record").sees("30,420.00").await;
    if who == MGR {
        // Beside the list and the timeline the rows are still read to their last figure.
        let over = "const rows = document.querySelector('.inbox .sub-scroll'); return rows.scrollWidth - rows.clientWidth";
        browser.gives(over, 0).await;
    }
    browser.part(".decision").click("Approve").await;
    browser.sees("Approved").await;
    browser.part(".inbox-cards").sees("All done").await;
}

async fn three_people_decide(browser: &Browser) {
    for who in [MGR, DIR, FIN] {
        approve(browser, who).await;
    }
    browser.sign_in_as(REP, ADMIN_PASSWORD).await;
    browser.go("/inbox?box=started").await;
    browser.part(".inbox-cards").click_at(".task").await;
    let way = browser.part(".timeline");
    for name in ["Mia", "Dora", "Finn"] {
        way.sees(name).await;
    }
    browser.part(".inbox > .record #at-status").sees("Approved").await;
}

/// Whether a record that is being saved was stored; else the page says why not.
async fn is_saved(browser: &Browser, refusal: &str) -> bool {
    let is_stored = async || {
        let address = browser.script("return location.pathname").await;
        address.as_str().is_some_and(|path| path.contains("/records/"))
    };
    let is_told = browser.until(async || is_stored().await || browser.shows(refusal).await).await;
    assert!(is_told, "neither stored nor refused: {}", browser.text().await);
    is_stored().await
}

/// Two people press the same button at the same moment. Gives who was served and who was refused.
async fn one_of_two<'a>(two: [&'a Browser; 2], button: &str, refusal: &str) -> (&'a Browser, &'a Browser) {
    let [one, other] = two;
    tokio::join!(one.click(button), other.click(button));
    match tokio::join!(is_saved(one, refusal), is_saved(other, refusal)) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        both => panic!("of two who press `{button}`, stored: {both:?}"),
    }
}
