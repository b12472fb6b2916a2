//! What is done in its place in the form designer, as people do it: edges drawn by the mouse, heads of columns chosen, dragged and
//! moved by keys, rules of columns, and what is asked before something goes that is used.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";
const EDGE: &str = ".canvas .slot[aria-current=true] > .edge";
/// What a field takes of its row: that of the slot that is selected, in quarters.
const QUARTERS: &str = "const slot = document.querySelector('.canvas .slot[aria-current=true]'); \
    return Math.round(4 * slot.getBoundingClientRect().width / slot.parentElement.getBoundingClientRect().width)";

/// A designer on a form with two fields in a row, a sum of them, and rows.
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
        let field = |key: &str, label: &str, kind: &str| json!({"key": key, "label": label, "kind": kind});
        let amount =
            json!({"key": "amount", "label": "Amount", "kind": "number", "compute": {"formula": "qty * 2"}});
        let lines = json!({"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            field("item", "Item", "text"), field("qty", "Pieces", "number"), amount, field("note", "Remark", "text")]}});
        let total = json!({"key": "total", "label": "Total", "kind": "formula", "options": {"formula": "price * count"}});
        let row = |key: &str, width: u32| json!({"field": key, "width": width});
        let form = json!({"key": "order", "label": "Order",
            "fields": [field("price", "Price", "number"), field("count", "Number", "number"), total, lines],
            "layout": [{"row": [row("price", 6), row("count", 6)]}, {"row": [row("total", 12)]}, {"row": [row("lines", 12)]}]});
        let form = admin.post("/apps/shop/forms", form).await.created()["id"].as_str().unwrap().to_owned();
        admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
        let browser = Browser::open(&server).await;
        browser.sign_in().await;
        browser.go(&format!("/apps/shop/forms/{form}/design")).await;
        browser.part(CANVAS).sees("Price").await;
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

    /// Waits until the stored draft has the columns of the rows in this order.
    async fn columns(&self, wanted: &[&str]) {
        let read = async || {
            let draft = self.draft().await;
            let fields = draft["fields"].as_array().unwrap();
            let lines = fields.iter().find(|field| field["key"] == "lines").unwrap();
            let columns = lines["options"]["fields"].as_array().unwrap().iter();
            columns.map(|column| column["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(
            self.browser.until(async || read().await == wanted).await,
            "{:?}, not {wanted:?}",
            read().await
        );
    }

    /// Where the edge of the selected field is drawn to for so many quarters.
    async fn quarter(&self, quarters: u32) -> (u32, u32) {
        let place = format!(
            "const slot = document.querySelector('{EDGE}').parentElement; \
             const row = slot.parentElement.getBoundingClientRect(), box = slot.getBoundingClientRect(); \
             return [Math.round(box.left + row.width * {quarters} / 4), Math.round(box.top + box.height / 2)]"
        );
        let place = self.browser.script(&place).await;
        let number = |at: usize| u32::try_from(place[at].as_u64().unwrap()).unwrap();
        (number(0), number(1))
    }

    async fn takes(&self, quarters: u32) {
        let takes = async || self.browser.script(QUARTERS).await == quarters;
        assert!(self.browser.until(takes).await, "it takes {}", self.browser.script(QUARTERS).await);
    }

    /// Whether the focus comes to what a selector finds.
    async fn has_focus(&self, css: &str) {
        let here = format!("return !!document.activeElement?.closest({})", json!(css));
        assert!(
            self.browser.until(async || self.browser.script(&here).await == true).await,
            "no focus in {css}"
        );
    }

    async fn leaves_the_focus(&self) {
        self.browser.script("document.activeElement?.blur()").await;
    }

    async fn head(&self, column: &str) -> String {
        let head = format!(".canvas .col-head[data-column='lines.{column}']");
        self.browser.find(&head).await;
        head
    }
}

#[tokio::test]
async fn a_field_is_made_wider_by_drawing_its_edge() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.part(CANVAS).click_at(".slot .label").await;
    let from = browser.middle_of(EDGE).await;
    let to = desk.quarter(3).await;
    browser.press_down(from).await;
    browser.draw_to(from, to).await;
    // It shows what it will be, and nothing is changed before it is let go.
    desk.takes(3).await;
    assert_eq!(desk.draft().await["layout"][0]["row"][0]["width"], 6);
    browser.release(to).await;
    desk.stored("/layout/0/row/0", json!({"field": "price", "width": 9})).await;
    assert_eq!(
        desk.draft().await["layout"][0]["row"][1],
        json!({"field": "count", "width": 6}),
        "it was dragged"
    );
    desk.takes(3).await;
    browser.click("Undo: Change “Price”").await;
    desk.takes(2).await;
    // Escape, while it is drawn, leaves it as it was.
    let from = browser.middle_of(EDGE).await;
    let to = desk.quarter(1).await;
    browser.press_down(from).await;
    browser.draw_to(from, to).await;
    desk.takes(1).await;
    browser.keys(Key::Escape + "").await;
    desk.takes(2).await;
    browser.release(to).await;
    desk.takes(2).await;
    desk.stored("/layout/0/row/0/width", json!(6)).await;
    desk.close().await;
}

#[tokio::test]
async fn a_field_is_made_wider_by_keys() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.part(CANVAS).click_at(".slot .label").await;
    browser.find(EDGE).await;
    browser.script(&format!("document.querySelector('{EDGE}').focus()")).await;
    for (key, quarters, said) in
        [(Key::Right, 3, "3/4"), (Key::End, 4, "Full"), (Key::Home, 1, "1/4"), (Key::Right, 2, "1/2")]
    {
        browser.keys(key + "").await;
        desk.takes(quarters).await;
        browser.find(&format!("{EDGE}[aria-valuetext='{said}']")).await;
        desk.has_focus(EDGE).await;
    }
    // From the canvas itself, several at once too.
    desk.leaves_the_focus().await;
    browser.keys(Key::Alt + Key::Right).await;
    desk.stored("/layout/0/row/0/width", json!(9)).await;
    browser.keys(Key::Shift + Key::Down).await;
    browser.part(PROPERTIES).sees("2 fields").await;
    browser.keys(Key::Alt + Key::Left).await;
    desk.stored("/layout/0/row", json!([{"field": "price", "width": 6}, {"field": "count", "width": 3}]))
        .await;
    browser.control("Undo: Change “2 fields”").await;
    desk.close().await;
}

#[tokio::test]
async fn columns_are_chosen_dragged_and_moved_by_keys_on_the_canvas() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    let label = async |wanted: &str| {
        let held = async || properties.held("Label").await == wanted;
        assert!(browser.until(held).await, "the settings are those of {}", properties.held("Label").await);
    };
    browser.click_at(&desk.head("item").await).await;
    browser.find(".canvas .col-head[aria-pressed=true][data-column='lines.item']").await;
    label("Item").await;
    browser.keys(Key::Right + "").await;
    label("Pieces").await;
    desk.has_focus(".col-head[data-column='lines.qty']").await;
    browser.keys(Key::Alt + Key::Left).await;
    desk.columns(&["qty", "item", "amount", "note"]).await;
    desk.has_focus(".col-head[data-column='lines.qty']").await;
    browser.control("Undo: Move “Pieces”").await;
    // Dragged by the mouse, before another one.
    let note = desk.head("note").await;
    browser
        .take_up(
            browser.middle_of(&note).await,
            &format!("return document.querySelector(\"{note}.gap\") !== null"),
        )
        .await;
    let to = browser.place_in(&desk.head("item").await, (10, 50)).await;
    browser.carry("dragOver", to).await;
    browser.find(".canvas .col-head[data-column='lines.item'][data-lands=before]").await;
    browser.let_go(to).await;
    desk.columns(&["qty", "note", "item", "amount"]).await;
    browser.control("Undo: Move “Remark”").await;
    // A column stays in its table: over a field of the form there is no place for it.
    let note = desk.head("note").await;
    browser
        .take_up(
            browser.middle_of(&note).await,
            &format!("return document.querySelector(\"{note}.gap\") !== null"),
        )
        .await;
    let away = browser.place_in(".canvas .slot", (50, 30)).await;
    browser.carry("dragOver", away).await;
    assert_eq!(browser.script("return document.querySelectorAll('.slot[data-lands]').length").await, 0);
    browser.let_go(away).await;
    desk.columns(&["qty", "note", "item", "amount"]).await;
    // Beside its rows it is the sub-form that is chosen.
    browser.click_at(&desk.head("item").await).await;
    label("Item").await;
    browser.part(".canvas .slot:has(.sub)").click_at(".label").await;
    label("Lines").await;
    desk.close().await;
}

#[tokio::test]
async fn what_is_pressed_or_dragged_into_a_table_becomes_a_column() {
    let desk = Desk::open().await;
    let (browser, palette) = (&desk.browser, desk.browser.part(PALETTE));
    browser.click_at(&desk.head("item").await).await;
    palette.click("Date").await;
    desk.columns(&["item", "date_1", "qty", "amount", "note"]).await;
    browser.find(".canvas .col-head[aria-pressed=true][data-column='lines.date_1']").await;
    // What no column is of goes after the table.
    palette.click("Serial no.").await;
    desk.stored("/fields/4/kind", json!("serial")).await;
    // From the palette by the mouse, behind a column.
    let kind = ".palette-kinds .kind[data-kind=switch]";
    let is_dragged = format!("return document.querySelector('{kind}.is-hover') !== null");
    browser.take_up(browser.middle_of(kind).await, &is_dragged).await;
    let to = browser.place_in(&desk.head("qty").await, (90, 50)).await;
    browser.carry("dragOver", to).await;
    browser.find(".canvas .col-head[data-column='lines.qty'][data-lands=after]").await;
    browser.let_go(to).await;
    desk.columns(&["item", "date_1", "qty", "switch_1", "amount", "note"]).await;
    // And from the menu below the rows.
    browser.part(".canvas .add-column").click("Add a column").await;
    browser.part(":popover-open:not(.toasts, .tooltip)").click("Money").await;
    desk.columns(&["item", "date_1", "qty", "switch_1", "amount", "note", "money_1"]).await;
    columns_are_copied_by_keys(&desk).await;
    desk.close().await;
}

/// A column is made once more beside itself, and put behind another one; the table is not copied with it.
async fn columns_are_copied_by_keys(desk: &Desk) {
    let browser = &desk.browser;
    browser.click_at(&desk.head("item").await).await;
    browser.find(".canvas .col-head[aria-pressed=true][data-column='lines.item']").await;
    desk.leaves_the_focus().await;
    browser.keys(Key::Control + "d").await;
    desk.columns(&["item", "item_2", "date_1", "qty", "switch_1", "amount", "note", "money_1"]).await;
    browser.keys(Key::Control + "c").await;
    browser.part(".toasts").sees("1 field copied").await;
    browser.click_at(&desk.head("note").await).await;
    browser.find(".canvas .col-head[aria-pressed=true][data-column='lines.note']").await;
    desk.leaves_the_focus().await;
    browser.keys(Key::Control + "v").await;
    desk.columns(&["item", "item_2", "date_1", "qty", "switch_1", "amount", "note", "item_3", "money_1"])
        .await;
}

#[tokio::test]
async fn a_rule_of_a_column_is_about_its_row() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    browser.click_at(&desk.head("note").await).await;
    properties.click("Shown when").await;
    let rule = browser.part(&format!("{PROPERTIES} details[open]"));
    rule.choose("Field", "Pieces").await;
    rule.choose("Comparison", "is above").await;
    rule.enter("Value", "5").await;
    desk.stored("/fields/3/options/fields/3/visible_when/all/0/field", json!("qty")).await;
    // It holds for each row by itself, on the canvas at once.
    let canvas = browser.part(CANVAS);
    for pieces in ["3", "7"] {
        canvas.click("Add a row").await;
        browser.find(".canvas .sub tbody tr:last-child").await;
        let input = format!(
            ".canvas .sub tbody tr:nth-child({}) td[data-label=Pieces] input",
            if pieces == "3" { 1 } else { 2 }
        );
        browser.click_at(&input).await;
        browser.keys(pieces.to_owned() + Key::Tab).await;
    }
    browser.find(".canvas .sub tbody tr:nth-child(1) td.not-shown").await;
    browser.gone(".canvas .sub tbody tr:nth-child(2) td.not-shown").await;
    browser.find(".canvas .sub tbody tr:nth-child(2) td[data-label=Remark] input").await;
    // A rule of the form asks for columns too.
    canvas.click_at(".paper-title").await;
    properties.click("Rules").await;
    properties.click("Add a rule").await;
    properties.part(".rule").choose("Then these are required", "Lines · Remark").await;
    desk.stored("/rules/0/require", json!(["lines.note"])).await;
    let published = desk.admin.post(&format!("/forms/{}/publish", desk.form), json!({})).await.ok();
    assert!(published.is_object());
    let record = json!({"fields": {"price": 1, "count": 1, "lines": [{"item": "a", "qty": 3}, {"item": "b", "qty": 7}]}});
    let refused =
        desk.admin.post(&format!("/forms/{}/records", desk.form), record).await.refused(422, "validation");
    let faults: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().filter_map(|one| one["path"].as_str()).collect();
    assert_eq!(faults, ["fields.lines.1.note"], "{refused}");
    desk.close().await;
}

#[tokio::test]
async fn what_uses_several_fields_is_said_before_they_go() {
    let desk = Desk::open().await;
    let (browser, canvas) = (&desk.browser, desk.browser.part(CANVAS));
    canvas.click_at(".slot .label").await;
    desk.leaves_the_focus().await;
    browser.keys(Key::Shift + Key::Down).await;
    browser.part(PROPERTIES).sees("2 fields").await;
    browser.keys(Key::Delete + "").await;
    let dialog = browser.dialog();
    dialog.sees("Remove these 2 fields?").await;
    dialog.sees("Formula of “Total”").await;
    let told = "return document.querySelectorAll('dialog[open] .uses li').length";
    browser.gives(told, 1).await;
    dialog.click("Cancel").await;
    browser.gone("dialog[open]").await;
    canvas.sees("Price").await;
    desk.leaves_the_focus().await;
    browser.keys(Key::Delete + "").await;
    dialog.click("Remove all the same").await;
    canvas.sees_no_more("Price").await;
    // Both are one step.
    browser.click("Undo: Remove “2 fields”").await;
    canvas.sees("Price").await;
    canvas.sees("Number").await;
    // With what uses them nothing is left to ask about.
    canvas.click_at(".slot .label").await;
    desk.leaves_the_focus().await;
    browser.keys(Key::Shift + Key::Down).await;
    browser.part(PROPERTIES).sees("2 fields").await;
    browser.keys(Key::Shift + Key::Down).await;
    browser.part(PROPERTIES).sees("3 fields").await;
    browser.keys(Key::Delete + "").await;
    canvas.sees_no_more("Total").await;
    assert_eq!(browser.script("return document.querySelectorAll('dialog[open]').length").await, 0);
    desk.close().await;
}

#[tokio::test]
async fn what_uses_a_column_is_said_before_its_cross_takes_it_out() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    browser.part(".canvas .slot:has(.sub)").click_at(".label").await;
    properties.sees("Columns").await;
    let cross = async |name: &str| {
        let mark = format!(
            "document.querySelector('[data-cross]')?.removeAttribute('data-cross'); \
             const rows = [...document.querySelectorAll('.pane.right .row:has(> .kind)')]; \
             const row = rows.find(row => row.querySelector('.kind').textContent.trim() === '{name}'); \
             row.querySelector('[aria-label=Remove]').setAttribute('data-cross', '')"
        );
        browser.script(&mark).await;
        browser.click_at("[data-cross]").await;
    };
    cross("Pieces").await;
    let dialog = browser.dialog();
    dialog.sees("Remove “Pieces”?").await;
    dialog.sees("Amount").await;
    dialog.click("Cancel").await;
    browser.gone("dialog[open]").await;
    desk.columns(&["item", "qty", "amount", "note"]).await;
    // Nothing uses this one.
    cross("Remark").await;
    desk.columns(&["item", "qty", "amount"]).await;
    assert_eq!(browser.script("return document.querySelectorAll('dialog[open]').length").await, 0);
    desk.close().await;
}

#[tokio::test]
async fn tools_stand_where_one_points_and_a_dot_where_something_is_wrong() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.click_at(".canvas .slot:nth-child(1) .label").await;
    browser.find(".canvas .slot:nth-child(1) > .slot-tools:not([data-pointed])").await;
    // Another field has its tools while the mouse rests on it, and what they do is done to that one.
    browser.rest_on(".canvas .slot:nth-child(2) .label").await;
    let pointed = ".canvas .slot:nth-child(2) > .slot-tools[data-pointed]";
    browser.part(pointed).control("Move down").await;
    browser.find(".canvas .slot:nth-child(1)[aria-current=true] > .slot-tools").await;
    browser.part(pointed).click("Duplicate").await;
    let copied = async || {
        let draft = desk.draft().await;
        let called = |label: &str| {
            let fields = draft["fields"].as_array().unwrap().iter();
            fields.filter(|field| field["label"].to_string().contains(label)).count()
        };
        (called("Price"), called("Number")) == (1, 2)
    };
    assert!(browser.until(copied).await, "{}", desk.draft().await["fields"]);
    // A finger rests nowhere: it shows the tools of what it selects.
    let touch = "const slot = document.querySelector('.canvas .slot:nth-child(1)'); \
         slot.dispatchEvent(new PointerEvent('pointerenter', {pointerType: 'touch'})); \
         return slot.getAttribute('aria-current')";
    browser.rest_on(".canvas .paper-title").await;
    browser.gone("[data-pointed]").await;
    assert_eq!(browser.script(touch).await, Value::Null);
    browser.gone(".canvas .slot:nth-child(1) > .slot-tools").await;
    // What is wrong with a field is told where it stands, until it is mended.
    browser.part(PALETTE).click("Formula").await;
    browser.leave_formula().await;
    browser.find(".canvas .slot[aria-current=true] > .fault-dot[aria-label]").await;
    browser.part(PROPERTIES).fill("Formula", "Price + 1").await;
    browser.gone(".fault-dot").await;
    desk.close().await;
}

#[tokio::test]
async fn where_a_field_is_used_is_told_beside_it() {
    let desk = Desk::open().await;
    let (browser, properties) = (&desk.browser, desk.browser.part(PROPERTIES));
    browser.click_at(".canvas .slot:nth-child(1) .label").await;
    properties.click("Where it is used").await;
    properties.sees("Formula of “Total”").await;
    browser.click_at(".canvas .slot:nth-child(3) .label").await;
    properties.sees_no_more("Formula of “Total”").await;
    properties.click("Where it is used").await;
    properties.sees("Nothing uses this field yet.").await;
    desk.close().await;
}

#[tokio::test]
async fn a_form_gets_an_icon_and_kinds_say_what_they_are_for() {
    let desk = Desk::open().await;
    let (browser, properties, palette) =
        (&desk.browser, desk.browser.part(PROPERTIES), desk.browser.part(PALETTE));
    properties.click("Icon 4").await;
    properties.find("[role=radio][aria-label='Icon 4'][aria-checked=true]").await;
    desk.stored("/icon", json!("gift")).await;
    desk.admin.post(&format!("/forms/{}/publish", desk.form), json!({})).await.ok();
    assert_eq!(desk.admin.get(&format!("/forms/{}", desk.form)).await.ok()["icon"], "gift");
    // Beside it for who points at it, below its name where a search leaves few.
    browser.rest_on(".kind[data-kind=money]").await;
    browser.part(".tooltip").sees("An amount with its currency").await;
    assert!(!palette.shows("An amount with its currency").await);
    palette.type_at("[role=searchbox]", "perc").await;
    palette.sees("A share: 15 stands for 15 %").await;
    desk.close().await;
    a_phone_reads_what_kinds_are_for().await;
}

/// There is room for it on a phone, and nothing to point with.
async fn a_phone_reads_what_kinds_are_for() {
    let desk = Desk::open().await;
    let browser = &desk.browser;
    browser.resize(390, 844).await;
    browser.click("Field types").await;
    browser.part(PALETTE).sees("One line, such as a name or a subject").await;
    desk.close().await;
}
