//! The first minutes: what a new workspace offers, a template that is looked into, filled and cleared, and the way back to what
//! one has seen.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// An installation with its demo records takes this long where everything is compiled for tests.
const INSTALLATION: Duration = Duration::from_secs(120);

/// The keys of the templates that are shown.
const CARDS: &str =
    "return [...document.querySelectorAll('[data-template]')].map(card => card.dataset.template)";

#[tokio::test]
async fn a_template_is_looked_into_installed_and_cleared_of_its_demo() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/templates").await;
    by_category(&browser).await;
    looked_into(&browser).await;
    browser.dialog().click("Install").await;
    browser.patient(INSTALLATION).sees("“Customer care ROI” was installed").await;
    what_comes_next(&browser).await;
    nobodys_work(&browser).await;
    what_it_builds_on(&browser).await;
    cleared(&browser, &admin).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn by_category(browser: &Browser) {
    browser.find("[data-template=crm]").await;
    let all = browser.script(CARDS).await;
    browser.part(".catalogue .tree").click("Finance and expenses").await;
    assert!(
        browser.until(async || browser.script(CARDS).await == json!(["roi"])).await,
        "{}",
        browser.script(CARDS).await
    );
    browser.part(".catalogue .tree").click("All").await;
    assert!(
        browser.until(async || browser.script(CARDS).await == all).await,
        "{}",
        browser.script(CARDS).await
    );
}

/// Before anything is installed one sees what it would bring.
async fn looked_into(browser: &Browser) {
    browser.click_at("[data-template=roi]").await;
    let dialog = browser.dialog();
    dialog.find(".pic img").await;
    dialog.sees("What is in it").await;
    dialog.sees("Reports:").await;
    let inside = dialog.part("[data-inside]");
    inside.sees("sample records").await;
    // The fields are folded until one asks for them.
    inside.click_at("summary").await;
    let fields =
        "return document.querySelectorAll('[data-inside] details[open] .template-fields > li').length";
    assert!(
        browser.until(async || browser.script(fields).await.as_u64() > Some(2)).await,
        "no fields are shown"
    );
}

/// The page of the new app says what comes next, each step with the way there; it is put away, and found in the settings.
async fn what_comes_next(browser: &Browser) {
    let app = browser.part("main");
    app.sees("Next steps").await;
    app.sees("Look around in the sample data").await;
    // People in its roles, of whom there are none yet.
    app.part("[data-done=false] .note").sees("Finance 0").await;
    app.click("Invite your colleagues").await;
    let place = "return location.pathname";
    assert!(
        browser.until(async || browser.script(place).await == "/settings/members").await,
        "it leads elsewhere"
    );
    browser.go("/apps/roi").await;
    app.click("Don’t show again").await;
    app.sees_no_more("Next steps").await;
    browser.sees("in the settings of the app").await;
    browser.go("/apps/roi").await;
    app.sees("Related apps").await;
    assert!(!app.shows("Next steps").await, "it is back");
    browser.go("/apps/roi/settings").await;
    app.sees("Next steps").await;
    app.click("Give your people the roles of this app").await;
    assert!(
        browser.until(async || browser.script(place).await == "/settings/roles").await,
        "it leads elsewhere"
    );
}

/// Of the first steps an installation with its demo is one.
async fn nobodys_work(browser: &Browser) {
    browser.go("/").await;
    browser.sees("Getting started").await;
    let steps = "return document.querySelector('main aside progress')?.getAttribute('value')";
    assert!(
        browser.until(async || browser.script(steps).await == "1").await,
        "{}",
        browser.script(steps).await
    );
}

/// An app leads to the forms of the apps that it builds on, in its navigation and on its page.
async fn what_it_builds_on(browser: &Browser) {
    browser.go("/apps/roi").await;
    browser.part("nav.nav").sees("Related apps").await;
    browser.part("main").sees("Related apps").await;
    browser.part("nav.nav").click("Customer").await;
    let place = "return location.pathname";
    let leads = async || {
        browser.script(place).await.as_str().is_some_and(|place| place.starts_with("/apps/base/forms/"))
    };
    assert!(browser.until(leads).await, "{}", browser.script(place).await);
    // The list begins with what is filled.
    let cells = "return [...document.querySelectorAll('[role=grid] tbody tr[aria-rowindex]')].slice(0, 5).map(row => \
         [...row.querySelectorAll('td.title, td.title ~ td')].slice(0, 5).map(cell => cell.innerText.trim()))";
    let full = async || {
        let rows = browser.script(cells).await;
        let rows = rows.as_array().cloned().unwrap_or_default();
        let filled = |row: &Value| {
            let cells = row.as_array().cloned().unwrap_or_default();
            cells.iter().filter(|cell| **cell != json!("")).count() >= 4
        };
        rows.len() == 5 && rows.iter().all(filled)
    };
    assert!(browser.until(full).await, "{}", browser.script(cells).await);
}

async fn cleared(browser: &Browser, admin: &Client) {
    let left = async || admin.get("/templates/roi/demo").await.ok()["unchanged"].as_u64().unwrap();
    let before = left().await;
    assert!(before > 100, "{before}");
    browser.go("/templates?show=roi").await;
    let dialog = browser.dialog();
    let says = "return document.querySelector('[data-demo-left]')?.dataset.demoLeft ?? ''";
    assert!(
        browser.until(async || browser.script(says).await == json!(before.to_string())).await,
        "{before}: {}",
        browser.script(says).await
    );
    dialog.click("Clear sample data").await;
    // Asked once more, with the number; nothing has happened yet.
    dialog.click("Cancel").await;
    assert_eq!(left().await, before);
    dialog.click("Clear sample data").await;
    dialog.click_at("[data-demo] .btn.danger").await;
    browser.patient(INSTALLATION).dialog().sees("in the recycle bin").await;
    dialog.sees("No sample records are left.").await;
    assert_eq!(left().await, 0);
    dialog.click("Undo").await;
    browser.patient(INSTALLATION).sees("The sample data is back.").await;
    assert_eq!(left().await, before);
}

/// Whoever chose to begin with a blank app is asked for its name; the first steps are put away for good, on every device.
#[tokio::test]
async fn one_begins_with_a_blank_app_and_puts_the_first_steps_away_for_good() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/").await;
    browser.sees("Getting started").await;
    let steps = "return document.querySelector('main aside progress')?.getAttribute('value')";
    assert!(browser.until(async || browser.script(steps).await == "0").await, "something is done already");

    browser.go("/?new=blank").await;
    let dialog = browser.dialog();
    dialog.fill("Name", "Errands").await;
    dialog.click("Create").await;
    browser.sees("“Errands” was created").await;
    let apps = admin.get("/apps").await.ok();
    assert!(apps["items"][0]["label"].to_string().contains("Errands"), "{apps}");

    // One step is done, and the others lead to where they are done.
    browser.go("/").await;
    assert!(
        browser.until(async || browser.script(steps).await == "1").await,
        "{}",
        browser.script(steps).await
    );
    browser.part("main aside").click("Invite your colleagues").await;
    let place = "return location.pathname";
    assert!(
        browser.until(async || browser.script(place).await == "/settings/members").await,
        "it leads elsewhere"
    );
    server.member(&admin, "mei@example.com", &[]).await;
    browser.go("/").await;
    assert!(
        browser.until(async || browser.script(steps).await == "2").await,
        "{}",
        browser.script(steps).await
    );

    browser.part("main aside").click("Don’t show again").await;
    browser.sees_no_more("Getting started").await;
    let kept = async || admin.get("/me/put-away").await.ok();
    assert!(
        browser.until(async || kept().await == json!({"hints": ["checklist"]})).await,
        "{}",
        kept().await
    );
    let other = Browser::open(&server).await;
    other.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    other.go("/").await;
    other.part("main").sees("Errands").await;
    other.settled("the home page").await;
    assert!(!other.shows("Getting started").await, "it is back on another device");
    for browser in [browser, other] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        browser.close().await;
    }
    server.close().await;
}

/// A form with records that are told apart by their names.
async fn guests(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "inn", "label": "Inn"})).await.created();
    let channels = ["直播", "门店", "展会", "电话", "广告", "朋友", "网站", "公众号", "地推"];
    let choices: Vec<Value> = channels
        .iter()
        .enumerate()
        .map(|(at, label)| json!({"key": format!("c{at}"), "label": label}))
        .collect();
    let form = json!({"key": "guest", "label": "Guests", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "channel", "label": "Channel", "kind": "select", "options": {"choices": choices}}]});
    let form = admin.post("/apps/inn/forms", form).await.created();
    let id = form["id"].as_str().unwrap().to_owned();
    for name in ["Zhou Jingyi", "Anna Berger"] {
        admin.post(&format!("/forms/{id}/records"), json!({"fields": {"name": name}})).await.created();
    }
    id
}

#[tokio::test]
async fn a_record_is_found_from_anywhere_and_what_was_seen_last_comes_first() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let form = guests(&admin).await;
    let mei = server.member(&admin, "mei@example.com", &[]).await;
    assert_eq!(mei.get("/search?q=Berger").await.ok()["items"], json!([]), "she may see no guests");
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/").await;
    browser.part("nav").sees("Inbox").await;

    // A record by a part of what it is called.
    browser.keys(Key::Control + "k").await;
    let palette = browser.part(".palette");
    palette.type_at("input", "berger").await;
    palette.sees("Anna Berger").await;
    browser.keys(Key::Enter + "").await;
    let at = format!("/apps/inn/forms/{form}/records/");
    let there = async || {
        browser.script("return location.pathname").await.as_str().unwrap_or_default().starts_with(&at)
    };
    assert!(
        browser.until(async || there().await).await,
        "{}",
        browser.script("return location.pathname").await
    );
    browser.part("main").sees("Anna Berger").await;

    // It stands first where nothing is typed, and on the home page.
    browser.go("/").await;
    browser.part("main aside").sees("Anna Berger").await;
    browser.keys(Key::Control + "k").await;
    let first = "return document.querySelector('.palette [role=option]')?.innerText ?? ''";
    let is_first = async || {
        let first = browser.script(first).await;
        let first = first.as_str().unwrap_or_default();
        first.contains("Anna Berger") && first.contains("Recent")
    };
    assert!(browser.until(is_first).await, "{}", browser.script(first).await);
    browser.keys(Key::Enter + "").await;
    assert!(
        browser.until(async || there().await).await,
        "{}",
        browser.script("return location.pathname").await
    );
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A choice is found by how it sounds; the next time it comes before the rest.
#[tokio::test]
async fn a_choice_is_found_by_its_pinyin_and_comes_first_the_next_time() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let form = guests(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let list =
        "return [...document.querySelectorAll(':popover-open [role=option]')].map(it => it.innerText.trim())";
    for (typed, found) in [("gzh", "公众号"), ("zhanhui", "展会")] {
        browser.go(&format!("/apps/inn/forms/{form}/new")).await;
        browser.fill("Name", typed).await;
        opens(&browser).await;
        browser.keys(typed).await;
        assert!(
            browser.until(async || browser.script(list).await[0] == json!(found)).await,
            "{typed}: {}",
            browser.script(list).await
        );
        browser.keys(Key::Enter + "").await;
        browser.part("#at-channel").sees(found).await;
        browser.click("Save").await;
        browser.sees("Saved").await;
    }
    browser.go(&format!("/apps/inn/forms/{form}/new")).await;
    opens(&browser).await;
    let begins = async || {
        let all = browser.script(list).await;
        let all = all.as_array().cloned().unwrap_or_default();
        all.len() == 9 && all[..3] == [json!("展会"), json!("公众号"), json!("直播")]
    };
    assert!(browser.until(begins).await, "{}", browser.script(list).await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Opens the list of channels; its search has the focus.
async fn opens(browser: &Browser) {
    browser.click_at("#at-channel button").await;
    let searched = "return document.activeElement?.closest(':popover-open') !== null && document.activeElement.tagName === 'INPUT'";
    assert!(browser.until(async || browser.script(searched).await == true).await, "the search has no focus");
}

/// Whoever types pinyin finds forms, apps and pages from anywhere, by initials and spelled out.
#[tokio::test]
async fn names_are_found_by_pinyin_from_anywhere() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "zh-CN"})).await.ok();
    admin.post("/apps", json!({"key": "sales", "label": "销售管理"})).await.created();
    let quote = json!({"key": "quote", "label": "报价单", "fields": [
        {"key": "name", "label": "名称", "kind": "text"}]});
    let quote = admin.post("/apps/sales/forms", quote).await.created();
    let form = format!("/apps/sales/forms/{}", quote["id"].as_str().unwrap());
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let there = "return location.pathname";
    for (typed, named, leads) in [
        ("bjd", "报价单", form.as_str()),
        ("baojiadan", "报价单", form.as_str()),
        ("xsgl", "销售管理", "/apps/sales"),
        ("mbzx", "模板中心", "/templates"),
    ] {
        browser.go("/").await;
        browser.part("nav").sees("待办").await;
        browser.keys(Key::Control + "k").await;
        let palette = browser.part(".palette");
        palette.type_at("input", typed).await;
        palette.sees(named).await;
        // The form itself, and not the way to fill it in.
        let option = format!(
            "[...document.querySelectorAll('.palette [role=option]')].find(it => it.innerText.trim().startsWith('{named}'))"
        );
        let is_there = format!("return {option} !== undefined");
        assert!(browser.until(async || browser.script(&is_there).await == true).await, "{typed}");
        browser.script(&format!("{option}.click()")).await;
        assert!(
            browser.until(async || browser.script(there).await == leads).await,
            "{typed}: {}",
            browser.script(there).await
        );
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
