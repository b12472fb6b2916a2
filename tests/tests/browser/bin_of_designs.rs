//! What people design on its way into the recycle bin and back: the question that names what stands on it, and the page on which
//! everything is found again.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};

/// An app with a form of sales, of which each has a day and an amount.
async fn shop(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let sale = json!({"key": "sale", "label": "Sale", "fields": [
        {"key": "day", "label": "Day", "kind": "date"},
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 0}}]});
    admin.post("/apps/shop/forms", sale).await.created()["id"].as_str().unwrap().to_owned()
}

async fn board(admin: &Client, key: &str, label: &str, more: Value) -> String {
    let mut tile = json!({"key": "net", "label": "Sales", "at": [0, 0, 6, 5], "kind": "figure", "source": "sale",
        "measures": [{"key": "net", "fn": "sum", "field": "amount"}]});
    tile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let document = json!({"format": 1, "key": key, "label": label, "tiles": [tile]});
    admin.post("/apps/shop/dashboards", document).await.created()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_form_is_deleted_once_its_name_is_typed() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let sale = shop(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{sale}/design")).await;
    browser.part(".canvas").sees("Amount").await;
    browser.part(".pane.right").click("Delete the form").await;
    let dialog = browser.dialog();
    dialog.sees("Delete the form “Sale”?").await;
    // Pressed at once it only says what is missing.
    dialog.click("Delete the form").await;
    dialog.sees("Type “Sale” to confirm").await;
    admin.get(&format!("/forms/{sale}")).await.ok();
    dialog.fill("Type “Sale” to confirm", "Sale").await;
    dialog.click("Delete the form").await;
    browser.part(".toasts").sees("Form deleted").await;
    browser.gone(".canvas").await;
    admin.get(&format!("/forms/{sale}")).await.refused(404, "not_found");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_dashboard_is_deleted_and_found_again_in_the_bin() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    shop(&admin).await;
    let sales = board(&admin, "sales", "Sales board", json!({})).await;
    board(&admin, "other", "Other board", json!({})).await;
    admin.post("/favourites", json!({"kind": "dashboard", "app": "shop", "target": sales})).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/dashboards/{sales}")).await;
    browser.find("[data-tile=net]").await;
    // What deletes is no press away from what one presses every day.
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Delete the dashboard").await;
    browser.dialog().sees("Delete “Sales board”?").await;
    browser.dialog().sees("One member has it among the favourites").await;
    browser.dialog().click("Delete").await;
    browser.part(".toasts").sees("“Sales board” is in the recycle bin").await;
    browser.gone("dialog[open]").await;

    // Others took its key in the meantime, and more was deleted.
    let second = board(&admin, "sales", "Newer board", json!({})).await;
    for key in ["third", "fourth"] {
        let id = board(&admin, key, &format!("The {key}"), json!({})).await;
        admin.delete(&format!("/dashboards/{id}"), 1).await.with_status(204);
    }
    browser.go("/settings/bin").await;
    let bin = browser.part(".bin");
    bin.sees("Dashboard · Shop · Deleted by ").await;
    browser.part(".bin-filter").choose("Type", "Form").await;
    browser.sees("Nothing in the recycle bin fits").await;
    browser.part(".bin-filter").choose("Type", "Dashboard").await;
    bin.sees("Sales board").await;
    browser.type_at(".bin-filter input[role=searchbox]", "sales").await;
    bin.sees_no_more("The third").await;
    bin.click("Restore Sales board").await;
    bin.sees("Something else has this code by now").await;
    bin.click("Restore as “sales_2” Sales board").await;
    browser.part(".toasts").sees("Restored").await;
    bin.sees_no_more("Sales board").await;
    let back = admin.get(&format!("/dashboards/{sales}")).await.ok();
    assert_eq!(back["document"]["key"], "sales_2");
    admin.get(&format!("/dashboards/{second}")).await.ok();

    // Several at once, on a phone.
    browser.resize(390, 844).await;
    browser.go("/settings/bin").await;
    bin.sees("The third").await;
    browser.tick("Select all").await;
    browser.click("Delete for good (2)").await;
    browser.dialog().sees("Delete 2 things for good?").await;
    browser.dialog().click("Delete for good").await;
    browser.sees("The recycle bin is empty").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Decision 0078: an app is back with what is whole, and the bin says what rests; whoever designs that is led to what is missing.
#[tokio::test]
async fn an_app_that_comes_back_says_which_of_its_forms_rest() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    shop(&admin).await;
    admin.post("/apps", json!({"key": "visits", "label": "Visits"})).await.created();
    let link = json!({"key": "sale", "label": "Sale", "kind": "link", "options": {"form": "shop/sale"}});
    let visit = json!({"key": "visit", "label": "Visit", "fields": [link]});
    let visit = admin.post("/apps/visits/forms", visit).await.created()["id"].as_str().unwrap().to_owned();
    for app in ["visits", "shop"] {
        admin.delete(&format!("/apps/{app}"), 1).await.with_status(204);
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/bin").await;
    browser.part(".bin").click("Restore Visits").await;
    browser.part(".banner.warning").sees("“Visit” names something that is not there and rests").await;
    browser.go("/apps/visits").await;
    browser.part("main").sees("Rests").await;
    browser.go(&format!("/apps/visits/forms/{visit}/design")).await;
    browser.part(".canvas").sees("Sale").await;

    // With what was missing it works again.
    browser.go("/settings/bin").await;
    browser.part(".bin").click("Restore Shop").await;
    browser.part(".toasts").sees("Restored").await;
    browser.go("/apps/visits").await;
    browser.part("main").sees("Visit").await;
    browser.part("main").sees_no_more("Rests").await;
    admin.get(&format!("/forms/{visit}")).await.ok();
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_version_of_a_flow_says_who_goes_by_it_before_it_is_deleted() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let sale = shop(&admin).await;
    let me = admin.get("/me").await.ok()["id"].clone();
    let publish = async |key: &str| {
        let steps = json!([{"key": key, "label": key, "kind": "approve", "who": [{"members": [me]}]}]);
        let flow = json!({"format": 1, "label": "Flow", "start": {"fields": {"*": "edit"}}, "steps": steps});
        admin.put(&format!("/forms/{sale}/flow/draft"), "*", flow).await.ok();
        admin.post(&format!("/forms/{sale}/flow/publish"), json!({})).await.ok();
    };
    publish("first").await;
    publish("second").await;
    admin.post(&format!("/forms/{sale}/records"), json!({"fields": {"amount": 1}})).await.created();
    publish("third").await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{sale}/flow")).await;
    browser.part(".top").click("Versions").await;
    browser.dialog().sees("In use").await;
    let row = |place: usize| format!("dialog[open] tbody tr:nth-child({place}) button:nth-of-type(2)");
    // The newest is in use and has no such button; a request goes on by the one before.
    browser.click_at(&row(2)).await;
    browser.sees("One request goes on by it").await;
    browser.sees("Something stands on it").await;
    browser.click_at("dialog[open] dialog[open] .dialog-foot button").await;
    browser.gone("dialog[open] dialog[open]").await;
    browser.click_at(&row(3)).await;
    browser.sees("It goes to the recycle bin").await;
    browser.click_at("dialog[open] dialog[open] .dialog-foot button.danger").await;
    browser.part(".toasts").sees("is in the recycle bin").await;
    browser.gone("dialog[open] tbody tr:nth-child(3)").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_figure_says_in_words_how_it_stands_to_its_target() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let sale = shop(&admin).await;
    // Periods are counted in the zone of the workspace, where a month can begin before it does elsewhere.
    let zone = admin.get("/workspace").await.ok()["zone"].as_str().unwrap().to_owned();
    let today = jiff::Timestamp::now().in_tz(&zone).unwrap().date();
    for months in 0..3 {
        let day = today.first_of_month().checked_sub(jiff::Span::new().months(months)).unwrap().to_string();
        let fields = json!({"day": day, "amount": 10 * (months + 1)});
        admin.post(&format!("/forms/{sale}/records"), json!({"fields": fields})).await.created();
    }
    let more = json!({"target": "120", "spark": {"field": "day", "unit": "month", "periods": 3}});
    let page = board(&admin, "sales", "Sales board", more).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/dashboards/{page}")).await;
    let tile = browser.part("[data-tile=net]");
    tile.sees("60").await;
    tile.sees("Below target").await;
    tile.sees("50 % of 120").await;
    let label = "return document.querySelector('[data-tile=net] svg.spark').getAttribute('aria-label')";
    let label = browser.script(label).await.as_str().unwrap().to_owned();
    assert!(label.starts_with("The last 3 periods, from ") && label.ends_with(": 10"), "{label}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
