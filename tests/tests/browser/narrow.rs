//! Little room: a form on a phone, a long choice in a narrow field of the designer.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const LONG: &str = "A warehouse with a name that is longer than its field is wide";

async fn form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let choices = json!([{"key": "a", "label": LONG, "color": "o3"}, {"key": "b", "label": "Short"}]);
    let form = json!({"key": "request", "label": "Request", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "place", "label": "Place", "kind": "select", "options": {"choices": choices}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text", "required": true},
            {"key": "qty", "label": "Quantity", "kind": "number", "default": "1"}]}}],
        "layout": [{"row": [{"field": "name", "width": 9}, {"field": "place", "width": 3}]},
            {"row": [{"field": "lines", "width": 12}]}]});
    let form: Value = admin.post("/apps/office/forms", form).await.created();
    form["id"].as_str().unwrap().to_owned()
}

/// A new record of the form, on a phone; with the address of its page.
async fn new_record_on_a_phone() -> (Server, Browser, String) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let new = format!("/apps/office/forms/{}/new", form(&admin).await);
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    (server, browser, new)
}

#[tokio::test]
async fn a_draft_is_offered_again_only_where_something_was_entered() {
    let (server, browser, new) = new_record_on_a_phone().await;
    // No keyboard comes up before somebody asks for one.
    browser.input("Name").await;
    assert_eq!(browser.script("return document.activeElement.tagName").await, "BODY");
    // A row that was only added, with what it begins with, is nothing.
    browser.click("Add a row").await;
    browser.find("#at-lines-0-item input").await;
    browser.fill("Name", "x").await;
    browser.keys(Key::Backspace + "").await;
    assert!(browser.until(async || browser.held("Name").await.is_empty()).await);
    browser.crash().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    browser.input("Name").await;
    browser.gone(".banner").await;
    // One word is enough.
    browser.fill("Name", "Chairs").await;
    assert!(browser.until(async || kept(&browser).await.contains("Chairs")).await);
    browser.crash().await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    browser.sees("You have an unsaved draft.").await;
    what_was_kept_is_said_over_its_buttons(&browser).await;
    browser.click("Continue").await;
    browser.holds("Name", "Chairs").await;
    browser.close().await;
    server.close().await;
}

/// The buttons stand beside each other, whole and under the words.
async fn what_was_kept_is_said_over_its_buttons(browser: &Browser) {
    let places = "const box = part => part.getBoundingClientRect();\
         const banner = document.querySelector('.banner'), words = box(banner.querySelector('.kept > span'));\
         const [go, drop] = [...banner.querySelectorAll('button')].map(box);\
         return [words.bottom <= go.top, go.top === drop.top, go.right <= drop.left,\
             drop.right <= box(banner).right, Math.max(go.height, drop.height) < 50]";
    for width in [390, 320] {
        browser.resize(width, 844).await;
        browser.gives(places, json!([true, true, true, true, true])).await;
    }
    browser.resize(390, 844).await;
}

/// Sales whose cost is computed, one of them stored, that everyone may read; gives the form and the record.
async fn sale(admin: &Client) -> (String, String) {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let states = json!([{"key": "done", "label": "Done", "color": "o6"}]);
    let sale = json!({"key": "sale", "label": "Sale", "title": "{name}", "fields": [
        {"key": "code", "label": "Code", "kind": "text"},
        {"key": "margin", "label": "Margin", "kind": "percent"},
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "state", "label": "State", "kind": "select", "options": {"choices": states}},
        {"key": "cost", "label": "Cost of all", "kind": "money", "compute": {"formula": "SUM(lines.cost)"}},
        {"key": "day", "label": "Sold on", "kind": "date"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "amount", "label": "Amount", "kind": "money"},
            {"key": "cost", "label": "Cost", "kind": "money", "compute": {"formula": "amount / 2"}}]}}]});
    let form: Value = admin.post("/apps/shop/forms", sale).await.created();
    let form = form["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let readers = json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
        "operations": ["view"], "fields": {"*": "read"}});
    admin.post(&format!("/forms/{form}/permissions"), readers).await.created();
    let fields = json!({"code": "SV-1", "margin": "50", "name": "Chairs", "state": "done", "day": "2026-03-02",
        "lines": [{"item": "Chair", "amount": "60.00"}, {"item": "Stool", "amount": "40.00"}]});
    let record = admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
    (form, record["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn on_a_phone_every_figure_has_its_name() {
    const READER: &str = "reader@example.com";
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member = json!({"email": READER, "name": "Rita", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let (form, record) = sale(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in_as(READER, ADMIN_PASSWORD).await;
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/shop/forms/{form}")).await;
    let card = browser.part(".list-card");
    card.sees("Cost of all 50.00").await;
    assert!(card.text().await.starts_with("Chairs"), "{}", card.text().await);
    card.sees("Sold on 2026-03-02").await;
    let inside = "return [...document.querySelectorAll('.list-card span, .list-card b')]\
         .every(part => part.getBoundingClientRect().right <= 390)";
    browser.gives(inside, true).await;
    let whole = "return [...document.querySelectorAll('.list-card .clip, .list-card .name')]\
         .every(part => part.scrollWidth <= part.clientWidth + 1)";
    browser.gives(whole, true).await;

    // In the rows of a record that is read, and under them.
    browser.go(&format!("/apps/shop/forms/{form}/records/{record}")).await;
    browser.part(".sub tbody").sees("Chair").await;
    let names = "return [...document.querySelectorAll('.sub tbody tr:first-child td, .sub tfoot td')]\
         .filter(cell => cell.getBoundingClientRect().width > 0 && /\\d[.]\\d/.test(cell.textContent))\
         .map(cell => [getComputedStyle(cell, '::before').content.replaceAll('\"', ''), cell.textContent.trim()])";
    let named = json!([["Amount", "60.00"], ["Cost", "30.00"], ["Amount", "100.00"], ["Cost", "50.00"]]);
    browser.gives(names, named).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// A request of the clerk that waits for the administrator; gives the addresses of its task and of its record.
async fn waiting_request(server: &Server, admin: &Client) -> (String, String) {
    const CLERK: &str = "clerk@example.com";
    let member = json!({"email": CLERK, "name": "Clara", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let form = form(admin).await;
    let everyone = json!({"format": 1, "key": "everyone", "label": "Everyone", "who": {"everyone": true},
        "operations": ["view", "create"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{form}/permissions"), everyone).await.created();
    let boss = admin.get("/me").await.ok()["id"].clone();
    let flow = json!({"format": 1, "label": "Approval", "title": "{name}", "start": {"fields": {"*": "edit"}},
        "steps": [{"kind": "approve", "key": "boss", "label": "The boss", "who": [{"members": [boss]}],
            "reject_to": "end", "fields": {"*": "read"}}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let clerk = server.sign_in(CLERK, ADMIN_PASSWORD).await;
    let fields = json!({"fields": {"name": "Chairs", "place": "b"}});
    let record = clerk.post(&format!("/forms/{form}/records"), fields).await.created();
    let tasks = admin.get("/tasks?box=todo").await.ok();
    let task = tasks["items"][0]["id"].as_str().unwrap();
    let record = record["id"].as_str().unwrap();
    (format!("/inbox?box=todo&task={task}"), format!("/apps/office/forms/{form}/records/{record}"))
}

#[tokio::test]
async fn where_there_is_no_room_a_tab_shows_what_stands_beside_a_record() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (task, record) = waiting_request(&server, &admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let seen = "const isSeen = css => [...document.querySelectorAll(css)]\
             .some(part => part.getBoundingClientRect().height > 40);\
         return ['.record-body .form', '.decision', '.side .timeline'].map(isSeen)";
    let sees = async |wanted: Value, place: &str| {
        let same = browser.until(async || browser.script(seen).await == wanted).await;
        assert!(same, "{place}: form, decision, timeline: {}", browser.script(seen).await);
    };
    for width in [390, 1000, 1280] {
        browser.resize(width, 844).await;
        let place = format!("inbox at {width} px");
        browser.go(&task).await;
        sees(json!([true, true, false]), &place).await;
        browser.part(".beside-tabs").click("Progress").await;
        sees(json!([false, true, true]), &place).await;
        let bar = "const box = css => document.querySelector(css).getBoundingClientRect();\
             return Math.abs(box('.decision').bottom - innerHeight) < 2\
                 && box('.side').bottom <= box('.decision').top + 1";
        assert!(
            browser.until(async || browser.script(bar).await == true).await,
            "{place}: the bar is at the bottom"
        );
        browser.part(".beside-tabs").click("Form").await;
        sees(json!([true, true, false]), &place).await;
    }
    for width in [390, 1100] {
        browser.resize(width, 844).await;
        let place = format!("record at {width} px");
        browser.go(&record).await;
        sees(json!([true, false, false]), &place).await;
        browser.part(".beside-tabs").click("Progress and history").await;
        sees(json!([false, false, true]), &place).await;
        browser.part(".side").sees("The boss").await;
    }
    browser.resize(1280, 844).await;
    browser.go(&record).await;
    sees(json!([true, false, true]), "record with room beside it").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn folded_navigation_shows_its_buttons_whole() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    // Folded for want of room, and at last by its button.
    let cut = "const nav = document.querySelector('.nav').getBoundingClientRect();\
         return [...document.querySelectorAll('.nav-foot button')].map(button => button.getBoundingClientRect())\
             .filter(box => box.width > 0)\
             .filter(box => box.left < nav.left || box.right > nav.right || box.bottom > nav.bottom || box.width < 24)\
             .length + (nav.width > 60 ? 100 : 0)";
    let whole = async || browser.until(async || browser.script(cut).await == 0).await;
    for (width, height) in [(780, 800), (1000, 800), (860, 400)] {
        browser.resize(width, height).await;
        assert!(whole().await, "a button is cut at {width} × {height}");
    }
    browser.part(".nav-foot").click("Ada, account menu").await;
    browser.part(".menu:popover-open").sees("Sign out").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    browser.resize(1400, 800).await;
    browser.part(".nav-foot").click("Collapse navigation").await;
    assert!(whole().await, "a button is cut in navigation that was folded");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn rows_on_a_phone_are_cards_that_name_what_must_be_filled() {
    let (server, browser, _) = new_record_on_a_phone().await;
    for row in 0..2 {
        browser.click("Add a row").await;
        browser.find(&format!("#at-lines-{row}-item input")).await;
    }
    // Each input has its name in sight, the first one too, and a star where it must be filled.
    let names = "return [...document.querySelectorAll('#at-lines-0-item, #at-lines-0-qty')].map(cell => {\
         const label = cell.querySelector('label'), box = label.getBoundingClientRect();\
         const star = getComputedStyle(label, '::after').content.includes('*');\
         return [box.width > 20 && box.height > 10 && label.control === cell.querySelector('input'),\
             [...label.childNodes].map(node => node.textContent.trim()).find(text => text), star]})";
    browser.gives(names, json!([[true, "Item", true], [true, "Quantity", false]])).await;
    // What lies on the card covers nothing else of it.
    let parts = "const box = css => document.querySelector(css).getBoundingClientRect();\
         const [label, input, cross] = [box('#at-lines-0-item label'), box('#at-lines-0-item .input'),\
             box('#remove-lines-0 button')];\
         return [label.bottom <= input.top, cross.bottom <= input.top + 1, input.right <= innerWidth]";
    browser.gives(parts, json!([true, true, true])).await;
    // There are no keys to tell of.
    browser.click("Row 2: move or remove").await;
    let menu = browser.part(".menu:popover-open");
    menu.sees("Move up").await;
    assert!(!menu.shows("Alt").await, "{}", menu.text().await);
    menu.click("Move up").await;
    browser.gone(".menu:popover-open").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What this browser keeps.
async fn kept(browser: &Browser) -> String {
    browser.script("return JSON.stringify(localStorage)").await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_long_choice_stays_inside_a_narrow_field() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let request = form(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{request}/design")).await;
    browser.part(".canvas").choose("Place", LONG).await;
    browser.part(".canvas .slot.q1").find(".input .chip").await;
    let over = "const inner = document.querySelector('.canvas .slot.q1 .input');\
         const chip = inner.querySelector('.chip').getBoundingClientRect();\
         const arrow = inner.querySelector('.end').getBoundingClientRect();\
         const box = inner.getBoundingClientRect();\
         return Math.max(chip.right - arrow.left, arrow.right - box.right, chip.height - box.height)";
    let over = browser.script(over).await.as_f64().unwrap();
    assert!(over <= 0.0, "the choice runs {over} pixels over its field");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Under fingers days and times are chosen with what the phone has for it.
#[tokio::test]
async fn days_and_times_are_chosen_with_the_phone_s_own_pickers() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit = json!({"key": "visit", "label": "Visit", "fields": [
        {"key": "day", "label": "Day", "kind": "date"}, {"key": "hour", "label": "Hour", "kind": "time"},
        {"key": "at", "label": "At", "kind": "datetime"}]});
    admin.patch("/me", 1, json!({"zone": "Asia/Tokyo"})).await.ok();
    let visit = admin.post("/apps/office/forms", visit).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let new = format!("/apps/office/forms/{visit}/new");
    // With a mouse there is a list of times to choose from.
    browser.go(&new).await;
    browser.click("Choose a time").await;
    browser.pick("09:30").await;
    assert!(browser.until(async || browser.held("Hour").await == "09:30").await);
    browser.crash().await;

    let fingers = "const matches = window.matchMedia.bind(window);\
         window.matchMedia = query => matches(query === '(pointer: coarse)' ? 'all' : query);";
    browser.on_every_page(fingers).await;
    browser.resize(390, 844).await;
    browser.go(&new).await;
    browser.click("Discard").await;
    for (kind, value) in [("date", "2026-03-02"), ("time", "10:15"), ("datetime-local", "2026-03-02T10:15")] {
        browser.find(&format!("input[type={kind}]")).await;
        let choose = format!(
            "const input = document.querySelector('input[type={kind}]'); input.value = '{value}';\
             input.dispatchEvent(new Event('change', {{bubbles: true}}))"
        );
        browser.script(&choose).await;
    }
    browser.click("Save").await;
    let records = format!("/forms/{visit}/records");
    let stored = async || admin.get(&records).await.ok()["items"][0]["fields"].clone();
    let wanted = json!({"day": "2026-03-02", "hour": "10:15", "at": "2026-03-02T01:15:00Z"});
    assert!(browser.until(async || stored().await == wanted).await, "{}", stored().await);
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn rights_and_settings_are_seen_to_on_a_phone() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = form(&admin).await;
    let readers = json!({"format": 1, "key": "readers", "label": "Readers", "who": {"everyone": true},
        "operations": ["view"], "fields": {"*": "read"}});
    admin.post(&format!("/forms/{form}/permissions"), readers).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/office/forms/{form}/permissions")).await;
    browser.part(".perm-list").sees("Readers").await;
    browser.find(".perm-in .facts").await;
    // The group stands below the list, as wide as the screen.
    let below = "const box = css => document.querySelector(css).getBoundingClientRect();\
         const [list, group] = [box('.perm-list'), box('.perm-in')];\
         return [list.bottom <= group.top + 1, list.height < 300, group.width > 380, document.documentElement.scrollWidth <= 390]";
    browser.gives(below, json!([true, true, true, true])).await;
    // The parts of a design lie beside each other, and the one that is open is in sight.
    let tabs = "const boxes = [...document.querySelectorAll('.design-tabs a')].map(tab => tab.getBoundingClientRect());\
         const all = document.querySelector('.design-tabs').getBoundingClientRect();\
         const here = document.querySelector('.design-tabs [aria-current]').getBoundingClientRect();\
         return [boxes.every((box, at) => at === 0 || boxes[at - 1].right <= box.left),\
             here.left >= all.left - 1 && here.right <= all.right + 1]";
    browser.gives(tabs, json!([true, true])).await;
    browser.go(&format!("/apps/office/forms/{form}/links")).await;
    browser.find(".design-tabs").await;
    browser.gives(tabs, json!([true, true])).await;

    // What is set is in sight at once, and so is the name of its page.
    for page in ["members", "bin"] {
        browser.go(&format!("/settings/{page}")).await;
        browser.find(".settings > .tree").await;
        let row = "const all = document.querySelector('.settings > .tree').getBoundingClientRect();\
             const here = document.querySelector('.settings > .tree [aria-current]').getBoundingClientRect();\
             return [all.height < 60, here.left >= all.left - 1 && here.right <= all.right + 1]";
        browser.gives(row, json!([true, true])).await;
    }
    // What is done with a member stays in sight beside a table that is wider than the screen.
    browser.go("/settings/members").await;
    browser.find("tr[data-member] .btn").await;
    let reached = "const button = document.querySelector('tr[data-member] .btn').getBoundingClientRect();\
         return button.left > 0 && button.right <= 390";
    browser.gives(reached, true).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn what_is_said_of_a_computed_field_stands_whole_under_its_name() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, _) = sale(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    for width in [1440, 390] {
        browser.resize(width, 844).await;
        browser.go(&format!("/apps/shop/forms/{form}/permissions")).await;
        browser.part(".rights").sees("Computed, can't be edited").await;
        let whole = "const card = document.querySelector('.card:has(.rights)').getBoundingClientRect();\
             return [...document.querySelectorAll('.rights tbody th > .note')].map(note => note.getBoundingClientRect())\
                 .every(note => note.left >= card.left + 16 && note.right <= card.right && note.height < 48)";
        browser.gives(whole, true).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
