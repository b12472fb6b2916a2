//! Publishing from the designer: one stays there, is told who may use the form, and is led to where that is said. And what
//! stands still meanwhile: the parts of a design, the settings of a field, the choices that are typed.

use serde_json::{Value, json};
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Server};
use thirtyfour::prelude::*;

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";

/// The designer with a form that nobody has any right to.
struct Desk {
    server: Server,
    admin: Client,
    browser: Browser,
    form: String,
}

impl Desk {
    async fn open() -> Self {
        let server = Server::start(Database::Sqlite).await;
        let admin = server.set_up().await;
        admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
        let leave = json!({"key": "leave", "label": "Leave", "title": "{name}", "fields": [
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "sort", "label": "Sort", "kind": "select", "options": {"choices": [
                {"key": "c1", "label": "Choice 1"}, {"key": "c2", "label": "选项 2"}]}},
            {"key": "days", "label": "Days", "kind": "subform", "options": {"fields": [
                {"key": "day", "label": "Day", "kind": "date"}]}}]});
        let form = id_of(&admin.post("/apps/office/forms", leave).await.created());
        let browser = Browser::open(&server).await;
        browser.sign_in().await;
        let desk = Desk { server, admin, browser, form };
        desk.design().await;
        desk
    }

    async fn design(&self) {
        self.browser.go(&format!("/apps/office/forms/{}/design", self.form)).await;
        self.browser.part(CANVAS).sees("Sort").await;
    }

    /// Presses the field on the canvas that is called so, beside its input.
    async fn select(&self, label: &str) {
        let press = format!(
            "const slots = [...document.querySelectorAll('.canvas .slot')]; \
             const slot = slots.find(slot => slot.querySelector('.label')?.textContent.includes('{label}')); \
             slot?.dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true}})); \
             return slot !== undefined"
        );
        let pressed = self.browser.until(async || self.browser.script(&press).await == true).await;
        assert!(pressed, "there is no `{label}`");
    }

    /// Publishes, after the dialog has said something.
    async fn publish(&self, says: &[&str]) {
        self.browser.part(".top").click("Publish").await;
        for words in says {
            self.browser.dialog().sees(words).await;
        }
        self.browser.dialog().click("Publish").await;
        self.browser.gone("dialog[open]").await;
        self.browser.part(".toasts").sees("Published").await;
    }

    /// The choices of the draft, as the server has them.
    async fn choices(&self) -> Value {
        let draft = self.admin.get(&format!("/forms/{}/draft", self.form)).await.ok();
        let choices = draft["definition"]["fields"][1]["options"]["choices"].as_array().unwrap().clone();
        choices.iter().map(|choice| choice["label"].clone()).collect()
    }

    async fn choices_become(&self, wanted: Value) {
        let are_so = self.browser.until(async || self.choices().await == wanted).await;
        assert!(are_so, "{}, not {wanted}", self.choices().await);
    }

    async fn close(self) {
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        self.browser.close().await;
        self.server.close().await;
    }
}

#[tokio::test]
async fn who_publishes_stays_and_is_told_who_may_use_the_form() {
    let desk = Desk::open().await;
    let (browser, canvas) = (&desk.browser, desk.browser.part(CANVAS));
    browser.part(PALETTE).click("Date").await;
    canvas.sees("Date").await;
    desk.publish(&["“Date” added", "Nobody but administrators can use this form yet."]).await;
    canvas.sees("Date").await;
    browser.find(".top .btn.primary[aria-disabled=true][title='There is nothing to publish']").await;
    // What was published is gone on with: the next change is one against it.
    browser.part(PALETTE).click("Phone").await;
    desk.publish(&["“Phone” added"]).await;
    browser.find(".top .btn.primary[aria-disabled=true]").await;

    browser.part(".over-page").sees("Nobody but administrators can use this form yet.").await;
    browser.part(".over-page").click("Set permissions").await;
    let presets = browser.part(".presets");
    presets.sees("Sees all records, and changes none.").await;
    presets.click("View all").await;
    browser.part(".page-title").sees("View all").await;

    let group = json!({"format": 1, "key": "all", "label": "Colleagues", "who": {"everyone": true},
        "operations": ["view", "create"], "fields": {"*": "edit"}, "rows": null, "enabled": true});
    desk.admin.post(&format!("/forms/{}/permissions", desk.form), group).await.created();
    desk.design().await;
    browser.part(PALETTE).click("Rating").await;
    desk.publish(&["Who may use it", "Colleagues: everyone"]).await;
    browser.gone(".over-page").await;
    browser.part(".toasts").click("Open the form").await;
    browser.part(".breadcrumb").sees("Leave").await;
    browser.gone(CANVAS).await;
    desk.close().await;
}

/// The left edges of the links to the parts of a design, in pixels.
const EDGES: &str = "return [...document.querySelectorAll('.design-tabs a')]\
     .map(link => Math.round(link.getBoundingClientRect().left * 2) / 2)";

#[tokio::test]
async fn the_parts_of_a_design_stand_at_one_place_on_every_page_and_in_every_state() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    for width in [1440, 1100] {
        browser.resize(width, 900).await;
        desk.design().await;
        let edges = browser.script(EDGES).await;
        assert_eq!(edges.as_array().unwrap().len(), 5);
        let stand_still = async |when: &str| {
            let now = browser.script(EDGES).await;
            assert_eq!(now, edges, "{when} at {width}");
        };
        browser.part(PALETTE).click("Date").await;
        stand_still("while it is saved").await;
        browser.part(".top").sees("Unpublished changes").await;
        stand_still("with a change").await;
        for (part, there) in [("Flow", ".flow-canvas"), ("Permissions", ".perm"), ("Form", CANVAS)] {
            browser.part(".design-tabs").click(part).await;
            browser.find(there).await;
            stand_still(part).await;
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn the_settings_of_another_field_begin_at_their_top() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.resize(1440, 520).await;
    let properties = browser.part(PROPERTIES);
    desk.select("Sort").await;
    properties.sees("Choices").await;
    let scroll = "const body = document.querySelector('.pane.right > .pane-body'); body.scrollTop = 120; return body.scrollTop";
    assert_eq!(browser.script(scroll).await, 120);
    let scrolled = "return document.querySelector('.pane.right > .pane-body').scrollTop";
    // The same field stays where it is, whatever becomes of it.
    properties.click("Add a choice").await;
    properties.find(".choice-line:nth-child(3)").await;
    assert_ne!(browser.script(scrolled).await, 0);
    desk.select("Name").await;
    let is_at_top = browser.until(async || browser.script(scrolled).await == 0).await;
    assert!(is_at_top, "{}", browser.script(scrolled).await);
    desk.close().await;
}

/// What is marked of the input that has the focus.
const MARKED: &str = "const input = document.activeElement; return input.value.slice(input.selectionStart, input.selectionEnd)";

#[tokio::test]
async fn choices_are_typed_one_after_the_other() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    let properties = browser.part(PROPERTIES);
    let at = async |place: u32| browser.find(&format!(".choice-line:nth-child({place}) input:focus")).await;
    let marks = async |text: &str| {
        let is_marked = browser.until(async || browser.script(MARKED).await == text).await;
        assert!(is_marked, "{} is marked, not {text}", browser.script(MARKED).await);
    };
    desk.select("Sort").await;
    // A preset text is typed over, in whichever language it was put in.
    properties.click_at(".choice-line:nth-child(1) input").await;
    marks("Choice 1").await;
    browser.keys("Annual leave" + Key::Enter).await;
    at(2).await;
    marks("选项 2").await;
    browser.keys("Sick leave" + Key::Enter).await;
    // Behind the last one there is another one to name.
    at(3).await;
    marks("Choice 3").await;
    browser.keys("sick leave" + Key::Enter).await;
    at(4).await;
    marks("Choice 4").await;
    desk.choices_become(json!(["Annual leave", "Sick leave", "sick leave", "Choice 4"])).await;

    // Two of one text are told where they stand, and not published.
    properties.part(".choice-line:nth-child(3)").sees("The choice “sick leave” is there twice.").await;
    browser.part(".problems").sees("is there twice").await;
    browser.find(".top .btn.primary[aria-disabled=true][title='One problem has to be solved first']").await;
    browser.keys(Key::Up + "").await;
    at(3).await;
    browser.keys(Key::Control + "a").await;
    browser.keys("Other").await;
    browser.keys(Key::Down + "").await;
    at(4).await;
    properties.part(".choice-line:nth-child(3)").sees_no_more("is there twice").await;
    browser.gone(".problems").await;

    // One without a text goes with the next step back, and leaves the focus at the one before it.
    marks("Choice 4").await;
    browser.keys(Key::Backspace + "").await;
    browser.keys(Key::Backspace + "").await;
    at(3).await;
    browser.gone(".choice-line:nth-child(4)").await;
    desk.choices_become(json!(["Annual leave", "Sick leave", "Other"])).await;
    browser.keys(Key::Alt + Key::Up).await;
    at(2).await;
    desk.choices_become(json!(["Annual leave", "Other", "Sick leave"])).await;
    desk.close().await;
}

#[tokio::test]
async fn keys_are_not_explained_where_it_looks_as_on_a_phone() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.find(".canvas .key-hint").await;
    browser.part(".canvas-bar").click("Phone").await;
    browser.gone(".canvas .key-hint").await;
    desk.close().await;
}

#[tokio::test]
async fn the_help_of_a_function_names_the_words_that_it_takes() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    browser.part(PALETTE).click("Formula").await;
    browser.leave_formula().await;
    properties.fill("Formula", "DATEDIF(TODAY(), TODAY(), ").await;
    properties.part(".call-line").sees("\"YM\" months beyond whole years").await;
    properties.click("Open the formula editor").await;
    let help = browser.dialog();
    help.fill("Name or purpose", "DATEADD").await;
    help.click("DATEADD").await;
    help.part(".fn-help").sees("\"quarter\" quarters").await;
    help.fill("Formula", "1 + 1").await;
    help.sees("Gives a number").await;
    help.click("Done").await;
    browser.gone("dialog[open]").await;
    desk.close().await;
}
