//! Records go out of a list as a file, come back in a workbook, and are taken back again.

use serde_json::json;
use tests::{Browser, Database, Server, sheet};

#[tokio::test]
async fn a_list_goes_out_and_a_workbook_comes_in_and_is_taken_back() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 0}}]});
    let part = admin.post("/apps/shop/forms", part).await.created();
    let form = part["id"].as_str().unwrap();
    for (name, qty) in [("Bolt", 5), ("Nut", 7)] {
        let fields = json!({"fields": {"name": name, "qty": qty}});
        admin.post(&format!("/forms/{form}/records"), fields).await.created();
    }
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}?columns=name,qty&sort=name")).await;
    browser.part("[role=grid]").sees("Bolt").await;

    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Export").await;
    let dialog = browser.dialog();
    dialog.sees("All records that you may see").await;
    dialog.click("Export").await;
    dialog.sees("2 records are in the file").await;
    let link = address(&browser, ".xlsx").await;
    let path = link.split_once("/api/v1").map_or(link.as_str(), |(_, path)| path);
    let rows = sheet::cells(&admin.get(path).await.bytes, 1);
    assert_eq!(rows, [["Name", "Quantity"], ["Bolt", "5"], ["Nut", "7"]]);
    dialog.click("CSV").await;
    dialog.click("Export").await;
    address(&browser, ".csv").await;
    dialog.click("Done").await;
    browser.gone("dialog").await;

    let text = |cells: &[&str]| cells.iter().map(|cell| sheet::text(cell)).collect::<Vec<_>>();
    let parts = vec![
        text(&["Name", "Quantity"]),
        vec![sheet::text("Screw"), sheet::number("9", 0)],
        vec![sheet::text("Washer"), sheet::text("many")],
    ];
    let book = sheet::workbook(&[("Notes", vec![text(&["Remarks"])]), ("Parts", parts)]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parts.xlsx");
    std::fs::write(&file, book).unwrap();
    browser.click("Import").await;
    browser.choose_file(&file).await;
    browser.dialog().sees("Remarks").await;
    browser.choose("Sheet", "Parts").await;
    browser.control("Field for column Quantity").await;
    browser.click("Check").await;
    browser.sees("One row has a fault").await;
    browser.click("Import 1 row").await;
    browser.dialog().sees("Undo this import").await;
    browser.dialog().click("Undo this import").await;
    browser.dialog().sees("Moved to the bin").await;
    browser.dialog().click("Done").await;
    browser.part(".status-line").sees("2 records").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Where the file of this sort lies that was made.
async fn address(browser: &Browser, ending: &str) -> String {
    let link = browser.part("dialog").find(&format!("a[download$='{ending}']")).await;
    link.attr("href").await.unwrap().unwrap_or_default()
}
