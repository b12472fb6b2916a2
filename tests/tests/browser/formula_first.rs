//! Computed fields as somebody makes them who knows spreadsheets: the formula first, with its sign before it, names as they are
//! read, choices as they are called; and what is told of a circle, of a field that is gone, of a rule that is wrong.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";
/// The name of the field that is selected has the focus, and all of it is marked.
const IS_NAMED: &str = "const name = document.activeElement; \
    return name.name === 'field-label' && name.selectionStart === 0 && name.selectionEnd === name.value.length";

/// A designer on an expense claim: a choice, two amounts of which one follows the other, and rows.
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
        admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
        let choices = json!({"choices": [{"key": "c1", "label": "Travel"}, {"key": "c2", "label": "Meals"}]});
        let rows = json!({"fields": [{"key": "part", "label": "Own part", "kind": "number"}]});
        let form = json!({"key": "claim", "label": "Claim", "fields": [
            {"key": "category", "label": "Category", "kind": "select", "options": choices},
            {"key": "unit_price", "label": "Unit price", "kind": "number"},
            {"key": "net", "label": "Net", "kind": "number", "compute": {"formula": "unit_price * 2"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": rows}]});
        let form = admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned();
        admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
        let browser = Browser::open(&server).await;
        browser.sign_in().await;
        browser.go(&format!("/apps/office/forms/{form}/design")).await;
        browser.part(CANVAS).sees("Unit price").await;
        Desk { server, admin, browser, form }
    }

    async fn close(self) {
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        self.browser.close().await;
        self.server.close().await;
    }

    async fn draft(&self) -> Value {
        self.admin.get(&format!("/forms/{}/draft", self.form)).await.ok()["definition"].clone()
    }

    /// Waits until the stored draft holds something at a JSON pointer.
    async fn stored(&self, pointer: &str, wanted: Value) {
        let holds = async || self.draft().await.pointer(pointer) == Some(&wanted);
        let came = self.browser.until(holds).await;
        assert!(came, "{pointer} is stored as {:?}, not {wanted}", self.draft().await.pointer(pointer));
    }
}

#[tokio::test]
async fn a_computed_field_begins_with_its_formula_and_then_gets_its_name() {
    let desk = Desk::open().await;
    let (browser, dialog) = (&desk.browser, desk.browser.dialog());
    browser.part(PALETTE).click("Formula").await;
    dialog.sees("Formula of “Formula”").await;
    // A label with a space is told with its brackets, and mended by a press.
    dialog.fill("Formula", "=Unit price * 2").await;
    dialog.sees("is written with brackets").await;
    dialog.click("Use “[Unit price]”").await;
    dialog.sees("Gives a number").await;
    dialog.click("Done").await;
    browser.gone("dialog[open]").await;
    browser.gives(IS_NAMED, true).await;
    browser.keys("Double".to_owned() + Key::Tab).await;
    browser.part(CANVAS).sees("Double").await;
    desk.stored("/fields/4/label", json!("Double")).await;
    desk.stored("/fields/4/options/formula", json!("unit_price * 2")).await;
    // Any other field is named at once.
    browser.part(PALETTE).click("Date").await;
    browser.gives(IS_NAMED, true).await;
    browser.keys("Spent on".to_owned() + Key::Tab).await;
    desk.stored("/fields/5/label", json!("Spent on")).await;
    desk.close().await;
}

#[tokio::test]
async fn what_a_formula_gives_is_found_and_choices_are_written_as_they_are_called() {
    let desk = Desk::open().await;
    let (browser, dialog) = (&desk.browser, desk.browser.dialog());
    browser.part(PALETTE).click("Formula").await;
    dialog.fill("Formula", "IF(Category = \"Travel\", \"by train\", \"at noon\")").await;
    dialog.sees("Gives text").await;
    dialog.click("Done").await;
    browser.gone("dialog[open]").await;
    desk.stored("/fields/4/options/type", json!("text")).await;
    let formula = "IF(category = \"c1\", \"by train\", \"at noon\")";
    desk.stored("/fields/4/options/formula", json!(formula)).await;
    // It is shown as it was written.
    let shown = "IF(Category = \"Travel\", \"by train\", \"at noon\")";
    browser.part(PROPERTIES).holds("Formula", shown).await;
    desk.close().await;
}

#[tokio::test]
async fn a_column_is_made_of_a_formula_and_its_total_is_a_switch() {
    let desk = Desk::open().await;
    let (browser, dialog) = (&desk.browser, desk.browser.dialog());
    browser.part(".canvas .add-column").click("Add a column").await;
    let kinds = browser.part(":popover-open:not(.toasts, .tooltip)");
    kinds.type_at("[role=searchbox]", "formu").await;
    browser.gives("return document.querySelectorAll(':popover-open [role=option]').length", 1).await;
    kinds.type_at("[role=searchbox]", Key::Enter + "").await;
    dialog.sees("Formula of “Formula”").await;
    dialog.fill("Formula", "=[Own part] * 2").await;
    dialog.sees("Gives a number").await;
    dialog.click("Done").await;
    browser.gone("dialog[open]").await;
    desk.stored("/fields/3/options/fields/1/kind", json!("number")).await;
    desk.stored("/fields/3/options/fields/1/compute/formula", json!("part * 2")).await;
    // What is computed adds up until somebody says otherwise; a number that is entered does not.
    let properties = browser.part(PROPERTIES);
    properties.sees("The sum of this column over all rows").await;
    properties.tick("Total below the rows").await;
    desk.stored("/fields/3/options/fields/1/total", json!(false)).await;
    browser.click_at(".canvas .col-head[data-column='lines.part']").await;
    properties.tick("Total below the rows").await;
    desk.stored("/fields/3/options/fields/0/total", json!(true)).await;
    desk.admin.post(&format!("/forms/{}/publish", desk.form), json!({})).await.ok();
    desk.close().await;
}

#[tokio::test]
async fn a_circle_is_told_where_the_formula_is_written() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    browser.part(CANVAS).click_at("[data-slot=unit_price] .label").await;
    properties.click("Computed when saved").await;
    properties.fill("Formula", "Net + 1").await;
    properties.part(".note-slot .error").sees("Unit price → Net → Unit price").await;
    properties.fill("Formula", "1 + 1").await;
    properties.sees("Gives a number").await;
    desk.close().await;
}

#[tokio::test]
async fn a_field_that_is_gone_is_called_as_it_was_and_a_wrong_rule_says_so_itself() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    // A rule of the form reads the field that goes.
    let rule = json!({"when": {"field": "unit_price", "op": "gt", "value": "5"}, "show": ["category"]});
    let path = format!("/forms/{}/draft/edits", desk.form);
    let base = desk.admin.get(&format!("/forms/{}/draft", desk.form)).await.ok()["base"].clone();
    desk.admin.post(&path, json!({"base": base, "edits": [{"do": "add_rule", "rule": rule}]})).await.ok();
    browser.go(&format!("/apps/office/forms/{}/design", desk.form)).await;
    browser.part(CANVAS).click_at("[data-slot=unit_price] .label").await;
    properties.click_at("[aria-label='Remove field']").await;
    browser.dialog().click("Remove all the same").await;
    browser.part(".problems").sees("“Unit price” was removed.").await;
    browser.part(CANVAS).click_at(".paper-title").await;
    properties.part("[data-rule='0'] [data-told=error]").sees("“Unit price” was removed.").await;
    // Who reads the draft another time is told the same, by the form in force.
    let problems = desk.admin.get(&format!("/forms/{}/draft", desk.form)).await.ok()["problems"].clone();
    let codes: Vec<&str> =
        problems.as_array().unwrap().iter().filter_map(|problem| problem["code"].as_str()).collect();
    assert!(codes.contains(&"removed_field"), "{problems}");
    desk.close().await;
}
