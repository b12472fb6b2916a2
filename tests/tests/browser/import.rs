//! A table becomes a form with records; a second one goes into it, and what is wrong in it is said by line.

use std::time::Duration;

use serde_json::json;
use tests::superstore::Orders;
use tests::{Browser, Database, Server, sheet};

const ORDERS: &str = "\
Product,Qty,Price,Ordered,Region
Desk,3,1250.50,2024-03-01,East
Chair,12,89.90,2024-03-02,West
Lamp,5,45.25,2024-03-04,East
Shelf,2,210.00,2024-03-09,West
Table,1,399.99,2024-03-11,East
";

/// The quantity of the second record is no number.
const MORE: &str = "\
Product,Qty,Price,Ordered,Region
Stool,4,35.00,2024-04-01,West
Bench,many,120.00,2024-04-02,East
Couch,1,899.00,2024-04-03,East
";

/// So many records take this long on a machine that is busy with other stories.
const IMPORT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_table_becomes_a_form_and_a_second_one_says_its_faults_by_line() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let app = admin.post("/apps", json!({"label": "Shop"})).await.created();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/{}", app["key"].as_str().unwrap())).await;

    // From the home page too, though there are apps already.
    browser.go("/").await;
    browser.click("Start from a spreadsheet").await;
    browser.part(".menu:popover-open").click("Shop").await;
    browser.dialog().sees("From a spreadsheet").await;
    browser.dialog().click("Cancel").await;
    browser.gone("dialog").await;
    browser.click("New form").await;
    browser.dialog().click("From a spreadsheet").await;
    browser.choose_file(&file("orders.csv", ORDERS)).await;
    for (column, kind) in [("Product", "Text"), ("Qty", "Number"), ("Ordered", "Date")] {
        let guessed = browser.text_of(&format!("Type of {column}")).await;
        assert_eq!(guessed, kind, "{column}");
    }
    // A column may be left out, and is taken after all.
    browser.dialog().tick("Take column Ordered").await;
    browser.find("tr.off").await;
    browser.dialog().tick("Take column Ordered").await;
    browser.gone("tr.off").await;
    browser.fill("Name of Qty", "Quantity").await;
    browser.click("Create and import 5 rows").await;

    browser.sees("5 records").await;
    browser.sees("Quantity").await;
    browser.sees("Shelf").await;
    browser.gone("dialog").await;
    let shown = browser.text().await;
    assert!(shown.find("Desk") < shown.find("Shelf"), "in the order of the file: {shown}");

    browser.click("Import").await;
    browser.choose_file(&file("more.csv", MORE)).await;
    // The header says `Qty`, the field is called `Quantity` now: its key tells.
    let matched = browser.text_of("Field for column Qty").await;
    assert_eq!(matched, "Quantity");
    browser.click("Check").await;
    browser.sees("One row has a fault").await;
    let fault = browser.text_at(".fault-table tbody tr").await;
    assert!(fault.starts_with("3 Quantity") && fault.contains("many"), "{fault}");

    browser.click("Import 2 rows").await;
    let link = browser.address("Download the rows with faults").await;
    let path = link.split_once("/api/v1").map_or(link.as_str(), |(_, path)| path);
    let refused = sheet::cells(&admin.get(path).await.bytes, 1).concat();
    assert!(
        refused.iter().any(|cell| cell == "Bench") && !refused.iter().any(|cell| cell == "Couch"),
        "{refused:?}"
    );
    browser.dialog().click("Done").await;
    browser.sees("7 records").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());

    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn real_orders_come_in_through_the_dialog_and_add_up_exactly() {
    let orders = Orders::cut();
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.csv");
    std::fs::write(&file, &orders.csv).unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/apps/shop").await;
    browser.click("New form").await;
    browser.dialog().click("From a spreadsheet").await;
    browser.choose_file(&file).await;
    browser.dialog().sees("654 rows").await;
    browser.holds("Form name", "orders").await;
    let guessed = [
        ("Order ID", "Text"),
        ("Order Date", "Date"),
        ("Segment", "Select"),
        ("Postal Code", "Text"),
        ("Sales", "Number"),
        ("Quantity", "Number"),
    ];
    for (column, kind) in guessed {
        let shown = browser.text_of(&format!("Type of {column}")).await;
        assert_eq!(shown, kind, "{column}");
    }
    browser.dialog().click("Create and import 654 rows").await;
    browser.patient(IMPORT).sees("654 records").await;
    browser.gone("dialog").await;
    browser.part("[role=grid]").sees("CA-2015-117415").await;
    let forms = admin.get("/apps/shop/forms").await.ok();
    orders.check_figures(&admin, forms["items"][0]["id"].as_str().unwrap()).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// What is called *Note* here belongs into another field, and the quantities are not wanted.
const PARTS: &str = "\
Name,Note,Qty
Hinge,brass,12
Handle,oak,5
Knob,china,3
";

#[tokio::test]
async fn columns_are_put_elsewhere_and_left_out_by_mouse_before_they_come_in() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "material", "label": "Material", "kind": "text"},
        {"key": "note", "label": "Note", "kind": "text"},
        {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}}]});
    let part = admin.post("/apps/shop/forms", part).await.created();
    let part = part["id"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parts.csv");
    std::fs::write(&file, PARTS).unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{part}")).await;
    browser.click("Import").await;
    browser.choose_file(&file).await;

    // What the server matched by name, with the first values of each column beside it.
    let field_of = async |column: &str| browser.text_of(&format!("Field for column {column}")).await;
    for (line, column, samples) in [
        (1, "Name", ["Hinge", "Handle", "Knob"]),
        (2, "Note", ["brass", "oak", "china"]),
        (3, "Qty", ["12", "5", "3"]),
    ] {
        assert_eq!(field_of(column).await, column);
        let shown = browser.part(&format!("dialog .sheet-table tbody tr:nth-child({line}) .samples"));
        for sample in samples {
            shown.sees(sample).await;
        }
    }
    browser.dialog().choose("Field for column Note", "Material").await;
    browser.dialog().choose("Field for column Qty", "Leave out").await;
    browser.find("dialog tr:nth-child(3).off").await;
    let fields = [field_of("Name").await, field_of("Note").await, field_of("Qty").await];
    assert_eq!(fields, ["Name", "Material", "Leave out"]);

    browser.dialog().click("Check").await;
    browser.dialog().sees("All 3 rows can be imported.").await;
    let stored = admin.get(&format!("/forms/{part}/records")).await.ok();
    assert_eq!(stored["items"], json!([]), "a check stores nothing");
    browser.dialog().click("Import 3 rows").await;
    browser.dialog().sees("Undo this import").await;
    browser.dialog().click("Done").await;
    browser.gone("dialog").await;
    browser.sees("3 records").await;

    let stored = admin.get(&format!("/forms/{part}/records?sort=name")).await.ok();
    let stored = stored["items"].as_array().unwrap();
    let held = |member: &str| stored.iter().map(|record| &record["fields"][member]).collect::<Vec<_>>();
    assert_eq!(held("name"), ["Handle", "Hinge", "Knob"]);
    assert_eq!(held("material"), ["oak", "brass", "china"]);
    assert!(held("note").into_iter().chain(held("qty")).all(|value| value.is_null()), "{stored:?}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// So many rows take long enough to be seen on their way, on a quick machine too.
const MANY: u64 = 12_000;

#[tokio::test]
async fn how_far_a_check_and_an_import_are_is_shown_while_they_run() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 0}}]});
    let part = admin.post("/apps/shop/forms", part).await.created();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parts.csv");
    let rows: String = (0..MANY).map(|n| format!("Part {n},{n}\n")).collect();
    std::fs::write(&file, format!("Name,Quantity\n{rows}")).unwrap();
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{}", part["id"].as_str().unwrap())).await;
    browser.click("Import").await;
    browser.choose_file(&file).await;
    browser.control("Field for column Quantity").await;

    browser.watch_progress().await;
    browser.dialog().click("Check").await;
    browser.patient(IMPORT).dialog().sees("rows can be imported").await;
    browser.saw_progress().await;
    browser.watch_progress().await;
    browser.dialog().click_at("button.primary").await;
    // It is told that it runs, and stays on the screen until it is over.
    browser.find("dialog[open] [role=status] progress[aria-label=Importing]").await;
    browser.patient(IMPORT).dialog().sees("Undo this import").await;
    browser.saw_progress().await;
    browser.gone("progress").await;
    assert!(browser.progress_shown().await.iter().any(|(_, of)| *of == MANY), "of all rows");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
