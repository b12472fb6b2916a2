//! The form designer, further in: choices from a spreadsheet and their colours, what a link brings along, several fields moved,
//! what is wrong with a way to it, rules and checks of the form, its texts in three languages, a trial that stores nothing.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PROPERTIES: &str = ".pane.right";

/// A designer with a form of orders.
struct Desk {
    server: Server,
    admin: Client,
    browser: Browser,
    form: String,
}

impl Desk {
    async fn open() -> Desk {
        let server = Server::start(Database::Sqlite).await;
        let admin = server.set_up().await;
        admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
        let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
            {"key": "name", "label": "Name", "kind": "text"}, {"key": "tier", "label": "Tier", "kind": "text"}]});
        admin.post("/apps/shop/forms", customer).await.created();
        let order = json!({"key": "order", "label": "Order", "fields": [
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "city", "label": "City", "kind": "text"},
            {"key": "colour", "label": "Colour", "kind": "select", "options": {"choices": [
                {"key": "red", "label": "Red"}, {"key": "green", "label": "Green", "color": "o4"}]}},
            {"key": "buyer", "label": "Buyer", "kind": "link", "options": {"form": "customer"}},
            {"key": "amount", "label": "Amount", "kind": "number"},
            {"key": "paid", "label": "金额", "kind": "number"},
            {"key": "twice", "label": "Twice", "kind": "formula", "options": {"formula": "amount * 2"}}]});
        let form = admin.post("/apps/shop/forms", order).await.created()["id"].as_str().unwrap().to_owned();
        let browser = Browser::open(&server).await;
        browser.sign_in().await;
        browser.go(&format!("/apps/shop/forms/{form}/design")).await;
        browser.part(CANVAS).sees("Twice").await;
        Desk { server, admin, browser, form }
    }

    async fn close(self) {
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        self.browser.close().await;
        self.server.close().await;
    }

    /// The draft as the server has it.
    async fn draft(&self) -> Value {
        self.admin.get(&format!("/forms/{}/draft", self.form)).await.ok()["definition"].clone()
    }

    /// A field of the draft by its key.
    async fn field(&self, key: &str) -> Value {
        let draft = self.draft().await;
        let fields = draft["fields"].as_array().unwrap();
        fields.iter().find(|field| field["key"] == key).cloned().unwrap_or_default()
    }

    /// Waits until the server has something.
    async fn becomes(&self, read: impl AsyncFn() -> Value, wanted: Value) {
        let is_so = self.browser.until(async || read().await == wanted).await;
        assert!(is_so, "{}, not {wanted}", read().await);
    }

    /// Presses the field on the canvas that is called so; with Control it is chosen besides.
    async fn select(&self, label: &str, besides: bool) {
        let press = format!(
            "const slots = [...document.querySelectorAll('.canvas .slot')]; \
             const slot = slots.find(slot => slot.querySelector('.label')?.textContent.includes('{label}')); \
             document.activeElement?.blur(); \
             slot?.dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true, ctrlKey: {besides}}})); \
             return slot !== undefined"
        );
        let pressed = self.browser.until(async || self.browser.script(&press).await == true).await;
        assert!(pressed, "there is no `{label}`");
    }

    /// Opens the settings of the form.
    async fn select_form(&self) {
        self.browser.part(CANVAS).click_at(".paper-title").await;
        self.browser.part(PROPERTIES).input("Form name").await;
    }

    /// What the first fields on the canvas are called.
    async fn order(&self) -> String {
        let names = "return [...document.querySelectorAll('.canvas .slot .label')].slice(0, 3)\
             .map(label => label.innerText.trim().split('\\n')[0]).join()";
        self.browser.script(names).await.as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn fields_get_choices_a_link_brings_more_and_several_are_moved() {
    let desk = Desk::open().await;
    choices_are_pasted_and_coloured(&desk).await;
    a_link_brings_a_copy_or_reads_it(&desk).await;
    several_are_moved_together(&desk).await;
    a_problem_leads_to_its_field(&desk).await;
    a_formula_says_what_comes_next(&desk).await;
    desk.close().await;
}

/// A column of a spreadsheet becomes the choices: what was there stays what it was.
async fn choices_are_pasted_and_coloured(desk: &Desk) {
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    desk.select("Colour", false).await;
    properties.click("Write or paste choices").await;
    let dialog = browser.dialog();
    dialog.holds("One choice a line", "Red\nGreen").await;
    dialog.fill("One choice a line", "").await;
    browser.script("document.querySelector('dialog[open] textarea').focus()").await;
    let paste = "document.execCommand('insertText', false, 'Green\\nBlue\\tYellow')";
    browser.script(paste).await;
    dialog.click("Take these choices").await;
    browser.gone("dialog[open]").await;
    let choices = async || desk.field("colour").await["options"]["choices"].clone();
    let green = json!({"key": "green", "label": "Green", "color": "o4"});
    let (blue, yellow) = (json!({"key": "c1", "label": "Blue"}), json!({"key": "c2", "label": "Yellow"}));
    desk.becomes(choices, json!([green, blue, yellow])).await;
    properties.click_at(".choice-line:nth-child(2) button.option-colour").await;
    browser.part(".menu:popover-open").click_at("[aria-label='Color 7']").await;
    let colours = async || {
        let choices = desk.field("colour").await["options"]["choices"].clone();
        choices.as_array().unwrap().iter().map(|choice| choice["color"].clone()).collect::<Value>()
    };
    desk.becomes(&colours, json!(["o4", "o7", null])).await;
    properties.click("Color them").await;
    desk.becomes(&colours, json!(["o4", "o7", "o3"])).await;
}

/// A column of the linked record stands in a new field as a copy, then as it is there now; a badge says which.
async fn a_link_brings_a_copy_or_reads_it(desk: &Desk) {
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    desk.select("Buyer", false).await;
    properties.click("Add a column").await;
    let line = browser.part(&format!("{PROPERTIES} .fill-line"));
    line.choose("Field of the other form", "Tier").await;
    line.choose("Field of this form", "Make a new field").await;
    let brings = async || desk.field("buyer").await["options"]["fill"].clone();
    desk.becomes(&brings, json!([{"from": "tier", "to": "tier", "mode": "snapshot"}])).await;
    let badge = "return [...document.querySelectorAll('.canvas .slot')]\
         .find(slot => slot.querySelector('.label')?.textContent.includes('Tier'))?.querySelector('.badge')?.innerText ?? ''";
    let says = async |wanted: &str| {
        let is_so = browser.until(async || browser.script(badge).await == wanted).await;
        assert!(is_so, "{} in place of {wanted}", browser.script(badge).await);
    };
    says("Copied").await;
    assert_eq!(desk.field("tier").await["kind"], "text");
    // What it brings is said where the link is.
    desk.select("Buyer", false).await;
    line.click("Live").await;
    desk.becomes(&brings, json!([{"from": "tier", "to": "tier", "mode": "live"}])).await;
    desk.becomes(async || desk.field("tier").await["kind"].clone(), json!("lookup")).await;
    says("Live").await;
    browser.gone(".problems").await;
}

async fn several_are_moved_together(desk: &Desk) {
    let browser = &desk.browser;
    let are = async |wanted: &str| {
        let is_so = browser.until(async || desk.order().await == wanted).await;
        assert!(is_so, "{}, not {wanted}", desk.order().await);
    };
    are("Name,City,Colour").await;
    desk.select("Name", false).await;
    desk.select("City", true).await;
    browser.part(PROPERTIES).sees("2 fields").await;
    browser.part(&format!("{PROPERTIES} [data-several]")).click("Move down").await;
    are("Colour,Name,City").await;
    // And by the keys.
    browser.script("document.activeElement?.blur()").await;
    browser.keys(Key::Alt + Key::Up).await;
    are("Name,City,Colour").await;
    browser.control("Undo: Move “2 fields”").await;
}

async fn a_problem_leads_to_its_field(desk: &Desk) {
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    desk.select("Twice", false).await;
    properties.fill("Formula", "Amount *").await;
    desk.select("Name", false).await;
    let properties_of = async |label: &str| {
        let is_so = browser.until(async || properties.held("Label").await == label).await;
        assert!(is_so, "{}, not {label}", properties.held("Label").await);
    };
    properties_of("Name").await;
    let problems = browser.part(".problems");
    problems.sees("Twice").await;
    problems.click("Go to it").await;
    properties_of("Twice").await;
    properties.holds("Formula", "Amount *").await;
    properties.fill("Formula", "Amount * 2").await;
    browser.gone(".problems").await;
}

/// A field is found by how its name sounds, and a function says which argument one is at.
async fn a_formula_says_what_comes_next(desk: &Desk) {
    let properties = desk.browser.part(PROPERTIES);
    properties.fill("Formula", "je").await;
    properties.click("金额").await;
    let put = async || properties.held("Formula").await == "金额";
    assert!(desk.browser.until(put).await, "{}", properties.held("Formula").await);
    let call = desk.browser.part(&format!("{PROPERTIES} [data-call=ROUND]"));
    for (written, argument) in [("ROUND(金额", "number"), ("ROUND(金额, ", "decimals")] {
        properties.fill("Formula", written).await;
        call.sees("ROUND(number, decimals)").await;
        desk.browser.part(&format!("{PROPERTIES} [data-call=ROUND] .strong")).sees(argument).await;
    }
    properties.fill("Formula", "ROUND(金额, 1)").await;
    properties.sees("Gives a number").await;
    desk.becomes(async || desk.field("twice").await["options"]["formula"].clone(), json!("ROUND(paid, 1)"))
        .await;
}

#[tokio::test]
async fn the_form_has_rules_checks_and_texts_in_three_languages() {
    let desk = Desk::open().await;
    a_rule_shows_and_requires(&desk).await;
    a_check_and_what_is_there_once(&desk).await;
    texts_are_translated(&desk).await;
    the_form_is_seen_as_on_a_phone(&desk).await;
    it_is_tried_out_and_nothing_is_stored(&desk).await;
    desk.close().await;
}

/// Chooses options of a list of several, and closes it.
async fn choose_all(browser: &Browser, part: &str, list: &str, names: &[&str]) {
    let [first, rest @ ..] = names else { return };
    browser.part(part).choose(list, first).await;
    for name in rest {
        browser.pick(name).await;
    }
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

async fn a_rule_shows_and_requires(desk: &Desk) {
    let (browser, canvas) = (&desk.browser, desk.browser.part(CANVAS));
    desk.select_form().await;
    let properties = browser.part(PROPERTIES);
    properties.click("Rules").await;
    properties.click("Add a rule").await;
    let rule = browser.part("[data-rule='0']");
    rule.choose("Field", "Amount").await;
    rule.choose("Comparison", "is above").await;
    rule.fill("Value", "100").await;
    for list in ["Then these are shown", "Then these are required"] {
        choose_all(browser, "[data-rule='0']", list, &["City"]).await;
    }
    let says = async || {
        let rule = desk.draft().await["rules"][0].clone();
        json!([rule["show"], rule["require"], rule["when"].to_string().contains("\"amount\"")])
    };
    desk.becomes(says, json!([["city"], ["city"], true])).await;
    // It holds on the canvas at once, where the field says that it waits.
    canvas.sees("Not shown now").await;
    canvas.enter("Amount", "150").await;
    canvas.sees_no_more("Not shown now").await;
}

async fn a_check_and_what_is_there_once(desk: &Desk) {
    let browser = &desk.browser;
    desk.select_form().await;
    let properties = browser.part(PROPERTIES);
    properties.click("Validation rules").await;
    properties.click("Add a validation rule").await;
    let check = browser.part("[data-check='0']");
    check.fill("Formula", "Amount < 1000").await;
    check.enter("Error message", "Too much for one order").await;
    let wanted = json!([{"key": "check_1", "formula": "amount < 1000", "message": "Too much for one order"}]);
    desk.becomes(async || desk.draft().await["validate"].clone(), wanted).await;
    properties.click("No duplicates of these together").await;
    properties.click("Add fields that are unique together").await;
    choose_all(browser, PROPERTIES, "No duplicates of these together", &["Name", "City"]).await;
    desk.becomes(async || desk.draft().await["unique"].clone(), json!([["name", "city"]])).await;
    browser.gone(".problems").await;
}

/// Each text has its line; what is missing is counted until it is there.
async fn texts_are_translated(desk: &Desk) {
    let browser = &desk.browser;
    desk.select_form().await;
    browser.part(PROPERTIES).click("Translations").await;
    let dialog = browser.dialog();
    let counts = "return [...document.querySelectorAll('dialog[open] thead th .badge')].map(badge => parseInt(badge.innerText))";
    // The form, its seven fields, two choices and a check: in both other languages. One is called in Chinese, and lacks English.
    let missing = async |wanted: Value| {
        let is_so = browser.until(async || browser.script(counts).await == wanted).await;
        assert!(is_so, "{}, not {wanted}", browser.script(counts).await);
    };
    missing(json!([10, 11, 1])).await;
    dialog.enter("Name – 简体中文", "名称").await;
    missing(json!([9, 11, 1])).await;
    dialog.enter("Name – 繁體中文", "名稱").await;
    dialog.enter("Validation rule 1 – 繁體中文", "單筆金額過高").await;
    missing(json!([9, 9, 1])).await;
    let label = json!({"zh-CN": "名称", "zh-TW": "名稱", "en": "Name"});
    desk.becomes(async || desk.field("name").await["label"].clone(), label).await;
    let message = json!({"zh-TW": "單筆金額過高", "en": "Too much for one order"});
    desk.becomes(async || desk.draft().await["validate"][0]["message"].clone(), message).await;
    // What has all its texts can be left out.
    dialog.click_at(".switch-row").await;
    dialog.sees("Colour").await;
    browser.gone("dialog[open] input[aria-label='Name – English']").await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
}

async fn the_form_is_seen_as_on_a_phone(desk: &Desk) {
    let browser = &desk.browser;
    let width = "return document.querySelector('.canvas .paper').getBoundingClientRect().width <= 390";
    assert_eq!(browser.script(width).await, false);
    browser.part(".canvas-bar").click("Phone").await;
    assert!(browser.until(async || browser.script(width).await == true).await, "it is as wide as before");
    browser.part(".canvas-bar").click("Computer").await;
    assert!(browser.until(async || browser.script(width).await == false).await, "it stays narrow");
}

/// The draft is filled as people will fill it, with its rules and checks, and begun again; nothing of it is kept.
async fn it_is_tried_out_and_nothing_is_stored(desk: &Desk) {
    let browser = &desk.browser;
    browser.click("Try it").await;
    let dialog = browser.dialog();
    dialog.sees("Nothing is stored.").await;
    dialog.click("Phone").await;
    browser.find("dialog[open] .try-out[data-phone=true]").await;
    dialog.fill("Name", "Trial").await;
    dialog.sees_no_more("City").await;
    dialog.enter("Amount", "2000").await;
    dialog.sees("City").await;
    dialog.click("Check").await;
    let faults = browser.part("dialog[open] .banner.danger");
    faults.sees("City").await;
    dialog.enter("City", "Ulm").await;
    dialog.click("Check").await;
    faults.sees("Too much for one order").await;
    dialog.enter("Amount", "200").await;
    // While the first digits were typed the rule hid it, and what is hidden is emptied.
    dialog.enter("City", "Ulm").await;
    dialog.click("Check").await;
    browser.part(".toasts").sees("Everything is right. Nothing was stored.").await;
    dialog.click("Start over").await;
    assert!(browser.until(async || dialog.held("Name").await.is_empty()).await);
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    let records = desk.admin.get(&format!("/forms/{}/records", desk.form)).await.ok();
    assert_eq!(records["items"], json!([]));
    // Nor is it offered as something that was begun.
    browser.go(&format!("/apps/shop/forms/{}/new", desk.form)).await;
    browser.input("Name").await;
    assert!(!browser.shows("Trial").await && browser.held("Name").await.is_empty());
}
