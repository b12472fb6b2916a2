//! The settings of steps, set by a person: the flow that the API gives afterwards is what was set, and what is not whole yet is
//! told at its step.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

use crate::flow_editor::{LAST, add, take, text};

/// A form for requests, one for orders that other flows start, and somebody in finance.
struct Requests {
    form: String,
    page: String,
}

async fn made(admin: &Client, app: &str, document: Value) -> String {
    let form = admin.post(&format!("/apps/{app}/forms"), document).await.created();
    let form = text(&form["id"]);
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    form
}

async fn requests(admin: &Client) -> Requests {
    admin.post("/roles", json!({"key": "FIN", "name": "Finance"})).await.created();
    let fred = json!({"email": "fred@example.com", "name": "Fred", "password": "a long enough password",
        "roles": ["FIN"]});
    admin.post("/members", fred).await.created();
    let app = text(&admin.post("/apps", json!({"label": "Office", "key": "office"})).await.created()["id"]);
    let order = json!({"format": 1, "key": "order", "label": "Order", "title": "{title}", "fields": [
        {"key": "title", "label": "Title", "kind": "text"},
        {"key": "pieces", "label": "Pieces", "kind": "number"},
        {"key": "result", "label": "Result", "kind": "text"}]});
    made(admin, &app, order).await;
    let request = json!({"format": 1, "key": "request", "label": "Request", "title": "{name}", "fields": [
        {"key": "name", "label": "Subject", "kind": "text"},
        {"key": "amount", "label": "Amount", "kind": "number"},
        {"key": "due", "label": "Due", "kind": "date"},
        {"key": "answer", "label": "Answer", "kind": "text"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "qty", "label": "Quantity", "kind": "number"},
            {"key": "came", "label": "Came", "kind": "text"}]}}]});
    let form = made(admin, &app, request).await;
    Requests { page: format!("/apps/office/forms/{form}/flow"), form }
}

/// A browser on the page of the flow, with one approval of finance.
async fn begun(server: &Server, page: &str) -> Browser {
    let browser = Browser::open(server).await;
    browser.sign_in().await;
    browser.go(page).await;
    browser.click("Add the first approval step").await;
    browser.enter("Step name", "Finance").await;
    take(&browser, "Who approves", "Finance").await;
    browser.gone(".step.bad").await;
    browser
}

/// Waits until a member of a step in the stored draft is this.
async fn stored(browser: &Browser, admin: &Client, form: &str, place: &str, wanted: &Value) {
    let read = async || {
        let draft = admin.get(&format!("/forms/{form}/flow/draft")).await.ok();
        draft.pointer(place).cloned().unwrap_or_default()
    };
    let came = browser.until(async || read().await == *wanted).await;
    assert!(came, "at {place} stands {}, not {wanted}", read().await);
}

async fn ended(browser: Browser, server: Server) {
    browser.gone(".step.bad, .fork-label.bad").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn deadlines_are_set_by_the_time_that_passes_and_by_a_date() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    browser.click("Deadlines").await;

    // Two days of working time: they are reminded, and finance too.
    browser.click("Add a deadline").await;
    let first = browser.part("[aria-label='Deadline 1']");
    first.enter("How long", "2").await;
    first.choose("Unit", "days").await;
    first.tick("Working time only").await;
    take(&browser, "Remind others too", "Finance").await;
    let reminds = json!({"after": "P2D", "working_time": true, "do": {"remind": [{"roles": ["FIN"]}]}});
    stored(&browser, &admin, &form, "/steps/0/deadlines", &json!([reminds])).await;

    // A day before a date it is handed on. Without the date it is not whole.
    browser.click("Add a deadline").await;
    let second = browser.part("[aria-label='Deadline 2']");
    second.click("By a date").await;
    browser.find(".step.bad").await;
    browser.part(".problems").sees("Finance").await;
    second.choose("Which date", "Due").await;
    second.click("Before").await;
    second.choose("What happens then", "Transfer to somebody").await;
    second.choose("To whom", "Finance").await;
    browser.gone(".step.bad").await;
    let hands = json!({"at": {"field": "due", "offset": "-P1D"}, "do": {"transfer": {"roles": ["FIN"]}}});
    stored(&browser, &admin, &form, "/steps/0/deadlines", &json!([reminds, hands])).await;

    // One that is taken away is gone.
    browser.click("Remove deadline 1").await;
    stored(&browser, &admin, &form, "/steps/0/deadlines", &json!([hands])).await;
    ended(browser, server).await;
}

#[tokio::test]
async fn actions_are_switched_off_and_named_and_a_step_has_checks_of_its_own() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    let side = browser.part(".flow-side");
    side.click("Actions").await;
    side.tick("Transfer").await;
    side.enter("What “Return” is called", "Push back").await;
    // What is done to the request while it waits there, too.
    side.tick("Remind").await;
    side.enter("What “Comment” is called", "Ask").await;
    let mut actions = json!({"transfer": false, "return": {"label": "Push back"}, "urge": false,
        "comment": {"label": "Ask"}});
    stored(&browser, &admin, &form, "/steps/0/actions", &actions).await;
    side.tick("Transfer").await;
    actions.as_object_mut().unwrap().remove("transfer");
    stored(&browser, &admin, &form, "/steps/0/actions", &actions).await;
    side.click("Only these").await;
    stored(&browser, &admin, &form, "/steps/0/return_to", &json!(["start"])).await;

    side.click("Validation").await;
    side.click("Add a rule").await;
    side.enter("What must be true", "Amount > 0").await;
    side.enter("Error message", "Nothing was asked for").await;
    let checks = json!([{"key": "check_1", "formula": "amount > 0", "message": "Nothing was asked for"}]);
    stored(&browser, &admin, &form, "/steps/0/validate", &checks).await;
    ended(browser, server).await;
}

#[tokio::test]
async fn a_delay_waits_for_a_length_of_time_or_for_a_date() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    add(&browser, LAST, "delay").await;
    browser.enter("Step name", "Wait").await;
    let side = browser.part(".flow-side");
    side.enter("How long", "3").await;
    side.choose("Unit", "hours").await;
    stored(&browser, &admin, &form, "/steps/1/for", &json!("PT3H")).await;
    side.click("A date").await;
    browser.find(".step.bad").await;
    browser.part(".problems").sees("Wait").await;
    side.choose("Which date", "Due").await;
    browser.gone(".step.bad").await;
    side.click("After").await;
    side.enter("How long", "2").await;
    stored(&browser, &admin, &form, "/steps/1/until", &json!({"field": "due", "offset": "P2D"})).await;
    stored(&browser, &admin, &form, "/steps/1/for", &Value::Null).await;
    ended(browser, server).await;
}

#[tokio::test]
async fn a_flow_of_another_form_is_started_for_each_row_with_values_both_ways() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    add(&browser, LAST, "subflow").await;
    browser.enter("Step name", "Order each").await;
    let side = browser.part(".flow-side");
    // Until a form is named it is not whole.
    browser.find(".step.bad").await;
    browser.part(".problems").sees("Order each").await;
    side.choose("Form of the subflow", "Order").await;
    browser.gone(".step.bad").await;
    side.choose("For each row of", "Lines").await;
    // What is called otherwise is said.
    side.choose("Values passed in", "Title").await;
    side.choose("Where “Title” comes from", "Lines / Item").await;
    side.choose("Values passed in", "Pieces").await;
    side.choose("Where “Pieces” comes from", "Lines / Quantity").await;
    side.choose("Values returned", "Lines / Came").await;
    side.choose("Where “Lines / Came” comes from", "Result").await;
    browser.gone(".step.bad").await;
    let step = |member: &str| format!("/steps/1/{member}");
    stored(&browser, &admin, &form, &step("form"), &json!("order")).await;
    stored(&browser, &admin, &form, &step("for_each"), &json!("lines")).await;
    stored(&browser, &admin, &form, &step("wait"), &json!(true)).await;
    let there = json!({"title": "lines.item", "pieces": "lines.qty"});
    stored(&browser, &admin, &form, &step("map_in"), &there).await;
    stored(&browser, &admin, &form, &step("map_out"), &json!({"lines.came": "result"})).await;

    // What is not waited for brings nothing back.
    side.tick("Wait until it ends").await;
    side.sees_no_more("Values returned").await;
    stored(&browser, &admin, &form, &step("map_out"), &Value::Null).await;
    side.click("Leave out “Pieces”").await;
    stored(&browser, &admin, &form, &step("map_in"), &json!({"title": "lines.item"})).await;
    ended(browser, server).await;
}

#[tokio::test]
async fn an_action_sets_fields_and_makes_a_record() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    add(&browser, LAST, "action").await;
    browser.enter("Step name", "Book").await;
    let side = browser.part(".flow-side");
    side.choose("What it does", "Set fields of this record").await;
    side.choose("What is set", "Answer").await;
    side.enter("Answer", "yes").await;
    let sets = json!({"kind": "set", "set": {"answer": "yes"}});
    stored(&browser, &admin, &form, "/steps/1/action", &sets).await;

    // A record of another form: which, and with what, one of it by a formula over this record.
    side.choose("What it does", "Create a record").await;
    browser.find(".step.bad").await;
    browser.part(".problems").sees("Book").await;
    side.choose("Which form", "Order").await;
    side.choose("What is set", "Title").await;
    side.enter("Title", "From a request").await;
    side.choose("What is set", "Pieces").await;
    browser.part(".flow-side [role=group][aria-label=Pieces]").click("A formula").await;
    side.enter("Pieces", "Amount * 2").await;
    browser.gone(".step.bad").await;
    side.tick("New records start their own flow").await;
    let makes = json!({"kind": "create", "form": "order", "start_flow": false,
        "set": {"title": "From a request", "pieces": {"formula": "amount * 2"}}});
    stored(&browser, &admin, &form, "/steps/1/action", &makes).await;
    ended(browser, server).await;
}

#[tokio::test]
async fn a_call_brings_headers_and_content_and_a_message_goes_by_mail_alone() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    add(&browser, LAST, "action").await;
    browser.enter("Step name", "Tell").await;
    let side = browser.part(".flow-side");
    side.choose("What it does", "Call a webhook").await;
    browser.find(".step.bad").await;
    side.choose("Method", "PUT").await;
    side.enter("Address", "https://erp.example.com/requests/").await;
    side.choose("Insert a field into the address", "Subject").await;
    side.enter("Headers", "X-Source: formwork").await;
    // What is no JSON is told, and not kept.
    side.enter("Content (JSON)", "{\"amount\": ").await;
    side.sees("This is no JSON yet").await;
    side.enter("Content (JSON)", "{\"sum\": {\"field\": \"amount\"}}").await;
    side.sees_no_more("This is no JSON yet").await;
    side.choose("Insert a field into the content", "Due").await;
    browser.gone(".step.bad").await;
    let calls = json!({"kind": "call", "method": "PUT", "url": "https://erp.example.com/requests/{name}",
        "headers": {"X-Source": "formwork"}, "body": {"sum": {"field": "amount"}, "due": {"field": "due"}}});
    stored(&browser, &admin, &form, "/steps/1/action", &calls).await;

    side.choose("What it does", "Send a message").await;
    browser.find(".step.bad").await;
    take(&browser, "To", "Finance").await;
    side.enter("Title", "Decided: {name}").await;
    browser.gone(".step.bad").await;
    side.tick("In the product").await;
    let tells = json!({"kind": "notify", "to": [{"roles": ["FIN"]}], "title": "Decided: {name}",
        "channels": ["mail"]});
    stored(&browser, &admin, &form, "/steps/1/action", &tells).await;
    ended(browser, server).await;
}

/// What people may do with the fields at a step is told where a trial has come to it.
#[tokio::test]
async fn a_trial_tells_the_fields_of_each_step() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { page, .. } = requests(&admin).await;
    let browser = begun(&server, &page).await;
    browser.click("Fields").await;
    browser.tick("Answer: Must").await;
    browser.tick("Amount: Hide").await;
    browser.part(".top").click("Try it").await;
    browser.part(".flow-trial").click("Go").await;
    browser.click_at(".flow-trial li.now details.why > summary").await;
    let here = browser.part(".flow-trial li.now details.why");
    here.sees("Must Answer").await;
    here.sees("Hide Amount").await;
    // Whoever submits sets all of them.
    browser.part(".flow-trial .timeline > li:first-child").click("Fields").await;
    browser.part(".flow-trial .timeline > li:first-child").sees("Edit Subject, Amount, Due").await;
    ended(browser, server).await;
}

/// Moves the focus until it is on a control that says this.
async fn keys_to(browser: &Browser, back: bool, says: &str) {
    let here = format!(
        "const now = document.activeElement; return [now?.innerText?.trim(), now?.ariaLabel].includes({})",
        json!(says)
    );
    for _ in 0..150 {
        if browser.script(&here).await == true {
            return;
        }
        match back {
            true => browser.keys(Key::Shift + Key::Tab).await,
            false => browser.keys(Key::Tab + "").await,
        }
    }
    panic!("no way of the focus leads to `{says}`");
}

/// Opens the list that the focus is on, and takes the option that begins with a text: by the search where there is one.
async fn pick_by_keys(browser: &Browser, option: &str) {
    browser.keys(Key::Enter + "").await;
    browser.find(".menu:popover-open :is(.menu-search input, [role=option]):focus").await;
    if browser.script("return !!document.activeElement.closest('.menu-search')").await == true {
        browser.keys(option).await;
        // The key takes the first that is found.
        let first = format!(
            "return document.querySelector('.menu:popover-open [role=option]')?.innerText.trim().startsWith({}) ?? false",
            json!(option)
        );
        assert!(
            browser.until(async || browser.script(&first).await == true).await,
            "`{option}` is not found"
        );
    } else {
        let here = format!("return document.activeElement.innerText.trim().startsWith({})", json!(option));
        for _ in 0..30 {
            if browser.script(&here).await == true {
                break;
            }
            browser.keys(Key::Down + "").await;
        }
        assert_eq!(browser.script(&here).await, true, "there is no option `{option}`");
    }
    browser.keys(Key::Enter + "").await;
    browser.gone(".menu:popover-open").await;
}

/// A condition is made, the flow is tried out and walked to its end by nothing but keys.
#[tokio::test]
async fn a_condition_is_made_and_tried_by_keyboard() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let Requests { form, page } = requests(&admin).await;
    let large = json!({"fields": {"name": "Fair", "amount": "20000"}});
    admin.post(&format!("/forms/{form}/records"), large).await.created();
    let steps = json!([{"kind": "branch", "key": "which", "label": "Which", "mode": "exclusive",
        "arms": [{"key": "large", "label": "Large", "when": {"any": []},
            "steps": [{"kind": "approve", "key": "boss", "label": "Boss", "who": [{"submitter": true}]}]}],
        "default": {"steps": []}}]);
    let flow = json!({"format": 1, "label": "Request", "steps": steps});
    admin.put(&format!("/forms/{form}/flow/draft"), "\"0\"", flow).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&page).await;
    browser.find(".when-box.bad").await;

    // From the arm to its settings, and through the parts of a condition.
    let arm = "return document.activeElement?.matches('.when-box[title=Large]') ?? false";
    for _ in 0..150 {
        if browser.script(arm).await == true {
            break;
        }
        browser.keys(Key::Tab + "").await;
    }
    browser.keys(Key::F2 + "").await;
    browser.find(".flow-side [name=arm-label]:focus").await;
    keys_to(&browser, false, "Field").await;
    pick_by_keys(&browser, "Amount").await;
    keys_to(&browser, false, "Comparison").await;
    pick_by_keys(&browser, "is above").await;
    keys_to(&browser, false, "Value").await;
    browser.keys("10000").await;
    browser.sees("Amount > 10,000").await;
    browser.gone(".when-box.bad").await;
    let when = json!({"all": [{"field": "amount", "op": "gt", "value": "10000"}]});
    stored(&browser, &admin, &form, "/steps/0/arms/0/when", &when).await;
    keys_to(&browser, false, "Try it on a record").await;
    browser.keys(Key::Enter + "").await;
    browser.part(".flow-side").sees("1 of the newest 1 match").await;

    // The trial: opened, walked, and closed.
    keys_to(&browser, true, "Try it").await;
    browser.keys(Key::Enter + "").await;
    browser.find(".flow-trial").await;
    keys_to(&browser, false, "Go").await;
    browser.keys(Key::Enter + "").await;
    browser.part(".flow-trial").sees("Takes “Large”").await;
    keys_to(&browser, false, "Approve").await;
    browser.keys(Key::Enter + "").await;
    browser.part(".flow-trial .timeline > li:last-child").sees("Approved").await;
    browser.gone(".flow-trial li.now").await;
    ended(browser, server).await;
}
