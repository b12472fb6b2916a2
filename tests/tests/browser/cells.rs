//! Every kind of field is entered in its cell of a list: what is a text alone is typed over, the others bring the input that
//! they have in a form.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Server};
use thirtyfour::{By, Key};

use crate::people_and_lists::DOT;

/// The input over a cell.
const BOX: &str = ".cell-box";

/// The list of one form with a record of which the name alone is known, in columns of all kinds.
struct List {
    admin: Client,
    browser: Browser,
    /// The record in the API.
    record: String,
    /// The keys of the columns.
    columns: Vec<String>,
}

impl List {
    async fn stored(&self, field: &str) -> Value {
        self.admin.get(&self.record).await.ok()["fields"][field].clone()
    }

    async fn becomes(&self, field: &str, wanted: Value) {
        let is_so = self.browser.until(async || self.stored(field).await == wanted).await;
        assert!(is_so, "{field} is {}, not {wanted}", self.stored(field).await);
    }

    /// Makes a field's cell the active one.
    async fn go_to(&self, field: &str) {
        let place = self.columns.iter().position(|column| column == field).unwrap();
        let cell = format!("[role=grid] tbody tr[data-row='0'] td[data-col='{place}']");
        let into_view = format!(
            "document.querySelector(\"{cell}\").scrollIntoView({{block: 'nearest', inline: 'center'}})"
        );
        self.browser.find("[role=grid] tbody tr[data-row='0']").await;
        self.browser.script(&into_view).await;
        self.browser.click_at(&cell).await;
    }

    /// Types over what is in the cell.
    async fn typed(&self, field: &str, text: &str, wanted: Value) {
        self.go_to(field).await;
        self.browser.keys(text.to_owned() + Key::Enter).await;
        self.becomes(field, wanted).await;
    }

    /// Opens the input of the field's kind.
    async fn open(&self, field: &str) {
        self.go_to(field).await;
        self.browser.keys(Key::Enter + "").await;
        self.browser.find(BOX).await;
    }

    /// A press elsewhere stores what is in the input.
    async fn leave(&self) {
        self.browser.click_at(".status-line").await;
        self.browser.gone(BOX).await;
    }

    /// Searches the list of the open input for each of some names and chooses what is found.
    async fn seek(&self, names: &[&str]) {
        self.browser.click_at(&format!("{BOX} [aria-haspopup=listbox]")).await;
        let list = self.browser.part(".menu:popover-open");
        for name in names {
            list.type_at("input", Key::Control + "a").await;
            list.type_at("input", *name).await;
            list.click_at(&format!("[role=option]:has([title='{name}'])")).await;
        }
    }
}

async fn list() -> (Server, List) {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let mei = json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD});
    admin.post("/members", mei).await.created();
    for name in ["Sales", "Store"] {
        admin.post("/departments", json!({"name": name})).await.created();
    }
    let form = async |form: Value| id_of(&admin.post("/apps/office/forms", form).await.created());
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let customer = form(customer).await;
    for name in ["Acme", "Birch"] {
        let fields = json!({"fields": {"name": name}});
        admin.post(&format!("/forms/{customer}/records"), fields).await.created();
    }
    let (document, columns) = everything();
    let everything = form(document).await;
    let records = format!("/forms/{everything}/records");
    let made = id_of(&admin.post(&records, json!({"fields": {"name": "One"}})).await.created());
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{everything}?columns={}", columns.join(","))).await;
    browser.part("[role=grid]").sees("One").await;
    (server, List { admin, browser, record: format!("{records}/{made}"), columns })
}

/// A form with the kinds that are entered, and the keys of its fields.
fn everything() -> (Value, Vec<String>) {
    let colours = json!([{"key": "red", "label": "Red"}, {"key": "blue", "label": "Blue"}]);
    let trades = json!([{"key": "food", "label": "Food", "children": [{"key": "fruit", "label": "Fruit"}]}]);
    let kinds = [
        ("name", "Name", "text", Value::Null),
        ("long", "Story", "long_text", Value::Null),
        ("rich", "Letter", "rich_text", Value::Null),
        ("day", "Day", "date", Value::Null),
        ("mon", "Month", "month", Value::Null),
        ("hour", "Hour", "time", Value::Null),
        ("tags", "Tags", "multi_select", json!({"choices": colours})),
        ("stage", "Stage", "select", json!({"choices": colours})),
        ("trade", "Trade", "cascader", json!({"choices": trades})),
        ("stars", "Stars", "rating", Value::Null),
        ("done", "Done", "switch", Value::Null),
        ("place", "Place", "location", Value::Null),
        ("home", "Home", "address", json!({"regions": "base/cn"})),
        ("doc", "Document", "json", Value::Null),
        ("buyer", "Buyer", "link", json!({"form": "customer"})),
        ("others", "Others", "links", json!({"form": "customer"})),
        ("boss", "Boss", "member", Value::Null),
        ("team", "Team", "members", Value::Null),
        ("dept", "Department", "department", Value::Null),
        ("units", "Units", "departments", Value::Null),
        ("shots", "Pictures", "images", Value::Null),
        ("papers", "Papers", "files", Value::Null),
        ("signed", "Signed", "signature", Value::Null),
        ("phone", "Phone", "phone", Value::Null),
        ("mail", "Mail", "email", Value::Null),
        ("card", "Card", "id_card", Value::Null),
        ("code", "Code", "barcode", json!({"format": "ean13"})),
        ("price", "Price", "money", Value::Null),
        ("share", "Share", "percent", json!({"scale": 1})),
        ("site", "Site", "url", Value::Null),
    ];
    let columns = kinds.iter().map(|(key, ..)| (*key).to_owned()).collect();
    let field = |(key, label, kind, options): (&str, &str, &str, Value)| {
        let mut field = json!({"key": key, "label": label, "kind": kind});
        if !options.is_null() {
            field["options"] = options;
        }
        field
    };
    let fields: Vec<Value> = kinds.map(field).into();
    (json!({"key": "all", "label": "All kinds", "title": "{name}", "fields": fields}), columns)
}

#[tokio::test]
async fn every_kind_is_entered_in_its_cell() {
    let (server, list) = list().await;
    what_is_a_text_is_typed_over(&list).await;
    texts_of_many_lines_and_days(&list).await;
    choices_and_stars(&list).await;
    places_and_documents(&list).await;
    records_people_and_departments(&list).await;
    let folder = tempfile::tempdir().unwrap();
    pictures_files_and_a_signature(&list, folder.path()).await;
    let List { browser, .. } = list;
    browser.gone("td.refused").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

async fn what_is_a_text_is_typed_over(list: &List) {
    list.typed("phone", "138 0013 8000", json!("138 0013 8000")).await;
    list.typed("mail", "a@x.cn", json!("a@x.cn")).await;
    list.typed("card", "11010519491231002x", json!("11010519491231002X")).await;
    list.typed("code", "978-7-111-00000-6", json!("9787111000006")).await;
    list.typed("price", "1,234.5", json!("1234.50")).await;
    list.typed("share", "15.5", json!("15.5")).await;
    list.typed("site", "www.example.com", json!("https://www.example.com")).await;
    list.typed("hour", "3:05 PM", json!("15:05")).await;
    list.typed("stage", "bl", json!("blue")).await;
    list.typed("trade", "Fruit", json!("food/fruit")).await;
}

async fn texts_of_many_lines_and_days(list: &List) {
    let browser = &list.browser;
    list.open("long").await;
    let area = browser.part(BOX);
    area.type_at("textarea", "One line".to_owned() + Key::Enter + "and another").await;
    // Enter is a line of the text; with Control it stores.
    area.type_at("textarea", Key::Control + Key::Enter).await;
    browser.gone(BOX).await;
    list.becomes("long", json!("One line\nand another")).await;
    list.open("rich").await;
    browser.click_at(&format!("{BOX} .rich-text")).await;
    browser.keys("Well done").await;
    list.leave().await;
    list.becomes("rich", json!("Well done")).await;
    for (field, typed, wanted) in [("day", "2026/9/1", "2026-09-01"), ("mon", "2026/9", "2026-09")] {
        list.open(field).await;
        browser.part(BOX).type_at("input", typed.to_owned() + Key::Enter).await;
        browser.gone(BOX).await;
        list.becomes(field, json!(wanted)).await;
    }
    // Escape leaves the cell as it was.
    list.open("day").await;
    browser.part(BOX).type_at("input", Key::Control + "a").await;
    browser.part(BOX).type_at("input", "2030-01-01".to_owned() + Key::Escape).await;
    browser.gone(BOX).await;
    assert_eq!(list.stored("day").await, "2026-09-01");
}

async fn choices_and_stars(list: &List) {
    let browser = &list.browser;
    list.open("tags").await;
    browser.click_at(&format!("{BOX} [role=combobox]")).await;
    browser.pick("Blue").await;
    browser.pick("Red").await;
    list.leave().await;
    // Kept in the order of the list.
    list.becomes("tags", json!(["red", "blue"])).await;
    list.open("stars").await;
    browser.click_at(&format!("{BOX} [aria-label='4']")).await;
    list.becomes("stars", json!("4")).await;
    // A switch is turned by the key that opens others.
    list.go_to("done").await;
    browser.keys(Key::Enter + "").await;
    list.becomes("done", json!(true)).await;
}

async fn places_and_documents(list: &List) {
    let browser = &list.browser;
    list.open("place").await;
    browser.part(BOX).type_at("input", "31.2304,121.4737".to_owned() + Key::Tab).await;
    browser.part(BOX).type_in("Name of the place", "Shanghai".to_owned() + Key::Enter).await;
    browser.gone(BOX).await;
    let shanghai = json!({"lng": "121.473700", "lat": "31.230400", "address": "Shanghai"});
    list.becomes("place", shanghai).await;
    list.open("home").await;
    let home = browser.part(BOX);
    home.choose("Home", "广东省").await;
    home.choose("City", "深圳市").await;
    home.choose("District", "南山区").await;
    home.fill("Street and number", "Park 1").await;
    list.leave().await;
    let park = json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "Park 1"});
    list.becomes("home", park).await;
    list.open("doc").await;
    browser.part(BOX).type_at("textarea", "{\"a\": [1, true]}").await;
    browser.part(BOX).type_at("textarea", Key::Control + Key::Enter).await;
    browser.gone(BOX).await;
    list.becomes("doc", json!({"a": [1, true]})).await;
}

async fn records_people_and_departments(list: &List) {
    let browser = &list.browser;
    // One of something is stored with the press that chooses it.
    for (field, name) in [("buyer", "Birch"), ("boss", "Mei"), ("dept", "Store")] {
        list.open(field).await;
        list.seek(&[name]).await;
        browser.gone(BOX).await;
        let is_there = async || list.stored(field).await.is_string();
        assert!(browser.until(is_there).await, "{field} is {}", list.stored(field).await);
        browser.part("[role=grid] tbody").sees(name).await;
    }
    let several = [("others", ["Birch", "Acme"]), ("team", ["Mei", "Ada"]), ("units", ["Store", "Sales"])];
    for (field, names) in several {
        list.open(field).await;
        list.seek(&names).await;
        list.leave().await;
        let are_there = async || list.stored(field).await.as_array().is_some_and(|ids| ids.len() == 2);
        assert!(browser.until(are_there).await, "{field} is {}", list.stored(field).await);
    }
    assert_eq!(list.stored("others").await[0], list.stored("buyer").await);
    assert_eq!(list.stored("team").await[0], list.stored("boss").await);
    assert_eq!(list.stored("units").await[0], list.stored("dept").await);
}

async fn pictures_files_and_a_signature(list: &List, folder: &std::path::Path) {
    let browser = &list.browser;
    let (dot, note) = (folder.join("dot.png"), folder.join("note.txt"));
    std::fs::write(&dot, DOT).unwrap();
    std::fs::write(&note, "Thank you").unwrap();
    for (field, file, name) in [("shots", &dot, "dot.png"), ("papers", &note, "note.txt")] {
        list.open(field).await;
        // The input itself is not seen: what one clicks or drops on lies around it.
        let input = By::Css(format!("{BOX} input[type=file]"));
        let input = browser.driver.find(input).await.unwrap();
        input.send_keys(file.to_str().unwrap()).await.unwrap();
        // What has arrived can be opened.
        browser.find(&format!("{BOX} .file a.name")).await;
        browser.part(BOX).sees(name).await;
        list.leave().await;
        let is_there = async || list.stored(field).await.as_array().is_some_and(|files| files.len() == 1);
        assert!(browser.until(is_there).await, "{field} is {}", list.stored(field).await);
    }
    list.open("signed").await;
    let pad = browser.find(&format!("{BOX} canvas")).await;
    let stroke = browser.driver.action_chain().move_to_element_center(&pad).click_and_hold();
    stroke.move_by_offset(60, -20).move_by_offset(-20, 40).release().perform().await.unwrap();
    browser.part(BOX).click("Use this signature").await;
    browser.find(&format!("{BOX} img")).await;
    list.leave().await;
    let id = async || list.stored("signed").await.as_str().map(str::to_owned);
    assert!(browser.until(async || id().await.is_some()).await, "nobody has signed");
    let picture = list.admin.get(&format!("/files/{}", id().await.unwrap())).await.bytes;
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));
}
