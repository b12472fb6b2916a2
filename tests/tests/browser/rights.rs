//! What people may do with a record shows before they try it: records that are not theirs to change, records whose
//! approval runs.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

const CLERK: &str = "clerk@example.com";

async fn form(admin: &Client, document: Value, groups: &[Value]) -> String {
    let form = admin.post("/apps/office/forms", document).await.created();
    let id = form["id"].as_str().unwrap().to_owned();
    for group in groups {
        admin.post(&format!("/forms/{id}/permissions"), group.clone()).await.created();
    }
    id
}

#[tokio::test]
async fn what_one_may_not_change_does_not_look_as_if() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    let clerk = admin.post("/members", member).await.created();
    let everyone = json!({"everyone": true});
    let readers = json!({"format": 1, "key": "readers", "label": "Readers", "who": everyone,
        "operations": ["view", "create"], "fields": {"*": "read"}});
    let owners = json!({"format": 1, "key": "owners", "label": "Owners", "who": everyone,
        "operations": ["view", "edit", "delete"], "fields": {"*": "edit"},
        "rows": {"field": "$owner", "op": "eq", "value": {"var": "me"}}});
    let note = json!({"key": "note", "label": "Note", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let note = form(&admin, note, &[readers, owners]).await;
    let request = json!({"key": "request", "label": "Request", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let request = form(&admin, request, &[]).await;
    let steps =
        json!([{"kind": "approve", "key": "clerk", "label": "Clerk", "who": [{"members": [clerk["id"]]}]}]);
    let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": steps});
    admin.put(&format!("/forms/{request}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{request}/flow/publish"), json!({})).await.ok();
    let add = async |who: &Client, form: &str, name: &str| {
        let body = json!({"fields": {"name": name}});
        who.post(&format!("/forms/{form}/records"), body).await.created()["id"].as_str().unwrap().to_owned()
    };
    add(&admin, &note, "Theirs").await;
    add(&server.sign_in(CLERK, ADMIN_PASSWORD).await, &note, "Mine").await;
    let asked = add(&admin, &request, "Chairs").await;
    let readable = json!({"key": "rule", "label": "Rule", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let only_read = json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
        "operations": ["view"], "fields": {"*": "read"}});
    let rules = form(&admin, readable, &[only_read]).await;

    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    // The address of the new record is no way round.
    browser.go(&format!("/apps/office/forms/{rules}/new")).await;
    browser.sees("You may not add records here").await;
    browser.gone("main .save-bar").await;
    browser.gone("main input").await;
    browser.click("To the list").await;
    // The empty list asks nobody for what they may not do.
    browser.sees("No records to see yet").await;
    browser.sees("You may read this list, but not add to it").await;
    browser.gone(".empty button").await;
    browser.go(&format!("/apps/office/forms/{note}")).await;
    rows_that_are_not_ones_own_are_marked(&browser).await;
    browser.go("/inbox").await;
    browser.part(".inbox-cards").sees("Chairs").await;
    sign_out(&browser).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{request}/records/{asked}")).await;
    a_record_in_approval_warns_and_asks(&browser).await;
    let left = server.sign_in(CLERK, ADMIN_PASSWORD).await.get("/tasks?box=todo").await.ok();
    assert_eq!(left["items"], json!([]));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn who_may_see_no_app_reads_whom_to_ask() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let note =
        json!({"key": "note", "label": "Note", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    form(&admin, note, &[]).await;
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.part("main").sees("Ask Ada to let you into the apps of your team.").await;
    browser.gone("main a.btn[href='/templates']").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_linked_title_opens_its_record_where_one_may_see_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    let clerk = admin.post("/members", member).await.created();
    let readers = |rows: Value| {
        json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
            "operations": ["view"], "fields": {"*": "read"}, "rows": rows})
    };
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let open = json!({"field": "name", "op": "eq", "value": "Acme"});
    let customer = form(&admin, customer, &[readers(open)]).await;
    let visit = json!({"key": "visit", "label": "Visit", "title": "{topic}", "fields": [
        {"key": "topic", "label": "Topic", "kind": "text"},
        {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}}]});
    let all = json!({"field": "topic", "op": "not_empty"});
    // What somebody owns they may change.
    let owners = json!({"format": 1, "key": "owners", "label": "Owners", "who": {"everyone": true},
        "operations": ["view", "edit"], "fields": {"*": "edit"},
        "rows": {"field": "$owner", "op": "eq", "value": {"var": "me"}}});
    let visit = form(&admin, visit, &[readers(all), owners]).await;
    let add = async |form: &str, fields: Value| {
        let made = admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
        made["id"].as_str().unwrap().to_owned()
    };
    let (acme, hidden) =
        (add(&customer, json!({"name": "Acme"})).await, add(&customer, json!({"name": "Globex"})).await);
    let seen = add(&visit, json!({"topic": "Lunch", "customer": acme})).await;
    let closed = add(&visit, json!({"topic": "Tea", "customer": hidden})).await;
    let own = json!({"fields": {"topic": "Own", "customer": hidden}, "system": {"owner": clerk["id"]}});
    let own = admin.post(&format!("/forms/{visit}/records"), own).await.created();
    let own = own["id"].as_str().unwrap().to_owned();

    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{visit}/records/{closed}")).await;
    browser.sees("Tea").await;
    browser.gone("output a").await;
    // What one may not see says so, in the record and in the list.
    browser.sees("No access").await;
    browser.go(&format!("/apps/office/forms/{visit}")).await;
    browser.part("[role=grid]").sees("No access").await;
    // Where one may choose another, too.
    browser.go(&format!("/apps/office/forms/{visit}/records/{own}")).await;
    browser.part("button.input").sees("No access").await;
    browser.go(&format!("/apps/office/forms/{visit}/records/{seen}")).await;
    browser.click("Acme").await;
    let address = format!("/apps/office/forms/{customer}/records/{acme}");
    let arrived = async || browser.script("return location.pathname").await == json!(address);
    assert!(browser.until(arrived).await, "the linked record is not opened");
    // What was chosen and not saved is called by its title when it comes back: the record came with another one.
    browser.go(&format!("/apps/office/forms/{visit}/records/{own}")).await;
    browser.part("button.input").sees("No access").await;
    browser.choose("Customer", "Acme").await;
    browser.part("button.input").sees("Acme").await;
    browser.crash().await;
    browser.go(&format!("/apps/office/forms/{visit}/records/{own}")).await;
    browser.part("button.input").sees("No access").await;
    browser.click("Continue").await;
    browser.part("button.input").sees("Acme").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_dashboard_leaves_out_what_one_may_not_see() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let input = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post("/templates/inventory/install", input).await).await;
    assert_eq!(job["state"], "done", "{job}");
    let keeper = json!({"email": "wh@example.com", "name": "Kim", "password": ADMIN_PASSWORD, "roles": ["WH"],
        "language": "en"});
    admin.post("/members", keeper).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as("wh@example.com", ADMIN_PASSWORD).await;
    browser.go("/apps/inventory/dashboards/stock").await;
    let page = browser.part("main");
    page.sees("Products to reorder").await;
    page.sees("2 cards are left out").await;
    browser.find("[data-tile=by_warehouse]").await;
    for tile in ["receipts_by_month", "shipments_by_month"] {
        browser.gone(&format!("[data-tile={tile}]")).await;
    }
    browser.gone("[data-tile][aria-busy=true]").await;
    let cards = "return [...document.querySelectorAll('[data-tile]')].map(card => card.innerText).join()";
    let said = browser.script(cards).await.to_string();
    assert!(!said.contains("You may not see"), "a card without data: {said}");
    // What is left closes up: the lowest card begins where the one above it ends.
    let gap = "const [above, below] = ['low_stock', 'orders_in_approval'].map(tile =>\
         document.querySelector(`[data-tile=${tile}]`).getBoundingClientRect());\
         return below.top - above.bottom";
    let closes_up = async || browser.script(gap).await.as_f64().unwrap() < 40.0;
    assert!(browser.until(closes_up).await, "a gap of {} pixels", browser.script(gap).await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn rows_that_are_not_ones_own_are_marked(browser: &Browser) {
    browser.part("[role=grid] tbody tr:has(.row-lock)").sees("Theirs").await;
    browser.part("[role=grid] tbody tr[role=row]:not(:has(.row-lock))").sees("Mine").await;
    let drawer = browser.part(".drawer");
    browser.part("[role=grid] tbody").click_at("tr:has(.row-lock) td.title").await;
    drawer.sees("You can read this record, but not change it.").await;
    drawer.gone("input").await;
    drawer.gone("button[aria-label='More actions']").await;
    browser.part("[role=grid] tbody").click_at("tr[role=row]:not(:has(.row-lock)) td.title").await;
    drawer.input("Name").await;
    drawer.find("button[aria-label='More actions']").await;
}

async fn a_record_in_approval_warns_and_asks(browser: &Browser) {
    browser.part(".banner.warning").sees("An approval is running").await;
    browser.part(".record").enter("Name", "Two chairs").await;
    browser.click("Save").await;
    browser.sees("Saved").await;
    browser.part(".banner.warning").sees("see at once").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Delete").await;
    browser.dialog().sees("Its approval is not over.").await;
    browser.dialog().click("Delete").await;
    browser.sees("Deleted").await;
}

async fn sign_out(browser: &Browser) {
    browser.go("/").await;
    browser.click_at(".nav-foot button[aria-haspopup=menu]").await;
    browser.click("Sign out").await;
    browser.find("input[type=password]").await;
}

/// Whose a record is stands on it; who may gives it to somebody else, and who may not is not asked.
#[tokio::test]
async fn a_record_says_whose_it_is_and_is_given_to_somebody_else() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    let clerk = admin.post("/members", member).await.created();
    let editors = json!({"format": 1, "key": "editors", "label": "Editors", "who": {"everyone": true},
        "operations": ["view", "edit", "delete"], "fields": {"*": "edit"}});
    let visit = json!({"key": "visit", "label": "Visit", "title": "{topic}", "fields": [
        {"key": "topic", "label": "Topic", "kind": "text"}]});
    let visit = form(&admin, visit, &[editors]).await;
    let made = json!({"fields": {"topic": "Lunch"}});
    let made = admin.post(&format!("/forms/{visit}/records"), made).await.created();
    let address = format!("/apps/office/forms/{visit}/records/{}", made["id"].as_str().unwrap());

    let browser = Browser::open(&server).await;
    browser.sign_in_as("admin@example.com", ADMIN_PASSWORD).await;
    browser.go(&address).await;
    browser.part(".record").sees("Owner Ada").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").click("Change owner").await;
    browser.dialog().choose("New owner", "Cleo").await;
    browser.dialog().click("Change owner").await;
    browser.sees("This record is Cleo’s now").await;
    browser.part(".record").sees("Owner Cleo").await;
    let now = admin.get(&format!("/forms/{visit}/records/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!(now["system"]["owner"], clerk["id"]);
    // In the list's drawer, too.
    browser.go(&format!("/apps/office/forms/{visit}")).await;
    browser.part("[role=grid] tbody").click_at("td.title").await;
    browser.part(".drawer").sees("Owner Cleo").await;

    sign_out(&browser).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go(&address).await;
    browser.part(".record").sees("Owner Cleo").await;
    browser.click("More actions").await;
    browser.part(".menu:popover-open").sees("Delete").await;
    browser.part(".menu:popover-open").sees_no_more("Change owner").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A figure over records that one does not see is read by the right on the field that shows it.
#[tokio::test]
async fn a_figure_shows_without_the_records_under_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let member = json!({"email": CLERK, "name": "Cleo", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let readers = json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
        "operations": ["view"], "fields": {"*": "read"}});
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let customer = form(&admin, customer, &[readers]).await;
    let order = json!({"key": "order", "label": "Order", "fields": [
        {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 2}}]});
    let order = form(&admin, order, &[]).await;
    let base = admin.get(&format!("/forms/{customer}/draft")).await.ok()["base"].clone();
    let total = json!({"key": "total", "label": "Ordered", "kind": "rollup",
        "options": {"form": "order", "link": "customer", "fn": "sum", "field": "amount"}});
    let twice = json!({"key": "twice", "label": "Twice", "kind": "formula",
        "options": {"formula": "total * 2", "type": "number", "scale": 2}});
    let edits = json!([{"do": "add_field", "field": total}, {"do": "add_field", "field": twice}]);
    admin.post(&format!("/forms/{customer}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
    admin.post(&format!("/forms/{customer}/publish"), json!({})).await.ok();
    let acme = json!({"fields": {"name": "Acme"}});
    let acme = admin.post(&format!("/forms/{customer}/records"), acme).await.created();
    let bought = json!({"fields": {"customer": acme["id"], "amount": "17.50"}});
    admin.post(&format!("/forms/{order}/records"), bought).await.created();

    let browser = Browser::open(&server).await;
    browser.sign_in_as(CLERK, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{customer}")).await;
    browser.sees("17.50").await;
    browser.sees("35.00").await;
    browser.go(&format!("/apps/office/forms/{customer}/records/{}", acme["id"].as_str().unwrap())).await;
    browser.part("#at-total").sees("17.50").await;
    browser.part("#at-twice").sees("35.00").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
