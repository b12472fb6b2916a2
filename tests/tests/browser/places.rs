//! An app is arranged by mouse and by keys, what one wants at hand is kept, the palette does what it offers, and an app gets
//! another name and its end.

use serde_json::{Value, json};
use tests::browser::Dragging;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// An app with three forms.
async fn shop(admin: &Client) {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    for name in ["Orders", "Parcels", "Returns"] {
        let key = name.to_lowercase();
        let fields = json!([{"key": "name", "label": "Name", "kind": "text"}]);
        admin.post("/apps/shop/forms", json!({"key": key, "label": name, "fields": fields})).await.created();
    }
}

/// What the navigation shows of the app, from top to bottom; what stands in a group behind a dash.
const LINES: &str = "return [...document.querySelectorAll('.nav-line')].filter(line => !line.hidden)\
     .map(line => (line.classList.contains('inside') ? '- ' : '') + line.querySelector('.nav-item').innerText.trim())";

async fn reads(browser: &Browser, wanted: &[&str]) {
    let same = browser.until(async || browser.script(LINES).await == json!(wanted)).await;
    assert!(same, "{wanted:?}: {}", browser.script(LINES).await);
}

/// The forms that stand in groups, in the order in which the server keeps them.
async fn kept(admin: &Client) -> Vec<String> {
    let (tree, forms) = (admin.get("/apps/shop/tree").await.ok(), admin.get("/apps/shop/forms").await.ok());
    let name = |entry: &Value| {
        let form = forms["items"].as_array().unwrap().iter().find(|form| form["id"] == entry["id"])?;
        Some(form["label"].as_str().unwrap().to_owned())
    };
    let entries = tree["entries"].as_array().unwrap().iter();
    entries.filter(|entry| entry["within"] != Value::Null).filter_map(name).collect()
}

/// Drags a line to the upper or the lower half of another one.
async fn drag(browser: &Browser, line: &str, onto: &str, below: bool) {
    let line_of = |name: &str| format!(".nav-line:has(> .nav-item[title='{name}'])");
    let place = (40, if below { 85 } else { 15 });
    let says = Dragging { dragged: ".nav-line.gap", lands: ".nav-line[data-lands]" };
    browser.drag(&line_of(line), (&line_of(onto), place), says).await;
}

#[tokio::test]
async fn an_app_is_arranged_and_found_again() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    shop(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/shop").await;
    reads(&browser, &["Orders", "Parcels", "Returns"]).await;
    arranged(&browser, &admin).await;
    at_hand(&browser).await;
    by_the_palette(&browser).await;
    under_another_name(&browser, &admin).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn arranged(browser: &Browser, admin: &Client) {
    drag(browser, "Returns", "Orders", false).await;
    reads(browser, &["Returns", "Orders", "Parcels"]).await;
    browser.part("nav.nav").click("Add to this app").await;
    browser.part(".menu:popover-open").click("New group").await;
    browser.dialog().fill("Name of the group", "Daily").await;
    browser.dialog().click("Save").await;
    reads(browser, &["Returns", "Orders", "Parcels", "Daily"]).await;
    drag(browser, "Orders", "Daily", true).await;
    reads(browser, &["Returns", "Parcels", "Daily", "- Orders"]).await;
    // By keys: into the group from above, through it, and the focus stays.
    browser.script("document.querySelectorAll('.nav-line .nav-item')[1].focus()").await;
    browser.keys(Key::Alt + Key::Down).await;
    reads(browser, &["Returns", "Daily", "- Parcels", "- Orders"]).await;
    let held = "return document.activeElement.innerText.trim()";
    assert!(browser.until(async || browser.script(held).await == "Parcels").await, "the focus is lost");
    browser.keys(Key::Alt + Key::Down).await;
    reads(browser, &["Returns", "Daily", "- Orders", "- Parcels"]).await;
    let is_kept = async || kept(admin).await == ["Orders", "Parcels"];
    assert!(browser.until(is_kept).await, "{:?}", kept(admin).await);
    // Folded groups stay so in this browser, the order for everybody.
    browser.part("nav.nav").click("Daily").await;
    reads(browser, &["Returns", "Daily"]).await;
    browser.driver.refresh().await.unwrap();
    reads(browser, &["Returns", "Daily"]).await;
    browser.part("nav.nav").click("Daily").await;
    reads(browser, &["Returns", "Daily", "- Orders", "- Parcels"]).await;
}

async fn at_hand(browser: &Browser) {
    let star = "const line = [...document.querySelectorAll('.nav-line')].find(line => line.innerText.trim() === 'Parcels'); \
         const star = line.querySelector('.nav-tool'); star.focus(); star.click()";
    browser.script(star).await;
    browser.find(".nav-tool[aria-pressed=true]").await;
    browser.go("/").await;
    browser.sees("Favourites").await;
    browser.part("nav.nav").click("Parcels").await;
    browser.part(".top").sees("Parcels").await;
}

async fn by_the_palette(browser: &Browser) {
    browser.keys(Key::Control + "k").await;
    let palette = browser.part(".palette");
    palette.sees("Favourite").await;
    palette.type_at("input", "switch to d").await;
    palette.sees("Action").await;
    browser.keys(Key::Enter + "").await;
    let theme = "return document.documentElement.getAttribute('data-theme')";
    assert!(browser.until(async || browser.script(theme).await == "dark").await, "it stays light");
    browser.keys(Key::Control + "k").await;
    palette.type_at("input", "delegat").await;
    palette.sees("Delegation").await;
    browser.keys(Key::Enter + "").await;
    browser.part("main").sees("All delegations").await;
}

async fn under_another_name(browser: &Browser, admin: &Client) {
    browser.go("/apps/shop/settings").await;
    browser.fill("Name (English)", "Market").await;
    browser.fill("Name (简体中文)", "集市").await;
    browser.part("main").click("Save").await;
    browser.part("nav.nav .nav-app").sees("Market").await;
    let label = async || admin.get("/apps/shop").await.ok()["label"].clone();
    assert!(
        browser.until(async || label().await == json!({"zh-CN": "集市", "en": "Market"})).await,
        "{}",
        label().await
    );
    browser.part("main").click("Delete app").await;
    let dialog = browser.dialog();
    dialog.click("Delete app").await;
    dialog.sees("Type “Market” to confirm").await;
    dialog.fill("Type “Market” to confirm", "Market").await;
    dialog.click("Delete app").await;
    browser.sees("The app is in the recycle bin").await;
    admin.get("/apps/shop").await.refused(404, "not_found");
}
