//! Filling a form: what was typed survives a crash, two people's changes are merged, a block comes from a spreadsheet.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn nothing_that_was_typed_is_lost() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "zh-CN"})).await.ok();
    let request = purchase_form(&admin).await;
    let browser = Browser::open_in(&server, "zh-CN").await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let address = format!("/apps/office/forms/{request}");
    let new = format!("{address}/new");
    browser.go(&new).await;
    a_block_comes_from_a_spreadsheet(&browser).await;
    the_keyboard_walks_the_table(&browser).await;
    a_key_types_in_place_of_a_number(&browser).await;
    a_crash_keeps_the_draft(&browser, &new).await;
    leaving_asks_first(&browser).await;
    faults_on_top_lead_to_their_fields(&browser).await;
    let record = stored(&admin, &request).await;
    assert_eq!(record["fields"]["total"], "31910.40");
    another_persons_change_is_merged(&browser, &admin, &request, &record).await;
    rows_are_merged_by_their_cells(&browser, &admin, &request).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn rows_are_filled_by_keyboard_and_names_from_a_spreadsheet_become_links() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    let order = order_form(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{order}/new")).await;
    a_list_in_a_row_is_used_by_keyboard(&browser).await;
    a_row_is_taken_out_and_comes_back(&browser).await;
    pasted_names_become_links(&browser).await;
    the_history_says_each_cell(&browser, &admin, &order).await;
    rows_are_moved_and_stay_the_same(&browser, &admin, &order).await;
    a_row_comes_back_only_while_the_form_takes_it(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Three products, and an order with lines that link to them; gives the id of the latter.
async fn order_form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let product = json!({"key": "product", "label": "Product", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "required": true},
        {"key": "code", "label": "Code", "kind": "text"},
        {"key": "price", "label": "Price", "kind": "money"}]});
    let product = admin.post("/apps/office/forms", product).await.created();
    let products = format!("/forms/{}/records", product["id"].as_str().unwrap());
    for (name, code, price) in
        [("Desk", "D-1", "320.00"), ("Desk lamp", "D-2", "45.00"), ("Chair", "C-1", "80.00")]
    {
        let fields = json!({"name": name, "code": code, "price": price});
        admin.post(&products, json!({"fields": fields})).await.created();
    }
    let order = json!({"key": "order", "label": "Order", "title": "{subject}", "fields": [
        {"key": "subject", "label": "Subject", "kind": "text"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "link", "options": {"form": "product", "display": ["code"],
                "fill": [{"from": "price", "to": "price", "mode": "snapshot"}]}},
            {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}},
            {"key": "price", "label": "Price", "kind": "money"},
            {"key": "amount", "label": "Amount", "kind": "money", "compute": {"formula": "qty * price"}}]}}]});
    let order = admin.post("/apps/office/forms", order).await.created();
    order["id"].as_str().unwrap().to_owned()
}

/// The element id around what has the focus.
async fn has_focus(browser: &Browser, id: &str) {
    let text = "return document.activeElement?.closest('td[id]')?.id ?? ''";
    let here = browser.until(async || browser.script(text).await == id).await;
    assert!(here, "the focus is at {:?}, not {id}", browser.script(text).await);
}

async fn item_becomes(browser: &Browser, row: usize, name: &str) {
    let text =
        format!("return document.querySelector('#at-lines-{row}-item button')?.innerText.trim() ?? ''");
    let same = browser.until(async || browser.script(&text).await == name).await;
    assert!(same, "item {row} is {:?}, not {name:?}", browser.script(&text).await);
}

async fn a_list_in_a_row_is_used_by_keyboard(browser: &Browser) {
    // A new record begins in its first field.
    let begins = "return !!document.activeElement?.closest('#at-subject')";
    assert!(browser.until(async || browser.script(begins).await == true).await, "the focus is elsewhere");
    browser.click("Add a row").await;
    has_focus(browser, "at-lines-0-item").await;
    // Enter opens the list of an empty cell; what is typed is searched for, and Enter chooses the first of it.
    browser.keys(Key::Enter + "").await;
    browser.part(":popover-open").sees("Chair").await;
    browser.part(":popover-open").type_at("input", "lamp".to_owned() + Key::Enter).await;
    item_becomes(browser, 0, "Desk lamp").await;
    has_focus(browser, "at-lines-0-item").await;
    cell_becomes(browser, 0, "price", "45.00").await;
    // Escape closes the list alone.
    browser.keys(Key::Down + "").await;
    browser.part(":popover-open").sees("Chair").await;
    browser.part(":popover-open").type_at("input", Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    has_focus(browser, "at-lines-0-item").await;
    // Up and down walk through what was found.
    browser.keys(Key::Down + "").await;
    let list = browser.part(":popover-open");
    list.sees("Chair").await;
    list.type_at("input", "chair").await;
    list.sees_no_more("Desk").await;
    browser.keys(Key::Down + "").await;
    browser.keys(Key::Enter + "").await;
    item_becomes(browser, 0, "Chair").await;
    has_focus(browser, "at-lines-0-item").await;
    browser.keys(Key::Tab + "").await;
    has_focus(browser, "at-lines-0-qty").await;
    browser.keys("3").await;
    // From the cell of a list that is filled, Enter goes on to the next row.
    browser.keys(Key::Shift + Key::Tab).await;
    has_focus(browser, "at-lines-0-item").await;
    browser.keys(Key::Enter + "").await;
    has_focus(browser, "at-lines-1-item").await;
    // With the mouse too the focus comes back.
    browser.click_at("#at-lines-1-item button").await;
    browser.pick("Desk lamp").await;
    item_becomes(browser, 1, "Desk lamp").await;
    has_focus(browser, "at-lines-1-item").await;
    typing_on_a_closed_list_searches(browser).await;
    keys_walk_on_from_the_mark(browser).await;
}

async fn typing_on_a_closed_list_searches(browser: &Browser) {
    let list = browser.part(".menu:popover-open");
    let sought = "return document.querySelector('.menu:popover-open input')?.value ?? ''";
    for (typed, name, other) in [("chai", "Chair", "Desk lamp"), ("lamp", "Desk lamp", "Chair")] {
        browser.keys(typed).await;
        let whole = browser.until(async || browser.script(sought).await == typed).await;
        assert!(whole, "{:?} is searched for, not {typed}", browser.script(sought).await);
        list.sees(name).await;
        list.sees_no_more(other).await;
        list.type_at("input", Key::Enter + "").await;
        item_becomes(browser, 1, name).await;
        has_focus(browser, "at-lines-1-item").await;
    }
}

/// The first of what a search found is marked: the keys go on from there, and the mark goes with them.
async fn keys_walk_on_from_the_mark(browser: &Browser) {
    let list = browser.part(".menu:popover-open");
    browser.keys(Key::Down + "").await;
    list.sees("Chair").await;
    list.type_at("input", "desk").await;
    list.sees_no_more("Chair").await;
    let places = "const options = [...document.querySelectorAll('.menu:popover-open [role=option]')];\
         return [options.length, options.findIndex(option => option.matches('.is-hover')),\
             options.indexOf(document.activeElement)]";
    let stands = async |wanted: Value| {
        let same = browser.until(async || browser.script(places).await == wanted).await;
        assert!(same, "{}, not {wanted}", browser.script(places).await);
    };
    stands(json!([2, 0, -1])).await;
    browser.keys(Key::Down + "").await;
    stands(json!([2, -1, 1])).await;
    browser.keys(Key::Up + "").await;
    stands(json!([2, -1, 0])).await;
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
    has_focus(browser, "at-lines-1-item").await;
    item_becomes(browser, 1, "Desk lamp").await;
}

async fn a_row_is_taken_out_and_comes_back(browser: &Browser) {
    // Tab goes past the button, the arrow to the right leads to it.
    browser.click_at("#at-lines-0-price input").await;
    browser.keys(Key::Tab + "").await;
    has_focus(browser, "at-lines-1-item").await;
    browser.click_at("#at-lines-0-price input").await;
    browser.keys(Key::End + Key::Right).await;
    has_focus(browser, "remove-lines-0").await;
    browser.keys(Key::Enter + "").await;
    item_becomes(browser, 0, "Desk lamp").await;
    has_focus(browser, "remove-lines-0").await;
    browser.click("Undo").await;
    item_becomes(browser, 0, "Chair").await;
    cell_becomes(browser, 0, "qty", "3").await;
    item_becomes(browser, 1, "Desk lamp").await;
}

async fn pasted_names_become_links(browser: &Browser) {
    browser.click("Add a row").await;
    has_focus(browser, "at-lines-2-item").await;
    browser
        .script(
            "const data = new DataTransfer(); \
             data.setData('text/plain', 'desk\\t4\\t899\\r\\nC-1\\t5\\t70\\r\\nDes\\t1\\t9\\r\\n'); \
             document.activeElement.dispatchEvent(new ClipboardEvent('paste', \
                 {clipboardData: data, bubbles: true, cancelable: true}));",
        )
        .await;
    item_becomes(browser, 2, "Desk").await;
    item_becomes(browser, 3, "Chair").await;
    // What was pasted beside the name stays, though the link would fill it.
    cell_becomes(browser, 2, "price", "899.00").await;
    cell_becomes(browser, 2, "amount", "3,596.00").await;
    cell_becomes(browser, 3, "price", "70.00").await;
    // A name of no record stays in its cell, and the list opens with it.
    item_becomes(browser, 4, "Des").await;
    let fault = "return document.querySelector('#at-lines-4-item')?.title ?? ''";
    let told = async || browser.script(fault).await.as_str().unwrap_or_default().contains("exactly the name");
    assert!(browser.until(told).await, "{:?}", browser.script(fault).await);
    browser.click_at("#at-lines-4-item button").await;
    let list = browser.part(":popover-open");
    list.sees("Desk lamp").await;
    list.sees_no_more("Chair").await;
    browser.pick("Desk lamp").await;
    item_becomes(browser, 4, "Desk lamp").await;
}

async fn the_history_says_each_cell(browser: &Browser, admin: &Client, form: &str) {
    browser.fill("Subject", "Chairs").await;
    browser.click("Save").await;
    browser.part("aside.side").sees("History").await;
    let record = stored(admin, form).await;
    let mut lines = record["fields"]["lines"].clone();
    lines[0]["qty"] = json!("8");
    let rows = lines.as_array_mut().unwrap();
    for row in rows.iter_mut() {
        row.as_object_mut().unwrap().remove("amount");
    }
    rows.pop();
    let path = format!("/forms/{form}/records/{}", record["id"].as_str().unwrap());
    let change = json!({"fields": {"lines": lines}});
    admin.patch(&path, record["version"].as_i64().unwrap(), change).await.ok();
    browser.go(&format!("/apps/office/forms/{form}/records/{}", record["id"].as_str().unwrap())).await;
    let history = browser.part("aside.side");
    history.sees("1 row changed").await;
    history.sees("Row 1:").await;
    history.sees("Qty 3 → 8").await;
    history.sees("Amount 240.00 → 640.00").await;
    history.sees("Row 5 removed:").await;
    history.sees("Item Desk lamp").await;
    let said = history.text().await;
    assert!(said.find("Qty 3") < said.find("Amount 240"), "{said}");
}

/// By keys and by the menu of a row; what is stored are the same rows in another order.
async fn rows_are_moved_and_stay_the_same(browser: &Browser, admin: &Client, form: &str) {
    let ids = async || -> Vec<String> {
        let record = stored(admin, form).await;
        let lines = record["fields"]["lines"].as_array().unwrap();
        lines.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
    };
    let before = ids().await;
    browser.click_at("#at-lines-0-qty input").await;
    browser.keys(Key::Alt + Key::Down).await;
    has_focus(browser, "at-lines-1-qty").await;
    item_becomes(browser, 0, "Desk lamp").await;
    item_becomes(browser, 1, "Chair").await;
    // The focus is there before another key can come.
    let at_once = |key: &str| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
                 {{key: '{key}', altKey: true, bubbles: true, cancelable: true}})); \
             return Promise.resolve().then(() => document.activeElement.closest('td[id]')?.id)"
        )
    };
    assert_eq!(browser.script(&at_once("ArrowUp")).await, "at-lines-0-qty");
    assert_eq!(browser.script(&at_once("ArrowDown")).await, "at-lines-1-qty");
    item_becomes(browser, 1, "Chair").await;
    // Where a list would open by the key, the row moves all the same.
    browser.keys(Key::Shift + Key::Tab).await;
    has_focus(browser, "at-lines-1-item").await;
    browser.keys(Key::Alt + Key::Up).await;
    has_focus(browser, "at-lines-0-item").await;
    item_becomes(browser, 0, "Chair").await;
    browser.gone(".menu:popover-open").await;
    browser.keys(Key::Alt + Key::Up).await;
    item_becomes(browser, 0, "Chair").await;
    browser.click("Row 4: move or remove").await;
    browser.part(".menu:popover-open").click("Move up").await;
    has_focus(browser, "number-lines-2").await;
    item_becomes(browser, 2, "Chair").await;
    item_becomes(browser, 3, "Desk").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    let after = [0, 1, 3, 2].map(|place: usize| before[place].clone());
    assert_eq!(ids().await, after);
}

/// Once the form is discarded, saved or left, nothing is offered that it can't do any more.
async fn a_row_comes_back_only_while_the_form_takes_it(browser: &Browser) {
    let notes = browser.part(".toasts");
    // Sooner than the note would have gone by itself.
    let at_once = notes.patient(Duration::from_secs(2));
    let take_out = async || {
        browser.click_at("#number-lines-3 button").await;
        browser.part(".menu:popover-open").click("Remove this row").await;
        browser.gone("#at-lines-3-item").await;
        notes.sees("Undo").await;
    };
    take_out().await;
    browser.click("Discard").await;
    browser.dialog().click("Discard").await;
    item_becomes(browser, 3, "Desk").await;
    at_once.sees_no_more("Undo").await;
    take_out().await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    at_once.sees_no_more("Undo").await;
    browser.click("Add a row").await;
    browser.click_at("#number-lines-3 button").await;
    browser.part(".menu:popover-open").click("Remove this row").await;
    notes.sees("Undo").await;
    browser.part("nav.nav").click("Home").await;
    browser.gone(".record-page").await;
    at_once.sees_no_more("Undo").await;
}

/// A form of products with three of them, and a purchase request with lines; gives the id of the latter.
async fn purchase_form(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "办公"})).await.created();
    let product = json!({"key": "product", "label": "商品", "title": "{name}", "fields": [
        {"key": "name", "label": "名称", "kind": "text", "required": true},
        {"key": "price", "label": "单价", "kind": "money"}]});
    let product = admin.post("/apps/office/forms", product).await.created();
    let products = format!("/forms/{}/records", product["id"].as_str().unwrap());
    for (name, price) in [("白板", "320.00"), ("投影仪", "5198.00"), ("会议桌", "2680.00")] {
        admin.post(&products, json!({"fields": {"name": name, "price": price}})).await.created();
    }
    let request = json!({"key": "request", "label": "采购申请", "title": "{subject}", "fields": [
        {"key": "subject", "label": "事由", "kind": "text", "required": true},
        {"key": "by", "label": "期望到货", "kind": "date", "required": true},
        {"key": "main", "label": "主要商品", "kind": "link",
            "options": {"form": "product", "display": ["price"], "fill": [{"from": "price", "to": "budget", "mode": "snapshot"}]}},
        {"key": "budget", "label": "预算", "kind": "money"},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "品名", "kind": "text", "required": true},
            {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 0}},
            {"key": "price", "label": "单价", "kind": "money"},
            {"key": "amount", "label": "金额", "kind": "money", "compute": {"formula": "qty * price"}}]}},
        {"key": "total", "label": "合计", "kind": "money", "compute": {"formula": "SUM(lines.amount)"}}]});
    let request = admin.post("/apps/office/forms", request).await.created();
    request["id"].as_str().unwrap().to_owned()
}

/// The text of a cell of the lines, as its input or as read.
async fn cell(browser: &Browser, row: usize, column: &str) -> String {
    let text = format!(
        "const cell = document.getElementById('at-lines-{row}-{column}'); \
         const input = cell?.querySelector('input'); return input ? input.value : (cell?.innerText ?? '')"
    );
    browser.script(&text).await.as_str().unwrap().trim().to_owned()
}

async fn cell_becomes(browser: &Browser, row: usize, column: &str, text: &str) {
    let same = browser.until(async || cell(browser, row, column).await == text).await;
    assert!(same, "line {row}, {column} is {:?}, not {text:?}", cell(browser, row, column).await);
}

async fn a_block_comes_from_a_spreadsheet(browser: &Browser) {
    browser.click("添加一行").await;
    browser.click_at("#at-lines-0-item input").await;
    // As a spreadsheet puts it on the clipboard.
    browser
        .script(
            "const data = new DataTransfer(); \
             data.setData('text/plain', '白板\\t2\\t320\\r\\n投影仪\\t6\\t5,198.40\\r\\n笔\\t10\\t8\\r\\n'); \
             document.activeElement.dispatchEvent(new ClipboardEvent('paste', \
                 {clipboardData: data, bubbles: true, cancelable: true}));",
        )
        .await;
    cell_becomes(browser, 1, "item", "投影仪").await;
    cell_becomes(browser, 1, "amount", "31,190.40").await;
    cell_becomes(browser, 2, "amount", "80.00").await;
    browser.part(".sub tfoot").sees("31,910.40").await;
}

async fn the_keyboard_walks_the_table(browser: &Browser) {
    browser.click_at("#at-lines-2-price input").await;
    // Past the last cell a row begins; Enter goes down and arrows come back.
    browser.keys(Key::Tab + "").await;
    cell_becomes(browser, 3, "item", "").await;
    browser.keys("桌布".to_owned() + Key::Tab + "1" + Key::Tab).await;
    cell_becomes(browser, 3, "qty", "1").await;
    browser.keys("60").await;
    cell_becomes(browser, 3, "amount", "60.00").await;
    browser.click_at("#at-lines-3-item input").await;
    has_focus(browser, "at-lines-3-item").await;
    // In one go: the very next key goes into the cell above.
    browser.keys(Key::Up + "！").await;
    has_focus(browser, "at-lines-2-item").await;
    cell_becomes(browser, 2, "item", "笔！").await;
    // The focus goes with the key: what is typed right after it is typed where it leads.
    let at_once = |key: &str| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
                 {{key: '{key}', bubbles: true, cancelable: true}})); \
             return Promise.resolve().then(() => document.activeElement.closest('td[id]')?.id)"
        )
    };
    assert_eq!(browser.script(&at_once("ArrowDown")).await, "at-lines-3-item");
    assert_eq!(browser.script(&at_once("ArrowUp")).await, "at-lines-2-item");
    browser.click_at("tbody tr:nth-child(4) .act button").await;
    browser.gone("#at-lines-3-item").await;
}

/// Whichever key leads to a number, what is typed takes its place, with or without separators in it.
async fn a_key_types_in_place_of_a_number(browser: &Browser) {
    browser.click_at("#at-lines-1-qty input").await;
    browser.keys(Key::Tab + "7.5").await;
    cell_becomes(browser, 1, "amount", "45.00").await;
    browser.keys(Key::Up + "").await;
    has_focus(browser, "at-lines-0-price").await;
    browser.keys(Key::Down + "5198.40").await;
    browser.keys(Key::Up + "").await;
    has_focus(browser, "at-lines-0-price").await;
    cell_becomes(browser, 1, "price", "5,198.40").await;
    browser.keys(Key::Down + "6200").await;
    cell_becomes(browser, 1, "amount", "37,200.00").await;
    browser.keys(Key::Shift + Key::Tab).await;
    browser.keys(Key::Tab + "5198.40").await;
    cell_becomes(browser, 1, "amount", "31,190.40").await;
}

async fn a_crash_keeps_the_draft(browser: &Browser, new: &str) {
    browser.fill("事由", "会议室布置").await;
    browser.choose("主要商品", "投影仪").await;
    assert!(browser.until(async || browser.held("预算").await == "5,198.00").await);
    // The tab ends without a word, as in a crash: nothing of it is asked.
    browser.crash().await;
    browser.go(new).await;
    browser.sees("上次在这里填写的内容还没有保存。").await;
    browser.click("继续填写").await;
    browser.holds("事由", "会议室布置").await;
    browser.sees("投影仪").await;
    cell_becomes(browser, 1, "amount", "31,190.40").await;
    cell_becomes(browser, 2, "item", "笔！").await;
}

async fn leaving_asks_first(browser: &Browser) {
    browser.fill("事由", "会议室布置与投影").await;
    // The browser's own question, which only the page can ask for.
    let asked = browser
        .script(
            "const event = new Event('beforeunload', {cancelable: true}); \
             window.dispatchEvent(event); return event.defaultPrevented",
        )
        .await;
    assert_eq!(asked, true);
    // Inside the product no page ends, so the product itself asks.
    browser.part("nav.nav").click("首页").await;
    browser.dialog().sees("离开这一页？").await;
    browser.dialog().click("留在这里").await;
    browser.gone("dialog[open]").await;
    browser.holds("事由", "会议室布置与投影").await;
}

async fn faults_on_top_lead_to_their_fields(browser: &Browser) {
    browser.fill("预算", "很多").await;
    browser.click("保存").await;
    let faults = browser.part(".banner.danger");
    faults.sees("还有 2 处需要修改").await;
    // No flow begins here: what is wrong keeps it from being saved, as the button says.
    browser.part(".save-bar").sees("改完 2 处后即可保存").await;
    faults.click("预算").await;
    browser.fill("预算", "35000").await;
    faults.sees("还有 1 处需要修改").await;
    faults.click("期望到货").await;
    browser.enter("期望到货", "2026/9/1").await;
    browser.gone(".banner.danger").await;
    // A picker finds by title.
    browser.part(".form").click("投影仪").await;
    browser.part(":popover-open").type_at("input", "会议").await;
    browser.sees_no_more("白板").await;
    browser.pick("会议桌").await;
    browser.click("保存").await;
    browser.part("aside.side").sees("修改历史").await;
}

async fn stored(admin: &Client, form: &str) -> Value {
    let list = admin.get(&format!("/forms/{form}/records")).await.ok();
    let id = list["items"][0]["id"].as_str().unwrap();
    admin.get(&format!("/forms/{form}/records/{id}")).await.ok()
}

async fn another_persons_change_is_merged(browser: &Browser, admin: &Client, form: &str, record: &Value) {
    browser.fill("事由", "会议室布置（三楼）").await;
    browser.enter("期望到货", "2026-09-10").await;
    let path = format!("/forms/{form}/records/{}", record["id"].as_str().unwrap());
    let theirs = json!({"fields": {"subject": "会议室布置（四楼）", "budget": "36000.00"}});
    admin.patch(&path, record["version"].as_i64().unwrap(), theirs).await.ok();
    browser.click("保存").await;
    let question = browser.dialog();
    question.sees("别人也改了这条记录").await;
    question.sees("Ada 在").await;
    // Only what both changed is asked for.
    assert!(!question.shows("期望到货").await);
    question.click_at("tbody tr td:last-child input").await;
    question.click("保存").await;
    browser.gone("dialog[open]").await;
    browser.sees("36,000.00").await;
    let now = admin.get(&path).await.ok();
    assert_eq!(now["fields"]["subject"], "会议室布置（四楼）");
    assert_eq!((&now["fields"]["by"], &now["fields"]["budget"]), (&json!("2026-09-10"), &json!("36000.00")));
}

async fn rows_are_merged_by_their_cells(browser: &Browser, admin: &Client, form: &str) {
    let record = stored(admin, form).await;
    let path = format!("/forms/{form}/records/{}", record["id"].as_str().unwrap());
    let theirs = async |qty: [&str; 2]| {
        let now = admin.get(&path).await.ok();
        let mut lines = now["fields"]["lines"].clone();
        for (place, qty) in qty.iter().enumerate() {
            let line = &lines[place];
            lines[place] =
                json!({"id": line["id"], "item": line["item"], "qty": qty, "price": line["price"]});
        }
        for line in lines.as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("amount");
        }
        let version = now["version"].as_i64().unwrap();
        admin.patch(&path, version, json!({"fields": {"lines": lines}})).await.ok();
    };
    let quantities = async || {
        let lines = admin.get(&path).await.ok()["fields"]["lines"].clone();
        [0, 1].map(|place| lines[place]["qty"].as_str().unwrap().to_owned())
    };
    let set = async |row: usize, qty: &str| {
        browser.click_at(&format!("#at-lines-{row}-qty input")).await;
        browser.keys(Key::Control + "a").await;
        browser.keys(qty).await;
    };
    // Each another row: there is nothing to ask.
    set(0, "3").await;
    theirs(["2", "7"]).await;
    browser.click("保存").await;
    cell_becomes(browser, 1, "qty", "7").await;
    assert_eq!(quantities().await, ["3", "7"]);
    // The same cell: the row is named, and both values.
    set(1, "8").await;
    theirs(["3", "9"]).await;
    browser.click("保存").await;
    let question = browser.dialog();
    question.sees("明细 · 投影仪 · 数量").await;
    question.sees("9").await;
    question.click("取消").await;
    browser.gone("dialog[open]").await;
    cell_becomes(browser, 1, "qty", "8").await;
    browser.click("保存").await;
    question.click("保存").await;
    browser.gone("dialog[open]").await;
    assert!(browser.until(async || quantities().await == ["3", "8"]).await, "{:?}", quantities().await);
}
