//! What a new member meets: numbers of which they see nothing or a part, what the plus of a phone offers, and templates that
//! others install.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

const MANAGER: &str = "manager@example.com";

async fn install(admin: &Client, template: &str) {
    let input = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post(&format!("/templates/{template}/install"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
}

/// A sales manager, who sees entries of the people below alone; the id.
async fn sales_manager(admin: &Client) -> Value {
    let member = json!({"email": MANAGER, "name": "Mia", "password": ADMIN_PASSWORD, "language": "en", "roles": ["MGR"]});
    admin.post("/members", member).await.created()["id"].clone()
}

#[tokio::test]
async fn a_figure_says_what_its_reader_does_not_see() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    install(&admin, "roi").await;
    let mia = sales_manager(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    for (width, height) in [(1440, 900), (390, 844)] {
        browser.resize(width, height).await;
        browser.go("/apps/roi/reports/roi.yearly").await;
        // Not that there is no cost, and no sum of 0.
        browser.part("[data-figure=M01]").sees("None that you may see: Benefit entry, Cost entry").await;
        let table = browser.part("[data-table=yearly]");
        table.sees("Cost: None that you may see: Cost entry").await;
        assert!(!table.shows("0.00").await);
        assert!(!browser.shows("There is no cost").await);
    }
    // Who sees a part is told at the number of what.
    let below = json!({"email": "fin@example.com", "name": "Fin", "password": ADMIN_PASSWORD, "roles": ["FIN"], "manager": mia});
    admin.post("/members", below).await.created();
    let finance = server.sign_in("fin@example.com", ADMIN_PASSWORD).await;
    let forms = admin.get("/apps/roi/forms").await.ok();
    let records = |key: &str| {
        let form = forms["items"].as_array().unwrap().iter().find(|form| form["key"] == key).unwrap();
        format!("/forms/{}/records", form["id"].as_str().unwrap())
    };
    let program = admin.get(&records("program")).await.ok()["items"][0]["id"].clone();
    let gain = json!({"program": program, "month": "2025-03", "kind": "repeat", "method": "direct", "amount": "1000"});
    finance.post(&records("benefit_entry"), json!({"fields": gain})).await.created();
    browser.go("/apps/roi/reports/roi.yearly").await;
    browser.part("[data-figure=M03]").sees("None that you may see: Cost entry").await;
    browser.part("[data-table=yearly]").sees("Only what you may see of: Benefit entry").await;
    browser.part("[data-table=yearly]").sees("1,000.00").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn the_plus_of_a_phone_offers_what_one_may_fill_in_and_make() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    for (key, label) in [("leave", "Leave"), ("secret", "Secret")] {
        let form =
            json!({"key": key, "label": label, "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
        let form = admin.post("/apps/office/forms", form).await.created();
        if key == "leave" {
            let everyone = json!({"format": 1, "key": "all", "label": "All", "who": {"everyone": true},
                "operations": ["view", "create"], "fields": {"*": "edit"}});
            let groups = format!("/forms/{}/permissions", form["id"].as_str().unwrap());
            admin.post(&groups, everyone).await.created();
        }
    }
    let member = json!({"email": MANAGER, "name": "Mia", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let browser = Browser::open(&server).await;
    browser.resize(390, 844).await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    let plus = ".bottom-bar [role=button]";
    browser.click_at(plus).await;
    let list = browser.part(".palette");
    list.sees("Fill in Leave").await;
    for place in ["Inbox", "Settings", "Secret"] {
        assert!(!list.shows(place).await, "{place}");
    }
    list.click("Fill in Leave").await;
    browser.gone(".palette").await;
    let there = "return /forms\\/.*\\/new$/.test(location.pathname)";
    assert!(browser.until(async || browser.script(there).await == true).await);
    browser.find("input[name=name], .field input").await;

    let own = Browser::open(&server).await;
    own.resize(390, 844).await;
    own.sign_in().await;
    own.go("/apps/office").await;
    own.click_at(plus).await;
    for offered in ["Fill in Leave", "Fill in Secret", "New form", "New app"] {
        own.part(".palette").sees(offered).await;
    }
    own.part(".palette").click("New form").await;
    own.dialog().sees("Form name").await;
    for browser in [browser, own] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}

#[tokio::test]
async fn who_may_not_install_a_template_is_shown_what_is_in_it_and_whom_to_ask() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member = json!({"email": MANAGER, "name": "Mia", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let mia = server.sign_in(MANAGER, ADMIN_PASSWORD).await;
    mia.post("/templates/roi/install", json!({"demo": false})).await.refused(403, "forbidden");
    let name = admin.get("/me").await.ok()["name"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(MANAGER, ADMIN_PASSWORD).await;
    browser.go("/templates").await;
    // English marks are as narrow as its letters, also where the only font is a Chinese one.
    let marks = "const span = document.createElement('span'); span.textContent = '’“”—'.repeat(5); \
        document.body.append(span); const width = span.getBoundingClientRect().width; \
        const size = parseFloat(getComputedStyle(span).fontSize); span.remove(); return width / size / 20";
    // Until its fonts are here a page has others.
    let are_narrow = async || browser.script(marks).await.as_f64().is_some_and(|width| width < 0.8);
    assert!(browser.until(are_narrow).await, "{}", browser.script(marks).await);
    browser.click_at("[data-template=roi]").await;
    let dialog = browser.dialog();
    dialog.sees("What is in it").await;
    dialog.sees(&format!("{name} can install templates here")).await;
    for offered in ["Include sample data", "Install “"] {
        assert!(!dialog.shows(offered).await, "{offered}");
    }
    dialog.click("Close").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
