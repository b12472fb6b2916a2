//! Kinds of fields that are more than a line to type into, filled in and read.

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Database, Server};
use thirtyfour::{By, Key};

use crate::people_and_lists::DOT;

#[tokio::test]
async fn stars_trees_rich_texts_and_addresses_are_filled_in() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit = json!({"key": "visit", "label": "Visit", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "start", "label": "Start", "kind": "time"},
        {"key": "site", "label": "Site", "kind": "url"},
        {"key": "stars", "label": "Stars", "kind": "rating"},
        {"key": "trade", "label": "Trade", "kind": "cascader", "options": {"choices": [
            {"key": "food", "label": "Food", "children": [{"key": "fruit", "label": "Fruit"}]},
            {"key": "tools", "label": "Tools"}]}},
        {"key": "story", "label": "Story", "kind": "rich_text"},
        {"key": "place", "label": "Place", "kind": "address", "options": {"regions": "base/cn"}}]});
    let visit = admin.post("/apps/office/forms", visit).await.created();
    let form = visit["id"].as_str().unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;

    browser.enter("Name", "First").await;
    browser.enter("Start", "3:05 PM").await;
    assert!(browser.until(async || browser.held("Start").await == "15:05").await);
    browser.enter("Site", "www.example.com").await;
    browser.click_at("#at-stars [aria-label='4']").await;
    browser.choose("Trade", "Food").await;
    browser.pick("Fruit").await;
    browser.click_at("#at-story .rich-text").await;
    browser.keys("Well done").await;
    browser.choose("Place", "广东省").await;
    browser.choose("City", "深圳市").await;
    browser.choose("District", "南山区").await;
    browser.enter("Street and number", "Park 1").await;
    browser.click("Save").await;
    let records = format!("/forms/{form}/records");
    let stored = async || admin.get(&records).await.ok()["items"][0]["fields"].clone();
    assert!(browser.until(async || stored().await.is_object()).await, "nothing was saved");
    assert_eq!(
        stored().await,
        json!({
            "name": "First", "start": "15:05", "site": "https://www.example.com", "stars": "4", "trade": "food/fruit",
            "story": "Well done",
            "place": {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "Park 1"},
        })
    );

    browser.go(&format!("/apps/office/forms/{form}")).await;
    browser.find("[role=img][aria-label='4 / 5']").await;
    browser.sees("Food / Fruit").await;
    browser.sees("广东省深圳市南山区Park 1").await;
    assert_eq!(browser.address("https://www.example.com").await, "https://www.example.com");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What is short to type, chosen from a long list by how it sounds, found on a map, or a document; pictures dropped and pasted.
#[tokio::test]
async fn months_choices_numbers_places_documents_and_pictures_are_filled_in() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let cities = ["北京", "上海", "广州", "深圳", "杭州", "南京", "成都", "武汉", "西安"];
    let cities: Vec<_> =
        cities.iter().enumerate().map(|(n, city)| json!({"key": format!("c{n}"), "label": city})).collect();
    let visit = json!({"key": "visit", "label": "Visit", "title": "{phone}", "fields": [
        {"key": "phone", "label": "Phone", "kind": "phone"},
        {"key": "mail", "label": "Mail", "kind": "email"},
        {"key": "card", "label": "Card", "kind": "id_card"},
        {"key": "code", "label": "Code", "kind": "barcode", "options": {"format": "ean13"}},
        {"key": "month", "label": "Month", "kind": "month"},
        {"key": "share", "label": "Share", "kind": "percent", "options": {"scale": 1}},
        {"key": "cities", "label": "Cities", "kind": "multi_select", "options": {"choices": cities}},
        {"key": "place", "label": "Place", "kind": "location"},
        {"key": "doc", "label": "Document", "kind": "json"},
        {"key": "shots", "label": "Pictures", "kind": "images"}]});
    let visit = admin.post("/apps/office/forms", visit).await.created();
    let form = visit["id"].as_str().unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;

    browser.enter("Phone", "１３８ 0013 8000").await;
    browser.enter("Mail", "nobody").await;
    browser.enter("Card", "11010519491231002x").await;
    browser.enter("Code", "978-7-111-00000-6").await;
    // What is no address is said at its field as one goes on, and may be mended.
    let fault =
        "return document.querySelector('#at-mail').closest('.field').querySelector('.error') !== null";
    assert!(browser.until(async || browser.script(fault).await == true).await, "nobody is an address");
    browser.enter("Mail", "a@x.cn").await;
    assert!(browser.until(async || browser.script(fault).await == false).await);
    browser.enter("Month", "2026/9").await;
    assert!(browser.until(async || browser.held("Month").await == "2026-09").await);
    browser.enter("Share", "15.5").await;
    cities_are_found_by_sound(&browser).await;
    browser.enter("Place", "31.2304,121.4737").await;
    browser.enter("Name of the place", "Shanghai").await;
    browser.enter("Document", "{\"a\": [1, true]}").await;
    pictures_are_dropped_and_pasted(&browser).await;
    browser.click("Save").await;
    browser.sees("This is the record as it is stored.").await;
    let record = admin.get(&format!("/forms/{form}/records")).await.ok()["items"][0].clone();
    let record = admin.get(&format!("/forms/{form}/records/{}", record["id"].as_str().unwrap())).await.ok();
    let mut fields = record["fields"].clone();
    let shots = fields.as_object_mut().unwrap().remove("shots").unwrap();
    assert_eq!(
        fields,
        json!({
            "phone": "138 0013 8000", "mail": "a@x.cn", "card": "11010519491231002X", "code": "9787111000006",
            "month": "2026-09", "share": "15.5", "cities": ["c1", "c3"],
            "place": {"lng": "121.473700", "lat": "31.230400", "address": "Shanghai"}, "doc": {"a": [1, true]},
        })
    );
    assert_eq!(shots.as_array().unwrap().len(), 3);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// By the first letters of the sounds, and by the whole of them; Enter chooses what is found first.
async fn cities_are_found_by_sound(browser: &Browser) {
    browser.click_at("#at-cities [role=combobox]").await;
    let list = browser.part(".menu:popover-open");
    for (typed, city, other) in [("sz", "深圳", "上海"), ("shanghai", "上海", "深圳")] {
        list.type_at("input", Key::Control + "a").await;
        list.type_at("input", typed).await;
        list.sees(city).await;
        list.sees_no_more(other).await;
        list.type_at("input", Key::Enter + "").await;
        browser.part("#at-cities [role=combobox]").sees(city).await;
    }
    browser.keys(Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

/// A picture falls on the field, is pasted while it has the focus, and while only the mouse is over it; a press shows it large.
async fn pictures_are_dropped_and_pasted(browser: &Browser) {
    let given = |name: &str| {
        format!(
            "const data = new DataTransfer(); \
             data.items.add(new File([new Uint8Array({DOT:?})], '{name}', {{type: 'image/png'}})); \
             const place = document.querySelector('#at-shots .drop');"
        )
    };
    let shots = browser.part("#at-shots");
    // A browser lets nothing fall where the page does not say that it takes it.
    let drop = "const over = new DragEvent('dragover', {bubbles: true, cancelable: true, dataTransfer: data}); \
         const takes = !place.dispatchEvent(over); \
         place.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: data})); \
         return takes";
    assert_eq!(browser.script(&(given("dropped.png") + drop)).await, true);
    shots.find("[aria-label='Look at dropped.png']").await;
    let paste = "(document.activeElement ?? document.body).dispatchEvent( \
         new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: data}))";
    browser.script("document.querySelector('#at-shots .drop').focus()").await;
    browser.script(&(given("pasted.png") + paste)).await;
    shots.find("[aria-label='Look at pasted.png']").await;
    browser.script("document.activeElement.blur(); document.querySelector('#at-shots .drop').scrollIntoView({block: 'center'})").await;
    browser.rest_on("#at-shots .drop").await;
    browser.script(&(given("hovered.png") + paste)).await;
    shots.find("[aria-label='Look at hovered.png']").await;

    shots.click_at("[aria-label='Look at dropped.png']").await;
    let seen = "const picture = document.querySelector('dialog[open] img.looked-at'); \
         return picture !== null && picture.complete && picture.naturalWidth === 1";
    assert!(browser.until(async || browser.script(seen).await == true).await, "the picture is not shown");
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
}

/// Files are looked at over the page, one after another by keys: pictures and texts, also those of older spreadsheets. What is
/// not shown there is opened or downloaded from there.
#[tokio::test]
async fn files_are_looked_at_one_after_another() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let paper = json!({"key": "paper", "label": "Paper", "fields": [
        {"key": "papers", "label": "Papers", "kind": "files"}]});
    let paper = admin.post("/apps/office/forms", paper).await.created();
    let form = paper["id"].as_str().unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.find("#at-papers .drop").await;
    // 数量 in GB18030.
    let files = [
        ("dot.png", format!("new Uint8Array({DOT:?})")),
        ("notes.txt", "'First line'".to_owned()),
        ("list.csv", "new Uint8Array([0xca, 0xfd, 0xc1, 0xbf, 0x2c, 0x31])".to_owned()),
        ("paper.pdf", "'%PDF-1.4'".to_owned()),
    ];
    let add = files.map(|(name, bytes)| format!("data.items.add(new File([{bytes}], '{name}'));"));
    let drop = format!(
        "const data = new DataTransfer(); {} document.querySelector('#at-papers .drop').dispatchEvent( \
         new DragEvent('drop', {{bubbles: true, cancelable: true, dataTransfer: data}}))",
        add.concat()
    );
    browser.script(&drop).await;
    let papers = browser.part("#at-papers");
    papers.find("a.name[title='paper.pdf']").await;

    papers.click("notes.txt").await;
    let dialog = browser.dialog();
    dialog.sees("notes.txt").await;
    dialog.sees("First line").await;
    dialog.sees("2 / 4").await;
    browser.keys(Key::Right + "").await;
    dialog.sees("list.csv").await;
    dialog.sees("数量,1").await;
    browser.keys(Key::Right + "").await;
    dialog.sees("This kind of file is not shown here.").await;
    let address = dialog.address("Open in a new tab").await;
    assert!(address.contains("/api/v1/files/"), "{address}");
    // There is none behind the last one.
    dialog.find("[aria-label='Next file'][aria-disabled=true]").await;
    browser.keys(Key::Right + "").await;
    dialog.sees("4 / 4").await;
    for name in ["list.csv", "notes.txt", "dot.png"] {
        browser.keys(Key::Left + "").await;
        dialog.sees(name).await;
    }
    let seen = "const picture = document.querySelector('dialog[open] img.looked-at'); \
         return picture !== null && picture.complete && picture.naturalWidth === 1";
    assert!(browser.until(async || browser.script(seen).await == true).await, "the picture is not shown");
    dialog.click("Next file").await;
    dialog.sees("First line").await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog[open]").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Where one points with a finger the camera is asked for a photo, which is a picture like any other.
#[tokio::test]
async fn a_photo_is_taken_where_one_points_with_a_finger() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let visit = json!({"key": "visit", "label": "Visit", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "shots", "label": "Pictures", "kind": "images"}]});
    let form = admin.post("/apps/office/forms", visit).await.created()["id"].as_str().unwrap().to_owned();
    let browser = Browser::open_touched(&server).await;
    browser.resize(390, 844).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}/new")).await;
    browser.fill("Name", "First").await;
    let shots = browser.part("#at-shots");
    shots.control("Take a photo").await;
    // The camera is the device's: it is heard that it is asked for, and a file is given in its place.
    let hears = "const input = document.querySelector('#at-shots .touch-only input'); \
         input.addEventListener('click', event => { \
             event.preventDefault(); \
             window.asked = [input.getAttribute('accept'), input.getAttribute('capture')]; \
         }, {once: true});";
    browser.script(hears).await;
    shots.click("Take a photo").await;
    let asked = async || browser.script("return window.asked ?? null").await;
    let is_asked = browser.until(async || asked().await == json!(["image/*", "environment"])).await;
    assert!(is_asked, "{}", asked().await);
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("photo.png");
    std::fs::write(&photo, DOT).unwrap();
    let input = browser.driver.find(By::Css("#at-shots .touch-only input")).await.unwrap();
    input.send_keys(photo.to_str().unwrap()).await.unwrap();
    shots.find("[aria-label='Look at photo.png']").await;
    browser.click("Save").await;
    let records = format!("/forms/{form}/records");
    let first = async || admin.get(&records).await.ok()["items"][0]["id"].clone();
    assert!(browser.until(async || first().await.is_string()).await, "nothing was saved");
    let stored = admin.get(&format!("{records}/{}", first().await.as_str().unwrap())).await.ok();
    assert_eq!(stored["fields"]["shots"].as_array().map(Vec::len), Some(1), "{stored}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
