//! A record with people, departments, several links, pictures and a signature; what it begins with comes from another form,
//! and it lists the records that belong to it.

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::id_of;
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// One grey dot.
pub const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\x0aIDAT\x78\xdach\0\0\0\x82\0\x81\xdaE\x08\x3b\0\0\0\0IEND\xaeB`\x82";

/// What the story is about, by ids.
struct World {
    mei: String,
    lin: String,
    sales: String,
    north: String,
    customers: [String; 2],
    contract: String,
}

#[tokio::test]
async fn people_departments_pictures_and_a_signature_are_filled_in_and_belonging_records_listed() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let world = world(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{}/new", world.contract)).await;
    parts_of_the_form_are_shown(&browser).await;
    another_form_gives_a_default(&browser).await;
    people_and_records_are_chosen(&browser).await;
    let folder = tempfile::tempdir().unwrap();
    a_picture_is_chosen(&browser, folder.path().join("dot.png")).await;
    somebody_signs(&browser).await;
    browser.part("#at-visits").sees("Shown once the record is saved").await;
    browser.click("Save").await;
    browser.part("aside.side").sees("History").await;
    belonging_records_are_listed(&browser).await;
    it_is_stored_as_it_was_filled(&admin, &world).await;
    people_are_taken_out(&browser, &admin, &world).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Two people, a department in another one, customers, what was spoken with them, and contracts.
async fn world(admin: &Client) -> World {
    let member = async |name: &str| {
        let email = format!("{}@example.com", name.to_lowercase());
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD});
        id_of(&admin.post("/members", member).await.created())
    };
    let (mei, lin) = (member("Mei").await, member("Lin").await);
    let sales = id_of(&admin.post("/departments", json!({"name": "Sales"})).await.created());
    let north = json!({"name": "North", "parent": sales});
    let north = id_of(&admin.post("/departments", north).await.created());
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = async |form: Value| id_of(&admin.post("/apps/office/forms", form).await.created());
    let record = async |form: &str, fields: Value| {
        id_of(&admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created())
    };
    let customer = form(json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "tier", "label": "Tier", "kind": "text"}]}))
    .await;
    let customers = [
        record(&customer, json!({"name": "Acme", "tier": "Gold"})).await,
        record(&customer, json!({"name": "Birch", "tier": "Iron"})).await,
    ];
    let visit = form(json!({"key": "visit", "label": "Visit", "title": "{what}", "fields": [
        {"key": "what", "label": "What", "kind": "text"},
        {"key": "with", "label": "With", "kind": "text"},
        {"key": "by", "label": "By", "kind": "member"}]}))
    .await;
    for (what, with, by) in [("Called", "Acme", &mei), ("Lunch", "Acme", &lin), ("Letter", "Birch", &lin)] {
        record(&visit, json!({"what": what, "with": with, "by": by})).await;
    }
    let contract = form(contract_form()).await;
    World { mei, lin, sales, north, customers, contract }
}

fn contract_form() -> Value {
    let alike = |there: &str| json!({"field": there, "op": "eq", "value": {"field": "buyer"}});
    let tier = json!({"form": "customer", "filter": alike("name"), "field": "tier"});
    let visits =
        json!({"form": "visit", "filter": alike("with"), "columns": ["by"], "sort": [{"field": "what"}]});
    json!({"key": "contract", "label": "Contract", "title": "{buyer}", "fields": [
        {"key": "pages", "label": "Pages", "kind": "tabs", "options": {"tabs": [
            {"label": "Buyer", "fields": ["buyer_name", "buyer", "tier"]}, {"label": "More", "fields": ["remark"]}]}},
        {"key": "buyer_name", "label": "Explained", "kind": "note", "options": {"text": "The tier comes with the buyer."}},
        {"key": "buyer", "label": "Name of the buyer", "kind": "text"},
        {"key": "tier", "label": "Tier", "kind": "text", "default": {"linkage": tier}},
        {"key": "remark", "label": "Remark", "kind": "text"},
        {"key": "people", "label": "Who takes part", "kind": "divider"},
        {"key": "team", "label": "Team", "kind": "members"},
        {"key": "dept", "label": "Department", "kind": "department"},
        {"key": "units", "label": "Units", "kind": "departments"},
        {"key": "partners", "label": "Partners", "kind": "links", "options": {"form": "customer"}},
        {"key": "shots", "label": "Pictures", "kind": "images"},
        {"key": "signed", "label": "Signed", "kind": "signature"},
        {"key": "visits", "label": "Visits", "kind": "query", "options": visits}]})
}

async fn parts_of_the_form_are_shown(browser: &Browser) {
    browser.sees("Who takes part").await;
    browser.sees("The tier comes with the buyer.").await;
    let tabs = browser.part(".form .tabs");
    tabs.click("More").await;
    browser.fill("Remark", "Soon").await;
    browser.sees_no_more("The tier comes with the buyer.").await;
    tabs.click("Buyer").await;
    browser.sees("The tier comes with the buyer.").await;
}

async fn another_form_gives_a_default(browser: &Browser) {
    browser.fill("Name of the buyer", "Birch").await;
    assert!(browser.until(async || browser.held("Tier").await == "Iron").await);
    browser.fill("Name of the buyer", "Acme").await;
    assert!(browser.until(async || browser.held("Tier").await == "Gold").await);
    browser.fill("Name of the buyer", "Nobody").await;
    assert!(browser.until(async || browser.held("Tier").await.is_empty()).await);
    browser.fill("Name of the buyer", "Acme").await;
    assert!(browser.until(async || browser.held("Tier").await == "Gold").await);
}

/// Searches the list of a field for each of some names and chooses what is found first.
async fn choose_several(browser: &Browser, at: &str, names: &[&str]) {
    browser.click_at(&format!("{at} [role=combobox]")).await;
    let list = browser.part(".menu:popover-open");
    for name in names {
        list.type_at("input", Key::Control + "a").await;
        list.type_at("input", (*name).to_owned() + Key::Enter).await;
        browser.part(&format!("{at} [role=combobox]")).sees(name).await;
    }
    list.type_at("input", Key::Escape + "").await;
    browser.gone(".menu:popover-open").await;
}

async fn people_and_records_are_chosen(browser: &Browser) {
    choose_several(browser, "#at-team", &["Mei", "Lin"]).await;
    browser.choose("Department", "Sales").await;
    choose_several(browser, "#at-units", &["North", "Sales"]).await;
    choose_several(browser, "#at-partners", &["Birch", "Acme"]).await;
}

async fn a_picture_is_chosen(browser: &Browser, file: PathBuf) {
    std::fs::write(&file, DOT).unwrap();
    browser.choose_file(&file).await;
    browser.part("#at-shots").find("img.thumb").await;
    browser.part("#at-shots").sees("dot.png").await;
}

async fn somebody_signs(browser: &Browser) {
    let pad = browser.find("#at-signed canvas").await;
    browser.script("document.querySelector('#at-signed canvas').scrollIntoView({block: 'center'})").await;
    let stroke = browser.driver.action_chain().move_to_element_center(&pad).click_and_hold();
    stroke.move_by_offset(60, -20).move_by_offset(20, 40).release().perform().await.unwrap();
    // Another try: what is drawn can be wiped out.
    browser.part("#at-signed").click("Clear").await;
    browser.find("#at-signed button.primary[aria-disabled=true]").await;
    let stroke = browser.driver.action_chain().move_to_element_center(&pad).click_and_hold();
    stroke.move_by_offset(-40, 10).move_by_offset(80, -20).release().perform().await.unwrap();
    browser.part("#at-signed").click("Use this signature").await;
    browser.find("#at-signed img").await;
    browser.part("#at-signed").control("Sign again").await;
}

async fn belonging_records_are_listed(browser: &Browser) {
    let visits = browser.part("#at-visits");
    visits.sees("Called").await;
    visits.sees("2 records").await;
    for text in ["By", "Mei", "Lin"] {
        visits.sees(text).await;
    }
    assert!(!visits.shows("Letter").await, "of another buyer");
    let address = visits.address("Called").await;
    assert!(address.contains("/records/"), "{address}");
}

async fn stored(admin: &Client, world: &World) -> Value {
    let list = admin.get(&format!("/forms/{}/records", world.contract)).await.ok();
    admin.get(&format!("/forms/{}/records/{}", world.contract, id_of(&list["items"][0]))).await.ok()
}

async fn it_is_stored_as_it_was_filled(admin: &Client, world: &World) {
    let fields = stored(admin, world).await["fields"].clone();
    let World { mei, lin, sales, north, customers: [acme, birch], .. } = world;
    assert_eq!((&fields["tier"], &fields["remark"]), (&json!("Gold"), &json!("Soon")));
    assert_eq!((&fields["team"], &fields["dept"]), (&json!([mei, lin]), &json!(sales)));
    assert_eq!((&fields["units"], &fields["partners"]), (&json!([north, sales]), &json!([birch, acme])));
    let bytes = async |id: &Value| admin.get(&format!("/files/{}", id.as_str().unwrap())).await.bytes;
    assert_eq!(bytes(&fields["shots"][0]).await, DOT);
    let signature = bytes(&fields["signed"]).await;
    assert!(signature.starts_with(b"\x89PNG\r\n\x1a\n"), "{} bytes", signature.len());
}

async fn people_are_taken_out(browser: &Browser, admin: &Client, world: &World) {
    browser.part("#at-team .chip").click("Remove").await;
    browser.part("#at-team [role=combobox]").sees_no_more("Mei").await;
    browser.click("Save").await;
    browser.gone(".save-bar").await;
    assert_eq!(stored(admin, world).await["fields"]["team"], json!([world.lin]));
    browser.part("aside.side").sees("Mei, Lin").await;
}
