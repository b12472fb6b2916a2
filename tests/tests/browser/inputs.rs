//! The inputs of records: choices beside those of a list, moments, numbers while one types, levels of a tree, codes before the
//! camera, and the reader's own zone.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// A form of these fields in an app of its own; gives its id.
async fn form_of(admin: &Client, fields: Value) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = json!({"key": "thing", "label": "Thing", "fields": fields});
    admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned()
}

/// The fields of the only record.
async fn stored(admin: &Client, form: &str) -> Value {
    admin.get(&format!("/forms/{form}/records")).await.ok()["items"][0]["fields"].clone()
}

/// The codes in the rows of the one record; a list of records has no rows.
async fn codes_in_rows(admin: &Client, form: &str) -> Vec<Value> {
    let all = admin.get(&format!("/forms/{form}/records")).await.ok();
    let Some(id) = all["items"][0]["id"].as_str() else { return Vec::new() };
    let record = admin.get(&format!("/forms/{form}/records/{id}")).await.ok();
    let rows = record["fields"]["lines"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["code"].clone()).collect()
}

/// Saves, and waits for the one record to hold this.
async fn saves(browser: &Browser, admin: &Client, form: &str, wanted: &Value) {
    browser.click("Save").await;
    let is_so = browser.until(async || stored(admin, form).await == *wanted).await;
    assert!(is_so, "{} in place of {wanted}", stored(admin, form).await);
}

async fn ends(browser: Browser, server: Server) {
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn what_no_list_has_is_entered_where_a_field_takes_it() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let choices = json!([{"key": "red", "label": "Red"}, {"key": "green", "label": "Green"}]);
    let open = json!({"choices": choices, "allow_other": true});
    let form = form_of(
        &admin,
        json!([
            {"key": "paint", "label": "Paint", "kind": "select", "options": open},
            {"key": "tags", "label": "Tags", "kind": "multi_select", "options": open},
            {"key": "grade", "label": "Grade", "kind": "select", "options": {"choices": choices}}]),
    )
    .await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    let search = ":popover-open input[role=searchbox]";

    // By mouse: what is typed is offered below what is there.
    browser.click_at("#at-paint [role=combobox]").await;
    browser.type_at(search, "Sand").await;
    browser.pick("Add “Sand”").await;
    browser.part("#at-paint").sees("Sand").await;
    // By keys, beside one of the list; what is called like one of the list is that.
    browser.click_at("#at-tags [role=combobox]").await;
    browser.pick("Green").await;
    browser.type_at(search, "Oak" + Key::Enter).await;
    browser.part("#at-tags").sees("Oak").await;
    browser.type_at(search, "red" + Key::Enter).await;
    browser.part("#at-tags").sees("Red").await;
    // What was entered has a line to take it away again.
    browser.type_at(search, Key::Control + "a").await;
    browser.type_at(search, "Gold" + Key::Enter).await;
    browser.part("#at-tags").sees("Gold").await;
    browser.pick("Gold").await;
    browser.part("#at-tags").sees_no_more("Gold").await;
    browser.keys(Key::Escape + "").await;
    // A list that takes no others has no such line.
    browser.click_at("#at-grade [role=combobox]").await;
    browser.part(":popover-open").sees("Red").await;
    browser.gone(search).await;
    browser.pick("Red").await;
    let wanted = json!({"paint": "Sand", "tags": ["red", "green", "Oak"], "grade": "red"});
    saves(&browser, &admin, &form, &wanted).await;
    ends(browser, server).await;
}

#[tokio::test]
async fn a_moment_is_typed_pasted_and_chosen_in_the_zone_of_its_reader() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en", "zone": "Asia/Shanghai"})).await.ok();
    let form = form_of(
        &admin,
        json!([
            {"key": "begin", "label": "Begin", "kind": "datetime"},
            {"key": "end", "label": "End", "kind": "datetime"},
            {"key": "seen", "label": "Seen", "kind": "datetime", "options": {"precision": "second"}},
            {"key": "due", "label": "Due", "kind": "datetime"}]),
    )
    .await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    let holds = async |label: &str, wanted: &str| {
        let is_so = browser.until(async || browser.held(label).await == wanted).await;
        assert!(is_so, "{label}: {} in place of {wanted}", browser.held(label).await);
    };
    browser.enter("Begin", "2024/9/9 10:00").await;
    holds("Begin", "2024-09-09 10:00").await;
    browser.enter("End", "２０２４/９/９　１８：３０").await;
    holds("End", "2024-09-09 18:30").await;
    browser.tick("Seen").await;
    browser.script("document.execCommand('insertText', false, '2024年9月9日 下午3:05')").await;
    browser.keys(Key::Tab + "").await;
    holds("Seen", "2024-09-09 15:05:00").await;
    // What is none stays in sight with its fault; the calendar and the list of times mend it.
    browser.enter("Due", "soon").await;
    browser.find("#at-due input[aria-invalid=true]").await;
    holds("Due", "soon").await;
    browser.enter("Due", "2024/9/10").await;
    holds("Due", "2024-09-10 00:00").await;
    browser.click_at("#at-due button[aria-label='Open calendar']").await;
    browser.part(".moment-box:popover-open").click("Wednesday, September 11").await;
    holds("Due", "2024-09-11 00:00").await;
    browser.part(".moment-box:popover-open").click("Choose a time").await;
    browser.part(".menu:popover-open").click("09:30").await;
    holds("Due", "2024-09-11 09:30").await;
    browser.part(".moment-box:popover-open").click("Done").await;
    browser.gone(".moment-box:popover-open").await;
    let wanted = json!({"begin": "2024-09-09T02:00:00Z", "end": "2024-09-09T10:30:00Z",
        "seen": "2024-09-09T07:05:00Z", "due": "2024-09-11T01:30:00Z"});
    saves(&browser, &admin, &form, &wanted).await;

    // In the list: Enter opens the same input, Enter in it stores what was typed and goes down.
    browser.go(&format!("/apps/office/forms/{form}")).await;
    browser.part("[role=grid]").sees("2024-09-09 10:00").await;
    browser.part("[role=grid] tbody").click_at("tr[aria-rowindex='1'] td[data-col='0']").await;
    browser.keys(Key::Enter + "").await;
    browser.type_at(".cell-box .moment input", Key::Control + "a").await;
    browser.type_at(".cell-box .moment input", "2024/9/9 11:15" + Key::Enter).await;
    browser.part("[role=grid]").sees("2024-09-09 11:15").await;
    let is_kept = async || stored(&admin, &form).await["begin"] == "2024-09-09T03:15:00Z";
    assert!(browser.until(is_kept).await, "{}", stored(&admin, &form).await);
    ends(browser, server).await;
}

#[tokio::test]
async fn a_reader_chooses_a_zone_and_moments_move() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = form_of(&admin, json!([{"key": "at", "label": "At", "kind": "datetime"}])).await;
    let fields = json!({"fields": {"at": "2026-11-18T20:30:00Z"}});
    admin.post(&format!("/forms/{form}/records"), fields).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    for (zone, name, shown) in [
        ("America/New York", "America/New_York", "2026-11-18 15:30"),
        ("Asia/Tokyo", "Asia/Tokyo", "2026-11-19 05:30"),
    ] {
        browser.go("/settings").await;
        browser.choose("Time zone", zone).await;
        // The profile's own button stands below its own inputs.
        browser.part("section:has([name=profile-name])").click("Save").await;
        let is_kept = browser.until(async || admin.get("/me").await.ok()["zone"] == name).await;
        assert!(is_kept, "{}", admin.get("/me").await.ok());
        browser.go(&format!("/apps/office/forms/{form}")).await;
        browser.part("[role=grid]").sees(shown).await;
    }
    ends(browser, server).await;
}

#[tokio::test]
async fn digits_are_grouped_while_they_are_typed_and_the_caret_stays() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = form_of(
        &admin,
        json!([
            {"key": "amount", "label": "Amount", "kind": "money"},
            {"key": "year", "label": "Year", "kind": "number", "options": {"scale": 0, "thousands": false}}]),
    )
    .await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    let holds = async |label: &str, wanted: &str| {
        let is_so = browser.until(async || browser.held(label).await == wanted).await;
        assert!(is_so, "{label}: {} in place of {wanted}", browser.held(label).await);
    };
    browser.fill("Amount", "1234567.5").await;
    holds("Amount", "1,234,567.5").await;
    browser.keys(Key::Home + "").await;
    browser.keys(Key::Right + "98").await;
    holds("Amount", "198,234,567.5").await;
    browser.keys("76").await;
    holds("Amount", "19,876,234,567.5").await;
    browser.keys(Key::Backspace + "").await;
    holds("Amount", "1,987,234,567.5").await;
    browser.fill("Year", "２０２６").await;
    holds("Year", "2026").await;
    browser.keys(Key::Tab + "").await;
    saves(&browser, &admin, &form, &json!({"amount": "1987234567.50", "year": "2026"})).await;
    ends(browser, server).await;
}

#[tokio::test]
async fn a_choice_of_a_tree_is_made_level_by_level_and_by_keys() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let choices = json!([
        {"key": "food", "label": "Food", "children": [
            {"key": "bread", "label": "Bread"},
            {"key": "fruit", "label": "Fruit", "children": [{"key": "pear", "label": "Pear"}]}]},
        {"key": "tools", "label": "Tools"}]);
    let form = form_of(
        &admin,
        json!([
            {"key": "trade", "label": "Trade", "kind": "cascader", "options": {"choices": choices}},
            {"key": "other", "label": "Other trade", "kind": "cascader", "options": {"choices": choices, "any_level": true}}]),
    )
    .await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    let is_at = async |key: &str| {
        let at = "return document.activeElement?.dataset?.key ?? ''";
        assert!(
            browser.until(async || browser.script(at).await == key).await,
            "{}",
            browser.script(at).await
        );
    };
    browser.click_at("#at-trade [role=combobox]").await;
    is_at("food").await;
    browser.keys(Key::Right + "").await;
    is_at("food/bread").await;
    browser.keys(Key::Down + "").await;
    is_at("food/fruit").await;
    browser.keys(Key::Right + "").await;
    is_at("food/fruit/pear").await;
    browser.keys(Key::Left + "").await;
    is_at("food/fruit").await;
    browser.keys(Key::Right + "").await;
    is_at("food/fruit/pear").await;
    browser.keys(Key::Enter + "").await;
    browser.part("#at-trade").sees("Food / Fruit / Pear").await;
    browser.gone(".cascade").await;
    // Where it says so what is divided is chosen too.
    browser.choose("Other trade", "Food").await;
    browser.part("#at-other").sees("Food").await;
    browser.keys(Key::Escape + "").await;
    saves(&browser, &admin, &form, &json!({"trade": "food/fruit/pear", "other": "food"})).await;
    ends(browser, server).await;
}

/// A browser that reads codes, with a camera before which `window.codes` lie.
const CAMERA: &str = "window.BarcodeDetector = class { \
         async detect() { return (window.codes ?? []).map(rawValue => ({rawValue})); } }; \
     const getUserMedia = async () => { \
         const canvas = document.createElement('canvas'); canvas.getContext('2d'); return canvas.captureStream(); }; \
     Object.defineProperty(Navigator.prototype, 'mediaDevices', {get: () => ({getUserMedia}), configurable: true});";

#[tokio::test]
async fn codes_before_the_camera_fill_a_field_and_add_rows() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = form_of(
        &admin,
        json!([
            {"key": "code", "label": "Code", "kind": "barcode", "options": {"format": "ean13"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "code", "label": "Part", "kind": "barcode"},
                {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}}]}}]),
    )
    .await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let new = format!("/apps/office/forms/{form}/new");
    // Where the browser reads no codes nothing offers it.
    browser.on_every_page("delete window.BarcodeDetector;").await;
    browser.go(&new).await;
    browser.part(".sub-foot").sees("Add a row").await;
    browser.gone("button[aria-label='Scan a code']").await;

    browser.on_every_page(CAMERA).await;
    browser.go(&new).await;
    browser.click_at("button[aria-label='Scan a code']").await;
    browser.dialog().sees("Hold the code before the camera").await;
    browser.script("window.codes = ['6901234567892']").await;
    browser.gone("dialog[open]").await;
    browser.holds("Code", "6901234567892").await;
    browser.script("window.codes = []").await;
    // One code after the other; the same one counts once as long as it stays there.
    browser.part(".sub-foot").click("Scan").await;
    browser.script("window.codes = ['A-1']").await;
    browser.dialog().sees("A-1 read, 1 so far").await;
    browser.script("window.codes = ['A-1', 'B-2']").await;
    browser.dialog().sees("B-2 read, 2 so far").await;
    browser.dialog().click("Done").await;
    browser.gone("dialog[open]").await;
    browser.click("Save").await;
    let saved = async || codes_in_rows(&admin, &form).await == ["A-1", "B-2"];
    assert!(browser.until(saved).await, "{:?}", codes_in_rows(&admin, &form).await);
    assert_eq!(stored(&admin, &form).await["code"], "6901234567892");
    ends(browser, server).await;
}

#[tokio::test]
async fn the_earliest_day_and_the_default_of_a_form_are_entered_like_days() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = form_of(&admin, json!([{"key": "day", "label": "Day", "kind": "date"}])).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/design")).await;
    browser.part(".canvas").sees("Day").await;
    browser.part(".canvas").click_at(".slot").await;
    let properties = browser.part(".pane.right");
    let draft =
        async || admin.get(&format!("/forms/{form}/draft")).await.ok()["definition"]["fields"][0].clone();
    properties.enter("Earliest", "2026/1/1").await;
    assert!(
        browser.until(async || draft().await["options"]["min"] == "2026-01-01").await,
        "{}",
        draft().await
    );
    properties.click("Default").await;
    let default = "details[open] .input input[aria-label='Default']";
    properties.type_at(default, "2026/2/3" + Key::Tab).await;
    assert!(browser.until(async || draft().await["default"] == "2026-02-03").await, "{}", draft().await);
    ends(browser, server).await;
}
