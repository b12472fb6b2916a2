//! The dialog in which a formula has room: what it gives for records that are there, the records of other forms that it can
//! count, and the way back to what it was.

use serde_json::{Value, json};
use tests::browser::Part;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PROPERTIES: &str = ".pane.right";

/// A form in an app of its own, published.
async fn published(admin: &Client, app: &str, form: Value) -> String {
    admin.post("/apps", json!({"key": app, "label": app})).await.created();
    let form: Value = admin.post(&format!("/apps/{app}/forms"), form).await.created();
    let form = form["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    form
}

struct Desk {
    server: Server,
    admin: Client,
    browser: Browser,
    form: String,
}

impl Desk {
    /// Orders whose total is a formula, and in another app what was paid.
    async fn open() -> Desk {
        let server = Server::start(Database::Sqlite).await;
        let admin = server.set_up().await;
        let rows = json!({"fields": [{"key": "weight", "label": "Weight", "kind": "number"}]});
        let order = json!({"key": "order", "label": "Order", "title": "{name}", "fields": [
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "price", "label": "Price", "kind": "number"},
            {"key": "count", "label": "Pieces", "kind": "number"},
            {"key": "total", "label": "Total", "kind": "formula", "options": {"formula": "price * count"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": rows}]});
        let form = published(&admin, "shop", order).await;
        let payment = json!({"key": "payment", "label": "Payment", "fields": [
            {"key": "order", "label": "Paid for", "kind": "text"},
            {"key": "amount", "label": "Amount", "kind": "number"}]});
        published(&admin, "bank", payment).await;
        let browser = Browser::open(&server).await;
        browser.sign_in().await;
        Desk { server, admin, browser, form }
    }

    async fn record(&self, name: &str, price: u32, count: u32) {
        let lines = json!([{"weight": 2}, {"weight": 3}]);
        let fields = json!({"name": name, "price": price, "count": count, "lines": lines});
        let path = format!("/forms/{}/records", self.form);
        self.admin.post(&path, json!({ "fields": fields })).await.created();
    }

    /// The dialog with the formula of the total.
    async fn dialog(&self) -> Part {
        self.browser.go(&format!("/apps/shop/forms/{}/design", self.form)).await;
        self.browser.part(CANVAS).sees("Price").await;
        self.browser.part(CANVAS).click_at(".slot:has(.fx)").await;
        self.browser.part(PROPERTIES).click("Open the formula editor").await;
        let dialog = self.browser.dialog();
        dialog.sees("Formula of “Total”").await;
        dialog
    }

    async fn close(self) {
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        self.browser.close().await;
        self.server.close().await;
    }
}

/// Waits until an input holds this.
async fn holds(part: &Part, browser: &Browser, wanted: &str) {
    let same = browser.until(async || part.held("Formula").await == wanted).await;
    assert!(same, "{:?}, not {wanted}", part.held("Formula").await);
}

#[tokio::test]
async fn a_formula_shows_what_it_gives_for_records_that_are_there() {
    let desk = Desk::open().await;
    desk.record("Ink", 20, 3).await;
    desk.record("Pens", 5, 4).await;
    let dialog = desk.dialog().await;
    // The newest one, with what the formula reads of it; nothing is said of the canvas, which is empty.
    let (named, gives) = (dialog.part("[data-sample-title]"), dialog.part("[data-sample-value]"));
    named.sees("Pens").await;
    gives.sees("20").await;
    dialog.part(".result").sees("Price 5").await;
    dialog.fill("Formula", "Price * 3").await;
    gives.sees("15").await;
    dialog.click("Older record").await;
    named.sees("Ink").await;
    gives.sees("60").await;
    // Rows count as they are stored, all of them.
    dialog.fill("Formula", "Price + SUM(Lines.Weight)").await;
    gives.sees("25").await;
    // Half of a formula leaves what the one before it gave.
    dialog.fill("Formula", "Price +").await;
    dialog.sees("The formula before this one gave").await;
    gives.sees("25").await;
    dialog.fill("Formula", "Price / 0").await;
    gives.sees("This can't be computed").await;
    dialog.click("Newer record").await;
    named.sees("Pens").await;
    desk.close().await;
}

/// Also a check, which gives no field its value, is told with what it gives for a record.
#[tokio::test]
async fn a_check_is_tried_with_records_that_are_there() {
    let desk = Desk::open().await;
    desk.record("Ink", 20, 3).await;
    desk.browser.go(&format!("/apps/shop/forms/{}/design", desk.form)).await;
    let (canvas, properties) = (desk.browser.part(CANVAS), desk.browser.part(PROPERTIES));
    canvas.sees("Price").await;
    canvas.click_at(".paper-title").await;
    properties.click("Validation rules").await;
    properties.click("Add a validation rule").await;
    let check = desk.browser.part("[data-check='0']");
    check.fill("Formula", "Price > 30").await;
    check.sees("Gives yes or no").await;
    check.click("Open the formula editor").await;
    let dialog = desk.browser.dialog();
    dialog.part("[data-sample-value]").sees("No").await;
    dialog.fill("Formula", "Price < 30").await;
    dialog.part("[data-sample-value]").sees("Yes").await;
    desk.close().await;
}

#[tokio::test]
async fn without_a_record_a_formula_is_told_from_the_canvas() {
    let desk = Desk::open().await;
    let dialog = desk.dialog().await;
    dialog.sees("Gives a number").await;
    desk.browser.settled("the formula").await;
    desk.browser.gone("dialog[open] [data-sample]").await;
    dialog.click("Done").await;
    desk.browser.gone("dialog[open]").await;
    let canvas = desk.browser.part(CANVAS);
    canvas.enter("Price", "20").await;
    canvas.enter("Pieces", "2").await;
    canvas.click_at(".slot:has(.fx)").await;
    desk.browser.part(PROPERTIES).click("Open the formula editor").await;
    desk.browser.dialog().sees("Gives a number, 40 on the canvas").await;
    desk.close().await;
}

#[tokio::test]
async fn cancelling_leaves_a_formula_as_it_was() {
    let desk = Desk::open().await;
    let properties = desk.browser.part(PROPERTIES);
    let dialog = desk.dialog().await;
    dialog.fill("Formula", "Price * 3").await;
    dialog.sees("Gives a number").await;
    dialog.fill("Formula", "Price * 3 +").await;
    dialog.click("Cancel").await;
    desk.browser.gone("dialog[open]").await;
    holds(&properties, &desk.browser, "Price * Pieces").await;
    desk.browser.gone(".problems").await;
    // Nothing was done that could be taken back; done again it would be.
    desk.browser.control("Redo: Change “Total”").await;
    // What was taken stays.
    properties.click("Open the formula editor").await;
    let dialog = desk.browser.dialog();
    dialog.fill("Formula", "Price * 4").await;
    dialog.click("Done").await;
    desk.browser.gone("dialog[open]").await;
    holds(&properties, &desk.browser, "Price * 4").await;
    desk.browser.control("Undo: Change “Total”").await;
    desk.close().await;
}

#[tokio::test]
async fn records_of_other_forms_are_counted_from_a_list() {
    let desk = Desk::open().await;
    let dialog = desk.dialog().await;
    // What a function does stands beside its name.
    dialog.part(".formula-topics").sees("Adds up numbers").await;
    dialog.click("Records of forms").await;
    let forms = dialog.part("[data-forms]");
    forms.sees("bank").await;
    dialog.fill("Formula", "SUMOF(").await;
    forms.click("Payment").await;
    holds(&dialog, &desk.browser, "SUMOF(Payment").await;
    dialog.type_in("Formula", ", TRUE, ").await;
    forms.click("Fields of “Payment”").await;
    forms.click("Amount").await;
    holds(&dialog, &desk.browser, "SUMOF(Payment, TRUE, Payment.Amount").await;
    dialog.type_in("Formula", ")").await;
    dialog.sees("Gives a number").await;
    // They are found by name, and offered while one writes.
    dialog.fill("Find a field", "amou").await;
    dialog.control("Payment.Amount").await;
    dialog.fill("Formula", "COUNTOF(Pay").await;
    dialog.part("[role=listbox]").control("Payment").await;
    desk.browser.keys(Key::Enter + "").await;
    holds(&dialog, &desk.browser, "COUNTOF(Payment").await;
    dialog.type_in("Formula", ", Payment.Paid for = Name)").await;
    dialog.find(".note-slot .error").await;
    dialog.fill("Formula", "SUMOF(Payment, Payment.[Paid for] = Name, Payment.Amount)").await;
    dialog.sees("Gives a number").await;
    dialog.click("Done").await;
    desk.browser.gone("dialog[open]").await;
    desk.browser.gone(".problems").await;
    let path = format!("/forms/{}/draft", desk.form);
    let stored = async || {
        let draft = desk.admin.get(&path).await.ok();
        draft["definition"].to_string().contains("bank/payment")
    };
    assert!(desk.browser.until(async || stored().await).await, "{}", desk.admin.get(&path).await.ok());
    desk.admin.post(&format!("/forms/{}/publish", desk.form), json!({})).await.ok();
    desk.close().await;
}
