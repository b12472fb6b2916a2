//! The form designer: what a formula is offered, what is called a change, headings on the canvas, and both editors on a
//! phone.

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

const CANVAS: &str = ".canvas";
const PALETTE: &str = ".pane.left";
const PROPERTIES: &str = ".pane.right";
const OPEN_LIST: &str = ":popover-open:not(.toasts)";

/// A published form with a section and two tabs.
async fn order(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let row = |key: &str, width: u32| json!({"field": key, "width": width});
    let form = json!({"key": "order", "label": "Order", "fields": [
        {"key": "price", "label": "Price", "kind": "number"},
        {"key": "count", "label": "Pieces", "kind": "number"},
        {"key": "total", "label": "Total", "kind": "formula", "options": {"formula": "price * count"}},
        {"key": "note", "label": "Note", "kind": "text"},
        {"key": "remark", "label": "Remark", "kind": "text"}],
        "layout": [{"row": [row("price", 6), row("count", 6)]}, {"divider": "Sums"}, {"row": [row("total", 12)]},
            {"tabs": [{"label": "More", "rows": [{"row": [row("note", 12)]}]},
                {"label": "Rest", "rows": [{"row": [row("remark", 12)]}]}]}]});
    let form: Value = admin.post("/apps/shop/forms", form).await.created();
    let form = form["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    form
}

/// The designer with that form, on a desk.
async fn designer() -> (Server, Client, Browser, String) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let form = order(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(CANVAS).sees("Price").await;
    (server, admin, browser, form)
}

async fn close(server: Server, browser: Browser) {
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_formula_is_offered_what_it_can_read_where_it_can_stand() {
    let (server, _, browser, _) = designer().await;
    browser.part(CANVAS).click_at(".slot:has(.fx)").await;
    let properties = browser.part(PROPERTIES);
    properties.fill("Formula", "Pri").await;
    properties.control("Price").await;
    // Its own field is none of those that begin so.
    properties.fill("Formula", "To").await;
    properties.control("TODAY").await;
    let offered = "return [...document.querySelectorAll('.pane.right [role=option] .nowrap')]\
         .map(option => option.textContent.trim())";
    let offered = browser.script(offered).await;
    assert!(!offered.as_array().unwrap().contains(&json!("Total")), "{offered}");
    // What follows a value is an operator, and what fits nothing leaves no list behind.
    for written in ["Price * 2", "SUM(Price)", "Price * xyzzy"] {
        properties.fill("Formula", "Pri").await;
        properties.control("Price").await;
        properties.fill("Formula", written).await;
        browser.gone("[role=option]").await;
        browser.gone(".pane.right [role=listbox]").await;
    }
    // Who goes elsewhere leaves the list, also with half of a formula.
    properties.fill("Formula", "Pri").await;
    properties.control("Price").await;
    properties.click_at(".prop-top .code").await;
    browser.gone("[role=option]").await;
    close(server, browser).await;
}

/// A formula counts as soon as it is right: nobody has to leave its input first.
#[tokio::test]
async fn a_formula_is_taken_while_it_is_typed_and_published_with_the_first_press() {
    let (server, _, browser, _) = designer().await;
    let (canvas, properties) = (browser.part(CANVAS), browser.part(PROPERTIES));
    canvas.enter("Price", "20").await;
    browser.part(PALETTE).click("Formula").await;
    browser.leave_formula().await;
    canvas.sees("Not finished yet").await;
    browser.find(".problems li").await;
    let problems = "return document.querySelectorAll('.problems li').length";
    browser.gives(problems, 1).await;
    let in_sight = "const slot = document.querySelector('.canvas .slot[aria-current=true]').getBoundingClientRect();\
         const canvas = document.querySelector('.canvas').getBoundingClientRect();\
         return slot.top >= canvas.top - 1 && slot.bottom <= canvas.bottom + 1";
    assert!(
        browser.until(async || browser.script(in_sight).await == true).await,
        "the list covers the new field"
    );
    // Half of a formula is one problem, too, and the editor and the list mean the same one.
    properties.fill("Formula", "Price +").await;
    properties.find(".note-slot .error").await;
    browser.gives(problems, 1).await;
    properties.type_in("Formula", " 1").await;
    properties.sees("Gives a number, 21 on the canvas").await;
    canvas.sees_no_more("Not finished yet").await;
    browser.gone(".problems").await;
    properties.type_in("Formula", " + 1").await;
    browser.part(".top").click("Publish").await;
    browser.dialog().sees("“Formula” added").await;
    browser.dialog().click("Cancel").await;
    browser.gone("dialog[open]").await;
    // All of the typing is one step.
    browser.click("Undo: Change “Formula”").await;
    browser.control("Undo: Add “Formula”").await;
    properties.holds("Formula", "").await;
    close(server, browser).await;
}

/// How far what is drawn of a formula lies from what is written, and whether both have one writing.
const CHIPS_LIE_UNDER_NAMES: &str = "\
    const inside = part => { \
      const [box, style] = [part.getBoundingClientRect(), getComputedStyle(part)]; \
      return [box.left + part.clientLeft + parseFloat(style.paddingLeft), box.top + part.clientTop + parseFloat(style.paddingTop), style.font]; \
    }; \
    const [written, drawn] = ['.formula > textarea', '.formula-marks'].map(css => inside(document.querySelector(css))); \
    return [written[0] - drawn[0], written[1] - drawn[1], written[2] === drawn[2]];";

/// Who does not know what there is finds it in lists: a formula is put together by mouse, and a wrong name is mended by it.
#[tokio::test]
async fn a_formula_is_put_together_from_lists_of_fields_and_functions() {
    let (server, _, browser, _) = designer().await;
    let properties = browser.part(PROPERTIES);
    properties.click("Field").await;
    properties.sees("No field is selected").await;
    browser.part(CANVAS).click_at(".slot:has(.fx)").await;
    properties.fill("Formula", "Price + ").await;
    properties.find(".formula-marks [data-name]").await;
    browser.gives(CHIPS_LIE_UNDER_NAMES, json!([0, 0, true])).await;
    properties.click("Open the formula editor").await;
    let desk = browser.dialog();
    desk.sees("Formula of “Total”").await;
    // What was begun beside the canvas goes on here.
    desk.holds("Formula", "Price + ").await;
    desk.fill("Name or purpose", "away from zero").await;
    desk.click("ROUNDUP").await;
    desk.find(".fn-help code").await;
    desk.fill("Find a field", "pie").await;
    desk.click("Pieces").await;
    let put = async || desk.held("Formula").await == "Price + ROUNDUP(Pieces";
    assert!(browser.until(put).await, "{}", desk.held("Formula").await);
    desk.type_in("Formula", ", 0)").await;
    desk.sees("Gives a number").await;
    desk.fill("Formula", "Price * Piece").await;
    desk.click("Use “Pieces”").await;
    desk.sees("Gives a number").await;
    desk.click("Done").await;
    browser.gone("dialog[open]").await;
    let back = async || properties.held("Formula").await == "Price * Pieces";
    assert!(browser.until(back).await, "{}", properties.held("Formula").await);
    browser.gone(".problems").await;
    close(server, browser).await;
}

/// Half of a formula waits where it was written: it is there again, stands in the way of publishing, and is told of once.
#[tokio::test]
async fn half_of_a_formula_waits_for_its_end() {
    let (server, _, browser, form) = designer().await;
    let (canvas, properties) = (browser.part(CANVAS), browser.part(PROPERTIES));
    let held = async |wanted: &str| {
        let same = browser.until(async || properties.held("Formula").await == wanted).await;
        assert!(same, "{:?}, not {wanted}", properties.held("Formula").await);
    };
    canvas.click_at(".slot:has(.fx)").await;
    properties.fill("Formula", "Price *").await;
    properties.find(".note-slot .error").await;
    canvas.click_at(".slot:not(:has(.fx))").await;
    browser.gone(".pane.right .formula > textarea[placeholder]:not(details textarea)").await;
    browser.find(".problems li").await;
    browser.find(".top .btn.primary[aria-disabled=true][title='One problem has to be solved first']").await;
    canvas.click_at(".slot:has(.fx)").await;
    held("Price *").await;
    properties.find(".note-slot .error").await;
    // Another result type leaves what is written.
    properties.choose("Result", "Text").await;
    held("Price *").await;
    properties.choose("Result", "Number").await;
    held("Price *").await;
    // A link leads away the second time.
    browser.part(".design-tabs").click("Flow").await;
    browser.sees("A formula or condition is not finished, so this page stays.").await;
    canvas.sees("Price").await;
    held("Price *").await;
    properties.type_in("Formula", " 2").await;
    browser.gone(".problems").await;
    properties.fill("Formula", "Price +").await;
    properties.find(".note-slot .error").await;
    browser.part(".design-tabs").click("Flow").await;
    canvas.sees("Price").await;
    browser.part(".design-tabs").click("Flow").await;
    browser.gone(CANVAS).await;
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    canvas.click_at(".slot:has(.fx)").await;
    held("Price * 2").await;
    close(server, browser).await;
}

/// A rule is about the other fields, by the names that they have in the draft.
#[tokio::test]
async fn a_rule_is_offered_the_other_fields_under_their_names_in_the_draft() {
    let (server, _, browser, _) = designer().await;
    let (canvas, properties) = (browser.part(CANVAS), browser.part(PROPERTIES));
    canvas.click("Rest").await;
    canvas.part("[role=tabpanel]:not([hidden])").click_at(".slot").await;
    properties.click("Shown when").await;
    // One line is there to be written: adding leads to it, and makes another one only after it.
    let lines = "return document.querySelectorAll('.pane.right details[open] .cond-row').length";
    let rule = browser.part(&format!("{PROPERTIES} details[open]"));
    rule.find(".cond-row").await;
    rule.click("Add a condition").await;
    let focus = "return document.activeElement.closest('.cond-row') !== null";
    assert!(browser.until(async || browser.script(focus).await == true).await, "the line is not led to");
    browser.gives(lines, 1).await;
    properties.enter("Label", "Afterthought").await;
    rule.click_at(".cond-row button").await;
    browser.part(OPEN_LIST).sees("Price").await;
    let offered = browser.part(OPEN_LIST).text().await;
    assert!(!offered.contains("Remark") && !offered.contains("Afterthought"), "{offered}");
    browser.part(OPEN_LIST).pick("Note").await;
    rule.click("Add a condition").await;
    assert!(browser.until(async || browser.script(lines).await == 2).await);
    // The rule stays open while a field that it names is renamed through another one's properties.
    canvas.click("More").await;
    canvas.part("[role=tabpanel]:not([hidden])").click_at(".slot").await;
    properties.enter("Label", "Hint").await;
    canvas.sees("Hint").await;
    canvas.click("Rest").await;
    canvas.part("[role=tabpanel]:not([hidden])").click_at(".slot").await;
    properties.click("Shown when").await;
    rule.click_at(".cond-row button").await;
    browser.part(OPEN_LIST).sees("Hint").await;
    assert!(!browser.part(OPEN_LIST).text().await.contains("Note"));
    close(server, browser).await;
}

/// A condition holds one field against another, and lines are put together in groups.
#[tokio::test]
async fn a_rule_compares_two_fields_and_has_a_group() {
    let (server, admin, browser, form) = designer().await;
    let (canvas, properties) = (browser.part(CANVAS), browser.part(PROPERTIES));
    canvas.click("Rest").await;
    canvas.part("[role=tabpanel]:not([hidden])").click_at(".slot").await;
    properties.click("Shown when").await;
    let rule = browser.part(&format!("{PROPERTIES} details[open]"));
    rule.find(".cond-row").await;
    rule.click_at(".cond-row button").await;
    browser.pick("Price").await;
    rule.click("Compare with another field").await;
    rule.choose("Other field", "Pieces").await;
    rule.click("Add a group").await;
    rule.click_at(".cond-group .cond-row button").await;
    browser.pick("Note").await;
    rule.part(".cond-group").choose("Comparison", "is empty").await;
    let wanted = json!({"all": [{"field": "price", "op": "eq", "value": {"field": "count"}},
        {"any": [{"field": "note", "op": "is_empty"}]}]});
    let written = async || {
        let draft = admin.get(&format!("/forms/{form}/draft")).await.ok();
        let fields = draft["definition"]["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|field| field["key"] == "remark").unwrap()["visible_when"].clone()
    };
    assert!(browser.until(async || written().await == wanted).await, "{}", written().await);
    browser.gone(".problems").await;
    close(server, browser).await;
}

/// What can't be computed since nothing is filled in yet is no error; it is one once somebody tries to save it so.
#[tokio::test]
async fn a_new_record_greets_nobody_with_errors() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let form = json!({"key": "sale", "label": "Sale", "fields": [
        {"key": "buyer", "label": "Buyer", "kind": "text", "required": true},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "amount", "label": "Amount", "kind": "number"}]}},
        {"key": "rate", "label": "Rate", "kind": "formula", "options": {"formula": "1 / SUM(lines.amount)"}}]});
    let form: Value = admin.post("/apps/shop/forms", form).await.created();
    let form = form["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}/new")).await;
    browser.sees("Buyer").await;
    browser.find("output [title='Computed once what it is made of is filled in']").await;
    assert!(!browser.shows("Can't be computed").await);
    browser.click("Save").await;
    browser.sees("Can't be computed").await;
    // In words, and with what it is computed from, for whoever fills it in.
    browser.sees("it would divide by zero or by nothing. It is computed from “Amount”.").await;
    assert!(!browser.shows("#DIV/0!").await);
    close(server, browser).await;
}

#[tokio::test]
async fn a_draft_that_is_again_as_published_has_nothing_to_publish() {
    let (server, _, browser, _) = designer().await;
    let nothing = ".top .btn.primary[aria-disabled=true][title='There is nothing to publish']";
    browser.find(nothing).await;
    browser.part(PALETTE).click("Text").await;
    browser.part(".top").sees("Unpublished changes").await;
    browser.gone(nothing).await;
    browser.click("Undo: Add “Text”").await;
    browser.part(".top").sees_no_more("Unpublished changes").await;
    browser.find(nothing).await;
    close(server, browser).await;
}

/// What was changed a moment before a link or the way back is followed.
#[tokio::test]
async fn a_change_goes_to_the_server_before_its_page_is_left() {
    let (server, admin, browser, form) = designer().await;
    let fields = async || {
        let draft = admin.get(&format!("/forms/{form}/draft")).await.ok();
        draft["definition"]["fields"].as_array().unwrap().len()
    };
    let before = fields().await;
    browser.part(PALETTE).click("Text").await;
    browser.part(".top").click("Shop").await;
    browser.gone(CANVAS).await;
    assert_eq!(fields().await, before + 1);
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    browser.part(CANVAS).sees("Price").await;
    browser.part(".design-tabs").click("Flow").await;
    browser.gone(CANVAS).await;
    browser.part(".design-tabs").click("Form").await;
    browser.part(CANVAS).sees("Price").await;
    browser.part(PALETTE).click("Number").await;
    browser.script("history.back()").await;
    browser.gone(CANVAS).await;
    assert_eq!(fields().await, before + 2);
    close(server, browser).await;
}

#[tokio::test]
async fn headings_are_on_the_canvas_and_changed_there() {
    let (server, _, browser, _) = designer().await;
    let (canvas, properties) = (browser.part(CANVAS), browser.part(PROPERTIES));
    canvas.part(".heading").sees("Sums").await;
    canvas.click_at(".slot.heading").await;
    properties.enter("Label", "Figures").await;
    canvas.part(".heading").sees("Figures").await;
    // What is added while it is selected comes first under it.
    browser.part(PALETTE).click("Text").await;
    let below =
        "return document.querySelector('.slot.heading').nextElementSibling.innerText.includes('Text')";
    assert!(browser.until(async || browser.script(below).await == true).await);
    // Tabs show one at a time, as the form does.
    canvas.sees("Note").await;
    assert!(!canvas.shows("Remark").await);
    canvas.click("Rest").await;
    canvas.sees("Remark").await;
    canvas.sees_no_more("Note").await;
    // Arrows walk along them, and each pane is called by its tab.
    browser.keys(Key::Left + "").await;
    browser.keys(Key::Enter + "").await;
    canvas.sees("Note").await;
    browser.keys(Key::Right + "").await;
    browser.keys(Key::Enter + "").await;
    canvas.sees("Remark").await;
    let called = "return [...document.querySelectorAll('.canvas [role=tabpanel]')]\
         .map(pane => document.getElementById(pane.getAttribute('aria-labelledby')).innerText)";
    browser.gives(called, json!(["More", "Rest"])).await;
    properties.enter("Label", "Other").await;
    canvas.control("Other").await;
    canvas.sees("Remark").await;
    // A title is taken out; its fields stay.
    canvas.click_at(".slot.heading").await;
    properties.click("Remove section title").await;
    browser.gone(".slot.heading").await;
    canvas.sees("Total").await;
    browser.click("Undo: Remove “Figures”").await;
    canvas.part(".heading").sees("Figures").await;
    // What is selected stays so where taking back a step puts it elsewhere.
    canvas.click_at(".slot.heading").await;
    properties.click("Move down").await;
    browser.part(".slot.heading[aria-current=true]").sees("Figures").await;
    assert!(browser.until(async || browser.script(below).await == false).await);
    browser.click("Undo: Move “Figures”").await;
    assert!(browser.until(async || browser.script(below).await == true).await);
    browser.part(".slot.heading[aria-current=true]").sees("Figures").await;
    properties.holds("Label", "Figures").await;
    close(server, browser).await;
}

/// Titles and tabs come from the palette as fields do; what a tab had stays when the tab goes.
#[tokio::test]
async fn titles_and_tabs_are_put_in_from_the_palette_and_taken_out_again() {
    let (server, _, browser, _) = designer().await;
    let (canvas, palette, properties) =
        (browser.part(CANVAS), browser.part(PALETTE), browser.part(PROPERTIES));
    palette.sees("Layout").await;
    canvas.click_at(".slot:has(.fx)").await;
    palette.click("Section title").await;
    properties.enter("Label", "Extras").await;
    canvas.sees("Extras").await;
    // Tabs come under the title that is selected; a field that is added comes into the tab that is.
    palette.click("Tabs").await;
    canvas.control("Tab 2").await;
    canvas.sees("Nothing here yet").await;
    palette.click("Date").await;
    canvas.part("[role=tabpanel]:not([hidden])").sees("Date").await;
    canvas.click("Tab 2").await;
    properties.enter("Label", "Second").await;
    palette.click("Phone").await;
    canvas.part("[role=tabpanel]:not([hidden])").sees("Phone").await;
    canvas.click("Second").await;
    properties.click("Add a tab").await;
    canvas.control("Tab 3").await;
    browser.click("Undo: Add “Tab”").await;
    browser.gone(".canvas [role=tab]:nth-child(3)").await;
    // With the last tab its fields stand in the form itself.
    for tab in ["Second", "Tab 1"] {
        canvas.click(tab).await;
        properties.click("Remove tab, keep its fields").await;
        canvas.sees_no_more(tab).await;
    }
    canvas.sees("Date").await;
    canvas.sees("Phone").await;
    browser.click("Undo: Remove “Tab 1”").await;
    canvas.control("Tab 1").await;
    close(server, browser).await;
}

/// Nothing of an editor lies beside the screen.
async fn nothing_overflows(browser: &Browser) {
    let over = "const parts = [...document.querySelectorAll('.top > *, .pane-switch, .panes > *')];\
         return [...parts.map(part => part.getBoundingClientRect().right),\
             document.documentElement.scrollWidth].filter(right => right > innerWidth + 0.5)";
    browser.gives(over, json!([])).await;
}

#[tokio::test]
async fn the_editors_show_one_pane_at_a_time_on_a_phone() {
    let (server, _, browser, form) = designer().await;
    browser.resize(390, 844).await;
    browser.go(&format!("/apps/shop/forms/{form}/design")).await;
    let (panes, canvas) = (browser.part(".pane-switch"), browser.part(CANVAS));
    canvas.sees("Price").await;
    browser.gone(".pane").await;
    nothing_overflows(&browser).await;
    // Each field takes the whole width, as it does when the form is filled on a phone.
    let narrow = "return [...document.querySelectorAll('.canvas .slot')].filter(slot => slot.checkVisibility())\
         .filter(slot => slot.getBoundingClientRect().width < innerWidth * 0.8).length";
    browser.gives(narrow, 0).await;
    panes.click("Field types").await;
    browser.gone(CANVAS).await;
    nothing_overflows(&browser).await;
    // What is added is shown where it came to stand, and stays selected in every pane.
    browser.part(PALETTE).click("Text").await;
    browser.part(".slot[aria-current=true]").sees("Text").await;
    browser.gone(PALETTE).await;
    panes.click("Properties").await;
    nothing_overflows(&browser).await;
    browser.part(PROPERTIES).enter("Label", "Colour").await;
    panes.click("Canvas").await;
    browser.part(".slot[aria-current=true]").sees("Colour").await;

    // A step that is made or chosen shows its settings; back in the drawing it is still chosen.
    browser.part(".top").click("Flow").await;
    browser.click("Add the first approval step").await;
    browser.find(".flow-side").await;
    browser.gone(".flow-middle").await;
    nothing_overflows(&browser).await;
    browser.enter("Step name", "Boss").await;
    panes.click("Flow").await;
    browser.part(".flow .step[aria-pressed=true]").sees("Boss").await;
    browser.gone(".pane").await;
    panes.click("Properties").await;
    browser.holds("Step name", "Boss").await;
    panes.click("Try it").await;
    browser.find(".flow-trial").await;
    browser.gone(".flow-side").await;
    nothing_overflows(&browser).await;
    browser.part(".flow-trial").click_at("[aria-label=Close]").await;
    browser.find(".flow .step").await;
    close(server, browser).await;
}
