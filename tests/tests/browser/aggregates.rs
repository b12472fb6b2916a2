//! An aggregate table as its designer and its readers see it: made by mouse, its numbers asked for what made them.

use serde_json::json;
use tests::design::{form, number, text};
use tests::{Browser, Database, Server, Workspace};

#[tokio::test]
async fn a_table_is_designed_and_its_numbers_say_what_made_them() {
    let server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Shop").await;
    let sale =
        app.form(form("sale", [text("shop"), number("qty", 0)]).with("title", "{shop} sells {qty}")).await;
    for (shop, qty) in [("North", 2), ("North", 5), ("South", 3)] {
        sale.add(json!({"shop": shop, "qty": qty})).await;
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/{}", app.key)).await;
    browser.click("Aggregate tables").await;
    browser.sees("No aggregate tables yet").await;
    browser.click("New aggregate table").await;

    // What is missing is said where it is, and nothing typed is lost.
    browser.find("[name=label]").await;
    let written = async |name: &str, value: &str| {
        let script = format!(
            "const input = document.querySelector('[name={name}]'); input.value = '{value}'; \
             input.dispatchEvent(new Event('input', {{bubbles: true}})); \
             input.dispatchEvent(new Event('change', {{bubbles: true}})); return true"
        );
        browser.script(&script).await
    };
    written("label", "Pieces by shop").await;
    written("key", "pieces").await;
    written("dimension_label", "Shop").await;
    browser.click("Save").await;
    browser.find(".banner.danger").await;

    browser.click("Add a source").await;
    let source = browser.part("[data-source='0']");
    source.choose("Shop", "shop").await;
    source.click("Add a measure").await;
    source.choose("Function", "Sum").await;
    source.choose("Field", "qty").await;
    written("measure_label", "Pieces").await;
    browser.click("Save").await;

    browser.sees("North").await;
    browser.sees("7").await;
    browser.click_at("tbody tr:first-child .cell-link").await;
    let drawer = browser.part(".behind-drawer");
    drawer.sees("Made of these records").await;
    drawer.sees("North sells 2").await;
    drawer.sees("North sells 5").await;
    assert!(!drawer.shows("South sells 3").await);
    drawer.click("Close").await;
    browser.gone(".behind-drawer").await;

    // Before there was a record there was nothing.
    browser.enter("As of the end of", "2020-01-01").await;
    browser.sees("No record counts").await;
    browser.click("Aggregate tables").await;
    browser.sees("Pieces by shop").await;
    browser.click("Check all").await;
    browser.sees("1 table was checked").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
