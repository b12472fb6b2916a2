//! Saved views of a list: made, changed, shared; and records as a kanban, a calendar, a gantt and a gallery.

use serde_json::{Value, json};
use tests::browser::Dragging;
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// Deals of three stages, each of some days in March 2026.
async fn deals(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "crm", "label": "Sales"})).await.created();
    let stages = [("open", "Open"), ("won", "Won"), ("lost", "Lost")]
        .map(|(key, label)| json!({"key": key, "label": label, "color": "o3"}));
    let deal = json!({"key": "deal", "label": "Deal", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "stage", "label": "Stage", "kind": "select", "required": true, "options": {"choices": stages}},
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 0}},
        {"key": "begins", "label": "Begins", "kind": "date"},
        {"key": "ends", "label": "Ends", "kind": "date"}]});
    let deal = admin.post("/apps/crm/forms", deal).await.created()["id"].as_str().unwrap().to_owned();
    for (n, stage) in ["open", "won", "lost", "open", "won", "open"].iter().enumerate() {
        let fields = json!({"name": format!("Deal {n}"), "stage": stage, "amount": n * 10,
            "begins": format!("2026-03-{:02}", 2 + n), "ends": format!("2026-03-{:02}", 4 + n)});
        admin.post(&format!("/forms/{deal}/records"), json!({"fields": fields})).await.created();
    }
    deal
}

async fn view(admin: &Client, form: &str, document: Value) -> String {
    let view = admin.post(&format!("/forms/{form}/views"), document).await.created();
    format!("/apps/crm/forms/{form}?view={}", view["id"].as_str().unwrap())
}

/// What a field of the record with this name holds.
async fn held(admin: &Client, form: &str, name: &str, field: &str) -> String {
    let filter = json!({"filter": {"field": "name", "op": "eq", "value": name}});
    let list = admin.post(&format!("/forms/{form}/records/query"), filter).await.ok();
    list["items"][0]["fields"][field].as_str().unwrap_or_default().to_owned()
}

/// Sets fields of the record with this name.
async fn put(admin: &Client, form: &str, name: &str, fields: Value) {
    let filter = json!({"filter": {"field": "name", "op": "eq", "value": name}});
    let list = admin.post(&format!("/forms/{form}/records/query"), filter).await.ok();
    let record = &list["items"][0];
    let path = format!("/forms/{form}/records/{}", record["id"].as_str().unwrap());
    admin.patch(&path, record["version"].as_i64().unwrap(), json!({"fields": fields})).await.ok();
}

#[tokio::test]
async fn what_is_on_the_screen_is_saved_as_a_view_changed_and_shared() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let deal = deals(&admin).await;
    let mei = admin
        .post("/members", json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD}))
        .await;
    let group = json!({"format": 1, "key": "all", "label": "All", "who": {"members": [mei.created()["id"]]},
        "operations": ["view", "edit"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{deal}/permissions"), group).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/crm/forms/{deal}?sort=-amount")).await;
    let (grid, bar) = (browser.part("[role=grid]"), browser.part(".view-bar"));
    grid.sees("Ends Deal 5 Open 50").await;
    bar.sees("All records").await;
    browser.click("New view").await;
    browser.dialog().fill("Name", "By worth").await;
    browser.dialog().click("Create view").await;
    browser.part(".view-open").sees("By worth").await;

    // It is there again with its order, whatever the address says no more.
    let address = browser.script("return location.pathname + location.search").await;
    let address = address.as_str().unwrap().to_owned();
    assert!(address.contains("view=") && !address.contains("sort="), "{address}");
    browser.go(&address).await;
    grid.sees("Ends Deal 5 Open 50").await;

    // A column goes and the rows become low; the view is asked to keep it.
    browser.click("Columns").await;
    browser.part(".column-choice").tick("Ends").await;
    browser.part("[role=grid] thead").sees_no_more("Ends").await;
    browser.keys(Key::Escape + "").await;
    browser.click("Row height").await;
    browser.part(".menu:popover-open").click("Compact").await;
    browser.find(".grid-box[data-height=compact]").await;
    let chips = browser.part(".chips-bar");
    chips.sees("Not saved to the view").await;
    chips.click("Save").await;
    browser.gone(".chips-bar").await;
    browser.click_at(".view-open").await;
    browser.part(".menu:popover-open").click("Share with everybody").await;
    browser.part(".toasts").sees("Everybody who uses this form sees this view now").await;
    browser.close().await;

    // Somebody else finds it as it was saved, and makes their own of it.
    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    browser.go(&address).await;
    let (grid, menu) = (browser.part("[role=grid]"), browser.part(".menu:popover-open"));
    grid.sees("1 Deal 5 Open 50").await;
    browser.find(".grid-box[data-height=compact]").await;
    browser.part("[role=grid] thead").sees_no_more("Ends").await;
    browser.click_at(".view-open").await;
    menu.sees("Shared").await;
    menu.sees_no_more("Delete view").await;
    menu.click("Save as a new view").await;
    browser.dialog().fill("Name", "Mine").await;
    browser.dialog().click("Create view").await;
    browser.part(".view-open").sees("Mine").await;
    browser.click_at(".view-open").await;
    menu.click("Delete view").await;
    browser.dialog().sees("Delete the view “Mine”?").await;
    browser.dialog().click("Delete view").await;
    browser.part(".view-open").sees("All records").await;
    status_says(&browser, "6 records").await;
    browser.go(&format!("/apps/crm/forms/{deal}?view=nosuch")).await;
    browser.sees("This view does not exist any more").await;
    browser.click("Show all records").await;
    status_says(&browser, "6 records").await;
    rows_are_gathered(&browser, &admin, &deal).await;
    one_stays_at_a_record_that_moves(&browser, &admin, &deal).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Who designs the form too sees the view that another one locked, and changes it only as one of their own.
#[tokio::test]
async fn a_locked_view_stays_as_its_owner_left_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let deal = deals(&admin).await;
    let mut designers = Vec::new();
    for name in ["Mei", "Lin"] {
        let email = format!("{}@example.com", name.to_lowercase());
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD});
        designers.push(admin.post("/members", member).await.created()["id"].clone());
    }
    let admins = json!({"admins": [{"members": designers}]});
    admin.patch("/apps/crm", 1, admins).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in_as("mei@example.com", ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/crm/forms/{deal}?sort=-amount")).await;
    browser.part("[role=grid]").sees("Deal 5").await;
    browser.click("New view").await;
    browser.dialog().fill("Name", "Ours").await;
    browser.dialog().click("Create view").await;
    browser.part(".view-open").sees("Ours").await;
    browser.click_at(".view-open").await;
    browser.part(".menu:popover-open").click("Share and lock").await;
    browser.part(".toasts").sees("Everybody sees this view now, and only you change it").await;
    let address = browser.script("return location.pathname + location.search").await;
    browser.close().await;

    let browser = Browser::open(&server).await;
    browser.sign_in_as("lin@example.com", ADMIN_PASSWORD).await;
    browser.go(address.as_str().unwrap()).await;
    browser.part("[role=grid]").sees("Deal 5").await;
    let (chips, menu) = (browser.part(".chips-bar"), browser.part(".menu:popover-open"));
    browser.part("[role=grid] thead").click("Name").await;
    chips.sees("Not saved to the view").await;
    browser.click_at(".view-open").await;
    menu.sees("Locked").await;
    menu.control("Discard changes").await;
    for not_theirs in ["Save changes to the view", "View settings", "Share with everybody", "Delete view"] {
        assert!(!menu.shows(not_theirs).await, "{not_theirs}");
    }
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    // What they see otherwise becomes a view of their own.
    chips.click("Save as a new view").await;
    browser.dialog().fill("Name", "By name").await;
    browser.dialog().click("Create view").await;
    browser.part(".view-open").sees("By name").await;
    let views = admin.get(&format!("/forms/{deal}/views")).await.ok();
    let ours = views["items"].as_array().unwrap().iter().find(|view| view["label"] == "Ours").unwrap();
    assert_eq!(
        (&ours["scope"], &ours["sort"]),
        (&json!("locked"), &json!([{"field": "amount", "desc": true}]))
    );
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What one has entered puts the row elsewhere; what one types next goes where one was.
async fn one_stays_at_a_record_that_moves(browser: &Browser, admin: &Client, deal: &str) {
    browser.go(&format!("/apps/crm/forms/{deal}?by=stage&sort=name")).await;
    let table = browser.part("[role=treegrid]");
    table.sees("Open 3").await;
    let name = |row: usize| {
        format!("return document.querySelector(\"tr[data-row='{row}'] td.title\")?.innerText.trim() ?? ''")
    };
    assert!(browser.until(async || browser.script(&name(1)).await != "").await, "there are no rows");
    let next = browser.script(&name(1)).await.as_str().unwrap().to_owned();
    table.click_at("tr[data-row='0'] td[data-col='2']").await;
    for _ in 0..2 {
        browser.keys(Key::Left + "").await;
    }
    browser.keys("Zz is last".to_owned() + Key::Enter).await;
    assert!(browser.until(async || browser.script(&name(0)).await == next.as_str()).await, "nothing moves");
    for _ in 0..2 {
        browser.keys(Key::Right + "").await;
    }
    browser.keys("3".to_owned() + Key::Enter).await;
    assert!(browser.until(async || held(admin, deal, &next, "amount").await == "3").await, "{next}");
}

/// By stage, each with its number and its sum; a group that is closed shows its head alone. Cells are filled as in a list: the
/// rows of all groups follow each other.
async fn rows_are_gathered(browser: &Browser, admin: &Client, deal: &str) {
    browser.go(&format!("/apps/crm/forms/{deal}?by=stage&totals=amount:sum&sort=name")).await;
    let table = browser.part("[role=treegrid]");
    table.sees("Open 3").await;
    table.sees("80").await;
    table.sees("Deal 0").await;
    table.click_at("tr[data-row='0'] td[data-col='2']").await;
    browser.keys("7".to_owned() + Key::Enter).await;
    table.sees("87").await;
    assert_eq!(held(admin, deal, "Deal 0", "amount").await, "7");
    // The third row of the first group, and the first of the next one.
    let name = "return document.querySelector(\"tr[data-row='3'] td.title\").innerText.trim()";
    let next = browser.script(name).await.as_str().unwrap().to_owned();
    table.click_at("tr[data-row='2'] td[data-col='2']").await;
    let paste = "const data = new DataTransfer(); data.setData('text/plain', '51\\n11'); \
         document.activeElement.dispatchEvent(new ClipboardEvent('paste', \
             {clipboardData: data, bubbles: true, cancelable: true}));";
    browser.script(paste).await;
    table.sees("88").await;
    assert!(browser.until(async || held(admin, deal, &next, "amount").await == "11").await, "{next}");
    assert_eq!(held(admin, deal, "Deal 5", "amount").await, "51");
    table.click("Open or close the group").await;
    table.sees_no_more("Deal 0").await;
    table.sees("Deal 1").await;
}

async fn status_says(browser: &Browser, text: &str) {
    browser.part(".status-line").sees(text).await;
}

#[tokio::test]
async fn a_card_goes_to_another_column_by_key_and_by_mouse_and_comes_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let deal = deals(&admin).await;
    let board =
        json!({"label": "Stages", "kind": "kanban", "options": {"by": "stage"}, "sort": [{"field": "name"}]});
    let board = view(&admin, &deal, board).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&board).await;
    let pile = |stage: &str| browser.part(&format!(".pile[data-pile*={stage}]"));
    pile("open").sees("Deal 0").await;
    pile("open").sees("Open 3").await;
    pile("won").sees("Won 2").await;
    browser.gone(".pile[data-pile=null]").await;

    browser.script("document.querySelector('.board-card').focus()").await;
    browser.keys(Key::Shift + Key::Right).await;
    pile("won").sees("Deal 0").await;
    browser.part(".toasts").sees("“Deal 0”: Won").await;
    assert_eq!(held(&admin, &deal, "Deal 0", "stage").await, "won");
    browser.part(".toasts").click("Undo").await;
    pile("open").sees("Deal 0").await;
    assert_eq!(held(&admin, &deal, "Deal 0", "stage").await, "open");

    let lost = (".pile[data-pile*=lost]", (50, 20));
    let says = Dragging { dragged: ".board-card.pale", lands: ".pile.lands" };
    browser.drag(".pile[data-pile*=open] .board-card", lost, says).await;
    pile("lost").sees("Deal 0").await;
    pile("lost").sees("Lost 2").await;
    assert!(browser.until(async || held(&admin, &deal, "Deal 0", "stage").await == "lost").await);

    // A value that must be there can't be taken away, and what was changed meanwhile is not overwritten.
    browser.click_at(".pile[data-pile*=won] .board-card").await;
    browser.part(".drawer").sees("Deal 1").await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".drawer").await;
    what_others_save_waits_for_a_card(&browser, &admin, &deal).await;
    a_card_keeps_the_focus_where_others_put_one_before_it(&browser, &admin, &deal).await;
    browser.resize(390, 844).await;
    browser.part(".piles").sees("Open").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Adds an open deal with this name.
async fn add_open(admin: &Client, deal: &str, name: &str) {
    let fields = json!({"fields": {"name": name, "stage": "open"}});
    admin.post(&format!("/forms/{deal}/records"), fields).await.created();
}

/// While a card is dragged the cards stay as they are, whatever others save; once it lies down, theirs are seen.
async fn what_others_save_waits_for_a_card(browser: &Browser, admin: &Client, deal: &str) {
    let pile = |stage: &str| browser.part(&format!(".pile[data-pile*={stage}]"));
    pile("open").sees("Open 2 Deal 3").await;
    let card = ".pile[data-pile*=open] .board-card";
    browser.script(&format!("document.querySelector('{card}').dataset.drawn = 'before'")).await;
    let is_dragged = "return document.querySelector('.board-card.pale') !== null";
    browser.take_up(browser.middle_of(card).await, is_dragged).await;
    add_open(admin, deal, "Deal 00").await;
    // The page knows of it, and does not draw it.
    pile("open").sees("Open 3").await;
    let is_kept = "const held = document.querySelector('.board-card.pale'); \
         return held?.dataset.drawn === 'before' && held.textContent.includes('Deal 3')";
    assert_eq!(browser.script(is_kept).await, true, "the card was drawn anew under the hand");
    assert!(!pile("open").shows("Deal 00").await, "a card came under the hand");
    let place = browser.place_in(".pile[data-pile*=won]", (50, 50)).await;
    browser.carry("dragOver", place).await;
    browser.let_go(place).await;
    pile("won").sees("Deal 3").await;
    pile("open").sees("Deal 00").await;
    assert!(browser.until(async || held(admin, deal, "Deal 3", "stage").await == "won").await);
}

async fn a_card_keeps_the_focus_where_others_put_one_before_it(
    browser: &Browser,
    admin: &Client,
    deal: &str,
) {
    let focus = "const all = [...document.querySelectorAll('.pile[data-pile*=open] .board-card')]; \
         all.find(card => card.textContent.includes('Deal 5')).focus()";
    browser.script(focus).await;
    add_open(admin, deal, "Deal 01").await;
    browser.part(".pile[data-pile*=open]").sees("Deal 01").await;
    let has_focus = "const card = document.activeElement; \
         return card.matches('.board-card') && card.textContent.includes('Deal 5')";
    assert!(browser.until(async || browser.script(has_focus).await == true).await, "the focus is lost");
}

#[tokio::test]
async fn records_lie_on_days_along_the_line_of_time_and_in_a_gallery() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let deal = deals(&admin).await;
    let days = json!({"start": "begins", "end": "ends"});
    let calendar = view(&admin, &deal, json!({"label": "Days", "kind": "calendar", "options": days})).await;
    let gantt = view(&admin, &deal, json!({"label": "Plan", "kind": "gantt", "options": days})).await;
    let gallery = view(&admin, &deal, json!({"label": "Cards", "kind": "gallery"})).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("{calendar}&at=2026-03-10")).await;
    browser.part(".calendar-bar").sees("March 2026").await;
    let day = |day: &str| browser.part(&format!(".day[data-day='{day}']"));
    day("2026-03-02").sees("Deal 0").await;
    day("2026-03-04").sees("Deal 2").await;
    browser.script("document.querySelector(\".day[data-day='2026-03-02'] .entry\").focus()").await;
    browser.keys(Key::Shift + Key::Down).await;
    day("2026-03-11").sees("Deal 0").await;
    assert_eq!(
        (held(&admin, &deal, "Deal 0", "begins").await, held(&admin, &deal, "Deal 0", "ends").await),
        ("2026-03-09".to_owned(), "2026-03-11".to_owned())
    );
    browser.part(".toasts").click("Undo").await;
    day("2026-03-02").sees("Deal 0").await;
    an_entry_is_dragged_to_another_day(&browser, &admin, &deal).await;
    what_others_change_waits_for_a_drag(&browser, &admin, &deal).await;
    browser.part(".calendar-bar").click("Week").await;
    day("2026-03-09").sees("Deal 5").await;
    browser.part(".calendar-bar").click("After").await;
    browser.find(".day[data-day='2026-03-16']").await;
    // A phone tells the days by numbers, and one day below.
    browser.resize(390, 844).await;
    browser.go(&format!("{calendar}&at=2026-03-04")).await;
    browser.part(".day-list").sees("Deal 2").await;
    browser.resize(1400, 900).await;

    browser.go(&format!("{gantt}&scale=day")).await;
    browser.part(".gantt").sees("Deal 0").await;
    browser.script("document.querySelector('.gantt .bar').focus()").await;
    browser.keys(Key::Shift + Key::Control + Key::Right).await;
    browser.part(".toasts").sees("2026-03-02 – 2026-03-05").await;
    assert_eq!(held(&admin, &deal, "Deal 0", "ends").await, "2026-03-05");
    a_bar_is_drawn_along_and_longer(&browser, &admin, &deal).await;
    what_others_save_waits_for_a_bar(&browser, &admin, &deal).await;

    browser.go(&gallery).await;
    browser.part(".gallery-cards").sees("Deal 5").await;
    browser.click("Deal 5").await;
    browser.part(".drawer").sees("Deal 5").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Waits until the first record lies on these days.
async fn lies(browser: &Browser, admin: &Client, deal: &str, days: (&str, &str)) {
    let now =
        async || (held(admin, deal, "Deal 0", "begins").await, held(admin, deal, "Deal 0", "ends").await);
    let is_so = async || {
        let (begins, ends) = now().await;
        (begins.as_str(), ends.as_str()) == days
    };
    assert!(browser.until(is_so).await, "{:?}, not {days:?}", now().await);
}

/// By the mouse to another week and back, and its end goes along.
async fn an_entry_is_dragged_to_another_day(browser: &Browser, admin: &Client, deal: &str) {
    let day = |day: &str| format!(".day[data-day='{day}']");
    let ways = [
        ("2026-03-02", "2026-03-10", ("2026-03-10", "2026-03-12")),
        ("2026-03-10", "2026-03-02", ("2026-03-02", "2026-03-04")),
    ];
    for (from, to, days) in ways {
        browser.part(&day(from)).sees("Deal 0").await;
        // The calendar shows where something would land, and nothing of what is dragged.
        let hears = "document.body.dataset.dragged = 'no'; \
             document.addEventListener('dragstart', () => { document.body.dataset.dragged = 'yes'; }, {once: true});";
        browser.script(hears).await;
        let says = Dragging { dragged: "body[data-dragged=yes]", lands: ".day.lands" };
        browser.drag(&format!("{} .entry", day(from)), (&day(to), (50, 70)), says).await;
        browser.part(&day(to)).sees("Deal 0").await;
        lies(browser, admin, deal, days).await;
    }
}

/// While an entry is dragged the days stay as they are, whatever others save; once it lies down, their changes are seen.
async fn what_others_change_waits_for_a_drag(browser: &Browser, admin: &Client, deal: &str) {
    let (from, to) = (".day[data-day='2026-03-02']", ".day[data-day='2026-03-10']");
    browser.part(from).sees("Deal 0").await;
    let mark = "document.querySelector(\".day[data-day='2026-03-09']\").dataset.drawn = 'before'";
    browser.script(mark).await;
    let hears = "document.body.dataset.dragged = 'no'; \
         document.addEventListener('dragstart', () => { document.body.dataset.dragged = 'yes'; }, {once: true});";
    browser.script(hears).await;
    let is_dragged = "return document.body.dataset.dragged === 'yes'";
    browser.take_up(browser.middle_of(&format!("{from} .entry")).await, is_dragged).await;
    let lists = "return performance.getEntriesByType('resource').filter(e => e.name.includes('/records/query')).length";
    let asked = browser.script(lists).await.as_u64();
    put(admin, deal, "Deal 5", json!({"name": "Five"})).await;
    // The page has asked anew, and what came is not drawn.
    assert!(browser.until(async || browser.script(lists).await.as_u64() > asked).await, "nothing was asked");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let is_kept =
        "return document.querySelector(\".day[data-drawn=before]\")?.textContent.includes('Deal 5') ?? false";
    assert_eq!(browser.script(is_kept).await, true, "the days were drawn anew under a drag");
    let place = browser.place_in(to, (50, 70)).await;
    browser.carry("dragOver", place).await;
    browser.let_go(place).await;
    lies(browser, admin, deal, ("2026-03-10", "2026-03-12")).await;
    browser.part(to).sees("Deal 0").await;
    browser.part(".day[data-day='2026-03-09']").sees("Five").await;
    put(admin, deal, "Five", json!({"name": "Deal 5"})).await;
    put(admin, deal, "Deal 0", json!({"begins": "2026-03-02", "ends": "2026-03-04"})).await;
    browser.part(from).sees("Deal 0").await;
}

/// The width of a day along the line of time.
const DAY: u32 = 36;

/// The bar of the first record over these days.
fn bar(days: (&str, &str)) -> String {
    format!(".gantt .bar[aria-label='Deal 0, {} – {}']", days.0, days.1)
}

/// The line begins with today, long after the days of the records.
async fn brought_into_sight(browser: &Browser, css: &str) {
    browser.find(css).await;
    let scroll = "document.querySelector(\"CSS\").scrollIntoView({block: 'nearest', inline: 'center'})";
    browser.script(&scroll.replace("CSS", css)).await;
}

/// While a bar is drawn the line of time stays, whatever others save; and where theirs makes it longer, the days that one looks
/// at stay in their places.
async fn what_others_save_waits_for_a_bar(browser: &Browser, admin: &Client, deal: &str) {
    let (before, after) = (("2026-03-04", "2026-03-07"), ("2026-03-06", "2026-03-09"));
    brought_into_sight(browser, &bar(before)).await;
    let (x, y) = browser.middle_of(&bar(before)).await;
    browser.press_down((x, y)).await;
    browser.draw_to((x, y), (x + 2 * DAY, y)).await;
    browser.find(".bar.is-drawn").await;
    let lists = "return performance.getEntriesByType('resource').filter(e => e.name.includes('/records/query')).length";
    let asked = browser.script(lists).await.as_u64();
    put(admin, deal, "Deal 5", json!({"begins": "2026-01-05"})).await;
    assert!(browser.until(async || browser.script(lists).await.as_u64() > asked).await, "nothing was asked");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let is_drawn = "return document.querySelector('.bar.is-drawn') !== null";
    assert_eq!(browser.script(is_drawn).await, true, "the bar was drawn anew under the hand");
    browser.release((x + 2 * DAY, y)).await;
    lies(browser, admin, deal, after).await;
    let stays = async || {
        let (now, _) = browser.middle_of(&bar(after)).await;
        now.abs_diff(x + 2 * DAY) < DAY
    };
    browser.find(".gantt .bar[aria-label^='Deal 5, 2026-01-05']").await;
    assert!(browser.until(stays).await, "the days were moved away");
    put(admin, deal, "Deal 5", json!({"begins": "2026-03-07"})).await;
}

/// By the mouse: the bar goes two days along, then its end alone one day further, and one back. What ends a drag opens nothing.
async fn a_bar_is_drawn_along_and_longer(browser: &Browser, admin: &Client, deal: &str) {
    let seen = async |css: &str| brought_into_sight(browser, css).await;
    let (before, along, longer) =
        (("2026-03-02", "2026-03-05"), ("2026-03-04", "2026-03-07"), ("2026-03-04", "2026-03-08"));
    seen(&bar(before)).await;
    let (x, y) = browser.middle_of(&bar(before)).await;
    browser.draw((x, y), &[(x + 2 * DAY, y)]).await;
    seen(&bar(along)).await;
    lies(browser, admin, deal, along).await;
    let (x, y) = browser.middle_of(&format!("{} .bar-edge", bar(along))).await;
    browser.draw((x, y), &[(x + DAY, y)]).await;
    seen(&bar(longer)).await;
    lies(browser, admin, deal, longer).await;
    let (x, y) = browser.middle_of(&format!("{} .bar-edge", bar(longer))).await;
    browser.draw((x, y), &[(x - DAY, y)]).await;
    seen(&bar(along)).await;
    lies(browser, admin, deal, along).await;
    browser.gone(".drawer").await;
}
