//! The main job from an empty installation on: templates, a field of one's own, an order, a discount that three people
//! decide, what it earned, and stock and points that two people at once cannot overdraw.

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

#[tokio::test]
async fn from_an_empty_installation_to_a_decided_discount_and_safe_stock() {
    let server = Server::start(Database::Sqlite).await;
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
    what_it_earned(&browser).await;
    the_stock(&browser, &admin).await;
    stock_for_two(&browser, &server, &admin).await;
    points_for_two(&browser, &server, &admin).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
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
    let people = [
        ("REP", REP, "Ray"),
        ("MGR", MGR, "Mia"),
        ("DIR", DIR, "Dora"),
        ("FIN", FIN, "Finn"),
        ("CS", "cleo@example.com", "Cleo"),
    ];
    for (role, email, name) in people {
        admin.post("/roles", json!({"key": role, "name": role})).await.created();
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD, "roles": [role], "language": "en"});
        admin.post("/members", member).await.created();
    }
}

async fn a_template(browser: &Browser, key: &str, name: &str) {
    browser.part("nav.nav").click_at(".nav-app").await;
    browser.part(":popover-open").click("Templates").await;
    browser.click_at(&format!("[data-template={key}]")).await;
    if key == "crm" {
        // What comes with it is said before.
        browser.dialog().sees("Installed with it:").await;
        // Cancelled at once, it is told that nothing came of it.
        browser.dialog().click("Install").await;
        browser.dialog().click("Cancel").await;
        browser.dialog().sees("The installation was cancelled").await;
    }
    browser.dialog().click("Install").await;
    browser.dialog().sees("Installing").await;
    browser.patient(INSTALLATION).sees(&format!("“{name}” was installed")).await;
    browser.part("nav.nav .nav-app").sees(name).await;
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
    browser.part(".slot[aria-selected=true]").sees("Formula").await;
    properties.enter("Label", "Deposit").await;
    properties.fill("Formula", "ROUND(Payab").await;
    properties.click("Payable").await;
    properties.input("Formula").await.send_keys(" * 0.3, 2)" + Key::Tab).await.unwrap();
    properties.enter("Decimal places", "2").await;
    browser.sees("Saved").await;
    browser.click("Publish").await;
    browser.dialog().sees("Add “Deposit”").await;
    browser.dialog().click("Publish").await;
    browser.part("[role=grid]").sees("Customer").await;
}

/// The picker of a cell in the first line.
async fn product(browser: &Browser, search: &str) {
    browser.click("Add a row").await;
    browser.click_at("#at-lines-0-product button").await;
    browser.part(":popover-open").find("input").await.send_keys(search).await.unwrap();
    browser.pick(search).await;
}

/// Types into a cell of the first line.
async fn cell(browser: &Browser, column: &str, text: &str) {
    let input = browser.find(&format!("#at-lines-0-{column} input")).await;
    input.send_keys(Key::Control + "a").await.unwrap();
    input.send_keys(text).await.unwrap();
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
        assert_eq!(browser.script(over).await, 0);
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

async fn what_it_earned(browser: &Browser) {
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go("/apps/roi").await;
    browser.part("nav.nav").click("Yearly ROI").await;
    let table = browser.part("[data-table]");
    for figure in ["250.00", "240.00", "255.56", "248.84"] {
        table.sees(figure).await;
    }
}

async fn the_stock(browser: &Browser, _admin: &Client) {
    browser.go("/apps/inventory").await;
    browser.part("nav.nav").click("What to reorder").await;
}

/// The rows of an aggregate table.
async fn rows(admin: &Client, app: &str, table: &str) -> Vec<Value> {
    let tables = admin.get(&format!("/apps/{app}/aggregates")).await.ok();
    let found = tables["items"].as_array().unwrap().iter().find(|known| known["key"] == table).unwrap();
    let rows = admin.get(&format!("/aggregates/{}/rows?limit=500", found["id"].as_str().unwrap())).await.ok();
    rows["items"].as_array().unwrap().clone()
}

async fn form_id(admin: &Client, app: &str, key: &str) -> String {
    let forms = admin.get(&format!("/apps/{app}/forms")).await.ok();
    let form = forms["items"].as_array().unwrap().iter().find(|form| form["key"] == key).unwrap();
    form["id"].as_str().unwrap().to_owned()
}

/// Two people post the same record at the same moment; one of them has to be refused.
async fn one_of_two(first: &Client, second: &Client, path: &str, record: &Value) {
    let (one, other) = tokio::join!(first.post(path, record.clone()), second.post(path, record.clone()));
    let (done, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    done.created();
    refused.refused(409, "constraint");
}

async fn stock_for_two(browser: &Browser, server: &Server, admin: &Client) {
    let stock = rows(admin, "inventory", "stock").await;
    let row = stock.iter().find(|row| amount(&row["values"]["on_hand"]) >= 2).expect("something is in stock");
    let (product, warehouse) = (&row["group"]["product"], &row["group"]["warehouse"]);
    let all = row["values"]["on_hand"].as_str().unwrap();
    let customers =
        admin.get(&format!("/forms/{}/records?limit=1", form_id(admin, "base", "customer").await)).await.ok();
    let shipments = form_id(admin, "inventory", "shipment").await;
    let record = json!({"fields": {"customer": customers["items"][0]["id"], "warehouse": warehouse,
        "lines": [{"product": product, "qty": all, "unit_price": "1"}]}});
    let second = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    one_of_two(admin, &second, &format!("/forms/{shipments}/records"), &record).await;
    let left = rows(admin, "inventory", "stock").await;
    let left = left
        .iter()
        .find(|now| now["group"] == row["group"])
        .map_or(0, |row| amount(&row["values"]["on_hand"]));
    assert_eq!(left, 0);
    // A third one in the browser is told why.
    let title = async |form: &str, id: &Value| {
        let path = format!(
            "/forms/{}/records/{}",
            form_id(admin, if form == "product" { "base" } else { "inventory" }, form).await,
            id.as_str().unwrap()
        );
        admin.get(&path).await.ok()["fields"]["name"].as_str().unwrap().to_owned()
    };
    browser.go(&format!("/apps/inventory/forms/{shipments}/new")).await;
    browser.choose("Customer", "Qingchuan Care Centre (Fuzhou)").await;
    browser.choose("Warehouse", &title("warehouse", warehouse).await).await;
    self::product(browser, &title("product", product).await).await;
    cell(browser, "qty", "1").await;
    browser.click("Save").await;
    browser.sees("Not enough stock: the warehouse does not hold what this document takes out").await;
    // Of what, where, how much there is and how much would be.
    let place = title("warehouse", warehouse).await;
    browser.sees(&format!("· {place}: On hand is 0 and would be -1)")).await;
    browser.script("localStorage.clear()").await;
}

/// The whole part of an exact decimal.
fn amount(value: &Value) -> i64 {
    value.as_str().and_then(|text| text.split('.').next()?.parse().ok()).unwrap_or(0)
}

async fn points_for_two(browser: &Browser, server: &Server, admin: &Client) {
    let balances = rows(admin, "loyalty", "balance").await;
    // What needs no approval counts at once.
    let row = balances.iter().find(|row| (1..5000).contains(&amount(&row["values"]["balance"]))).unwrap();
    let member = &row["group"]["member"];
    let points = amount(&row["values"]["balance"]);
    let rewards = form_id(admin, "loyalty", "reward").await;
    let reward = json!({"fields": {"name": "Everything", "points": points.to_string(), "stock": "9"}});
    let reward = admin.post(&format!("/forms/{rewards}/records"), reward).await.created();
    let redemptions = form_id(admin, "loyalty", "redemption").await;
    let record = json!({"fields": {"member": member, "reward": reward["id"], "unit_points": points.to_string(), "qty": "1"}});
    let second = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    one_of_two(admin, &second, &format!("/forms/{redemptions}/records"), &record).await;
    let members = form_id(admin, "loyalty", "member").await;
    let name = admin.get(&format!("/forms/{members}/records/{}", member.as_str().unwrap())).await.ok();
    browser.go(&format!("/apps/loyalty/forms/{redemptions}/new")).await;
    browser.choose("Member", name["fields"]["name"].as_str().unwrap()).await;
    browser.choose("Reward", "Everything").await;
    browser.click("Submit").await;
    browser.sees("Not enough points: the member's balance does not cover this").await;
    browser.script("localStorage.clear()").await;
}
