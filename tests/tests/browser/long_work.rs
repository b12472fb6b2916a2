//! Long work: it is stopped by who began it, and who went on meanwhile is told wherever they are that it is over.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Browser, Client, Database, Server};
use thirtyfour::Key;

/// So many rows take long enough to be stopped on their way, on a quick machine too.
const MANY: u64 = 160_000;
/// How long they may take on a machine that is busy with other stories.
const PATIENCE: Duration = Duration::from_secs(240);
/// How far what the dialog shows has come.
const DONE: &str = "return Number(document.querySelector('dialog[open] [role=status] progress')?.value ?? 0)";
/// Begins the dialog's export, and presses its button to cancel as soon as it is told how far the work is. By itself: the button that
/// begins it gives way to the other one while it is pressed.
const EXPORT_AND_CANCEL: &str = "window.cancelling?.disconnect(); \
    const watching = window.cancelling = new MutationObserver(() => { \
        const counted = document.querySelector('dialog[open] [role=status] .num')?.textContent.trim(); \
        if (!counted) return; \
        watching.disconnect(); \
        [...document.querySelectorAll('dialog[open] .dialog-foot button')] \
            .find(button => button.innerText.trim() === 'Cancel')?.click(); \
    }); \
    watching.observe(document.body, {subtree: true, childList: true, characterData: true}); \
    [...document.querySelectorAll('dialog[open] .dialog-foot button')] \
        .find(button => button.innerText.trim() === 'Export').click();";
/// How often an export may have ended before it was stopped.
const TRIES: usize = 8;

#[tokio::test]
async fn long_work_is_stopped_and_who_went_on_is_told_of_its_end() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let part = json!({"key": "part", "label": "Part", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 0}}]});
    let form = admin.post("/apps/shop/forms", part).await.created()["id"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = table(folder.path());
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go(&format!("/apps/shop/forms/{form}")).await;
    an_import_is_stopped(&browser, &admin, &form, &file).await;
    who_went_on_is_told_that_it_is_over(&browser, &admin, &file).await;
    browser.go(&format!("/apps/shop/forms/{form}")).await;
    an_export_is_stopped(&browser, &admin).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

fn table(folder: &Path) -> PathBuf {
    let file = folder.join("parts.csv");
    let rows: String = (0..MANY).map(|n| format!("Part {n},{n}\n")).collect();
    std::fs::write(&file, format!("Name,Quantity\n{rows}")).unwrap();
    file
}

/// The newest work of the administrator.
async fn newest(admin: &Client) -> Value {
    admin.get("/jobs").await.ok()["items"][0].clone()
}

/// Begins to bring a table into the list that is open, until some of it has come.
async fn begin_an_import(browser: &Browser, file: &Path) {
    browser.click("Import").await;
    browser.choose_file(file).await;
    browser.control("Field for column Quantity").await;
    browser.dialog().click("Check").await;
    browser.patient(PATIENCE).dialog().sees("rows can be imported").await;
    browser.dialog().click_at("button.primary").await;
    browser.find("dialog[open] [role=status] progress[aria-label=Importing]").await;
    let has_begun = async || browser.script(DONE).await.as_f64() > Some(0.0);
    assert!(browser.patient(PATIENCE).until(has_begun).await, "nothing comes in");
}

/// What has come in until then stays, and is told.
async fn an_import_is_stopped(browser: &Browser, admin: &Client, form: &str, file: &Path) {
    begin_an_import(browser, file).await;
    browser.dialog().click("Cancel").await;
    let said = "Cancelled. What was imported until then stays.";
    browser.patient(PATIENCE).dialog().sees(said).await;
    browser.dialog().control("Undo this import").await;
    browser.dialog().click("Done").await;
    browser.gone("dialog").await;
    let job = newest(admin).await;
    assert_eq!((&job["kind"], &job["state"]), (&json!("import"), &json!("cancelled")), "{job}");
    let created = job["result"]["created"].as_u64().unwrap();
    assert!(created > 0 && created < MANY, "{created}");
    let count = json!({"measures": [{"key": "n", "fn": "count"}]});
    let count = admin.post(&format!("/forms/{form}/aggregate"), count).await.ok();
    assert_eq!(count["rows"][0]["values"]["n"], created.to_string());
}

/// Whoever closes the dialog and goes on sees in the navigation that something is under way, and is told that it is over with the
/// way to what came of it.
async fn who_went_on_is_told_that_it_is_over(browser: &Browser, admin: &Client, file: &Path) {
    begin_an_import(browser, file).await;
    browser.keys(Key::Escape + "").await;
    browser.gone("dialog").await;
    browser.part("nav.nav").click("Home").await;
    browser.gone("[role=grid]").await;
    browser.part("nav.nav").sees("Background work (1)").await;
    // Home shows how far it is; where it has ended meanwhile, that.
    browser.part("[data-import]").sees("Part").await;
    let notes = browser.part(".toasts");
    notes.patient(PATIENCE).sees("Import: Done").await;
    notes.click("Show").await;
    let place = "return location.pathname";
    assert!(browser.until(async || browser.script(place).await == "/jobs").await, "it leads elsewhere");
    browser.part("main .notices").sees("Import").await;
    browser.part("nav.nav").sees_no_more("Background work (1)").await;
    let job = newest(admin).await;
    assert_eq!((&job["kind"], &job["state"]), (&json!("import"), &json!("done")), "{job}");
    assert_eq!(job["result"]["created"], MANY, "{job}");
}

/// There is no file then. On a quick machine it may have ended just before: then it is begun again.
async fn an_export_is_stopped(browser: &Browser, admin: &Client) {
    browser.click_at("button[aria-label='More for this list']").await;
    browser.part(".menu:popover-open").click("Export").await;
    let dialog = browser.dialog();
    dialog.sees("All records that you may see").await;
    for _ in 0..TRIES {
        dialog.part(".dialog-foot").control("Export").await;
        browser.script(EXPORT_AND_CANCEL).await;
        let is_over = async || {
            let said = dialog.text().await;
            said.contains("Cancelled. There is no file.") || said.contains("are in the file")
        };
        assert!(dialog.patient(PATIENCE).until(is_over).await, "{}", dialog.text().await);
        if dialog.shows("Cancelled. There is no file.").await {
            break;
        }
    }
    dialog.sees("Cancelled. There is no file.").await;
    browser.gone("dialog[open] a[download]").await;
    let job = newest(admin).await;
    assert_eq!((&job["kind"], &job["state"]), (&json!("export"), &json!("cancelled")), "{job}");
    assert!(job["result"]["file"].is_null(), "{job}");
}
