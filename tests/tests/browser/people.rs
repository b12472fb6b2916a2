//! An administrator sets up a department, invites somebody into it by a link, and hands over what they have when they
//! leave.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items};
use tests::{Browser, Database, Server};

const PASSWORD: &str = "a horse of another colour";

#[tokio::test]
async fn somebody_is_invited_joins_and_hands_over_when_they_leave() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let tom = json!({"email": "tom@example.com", "name": "Tom", "password": ADMIN_PASSWORD});
    admin.post("/members", tom).await.created();

    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    browser.go("/settings/members").await;
    browser.click("Add department").await;
    browser.dialog().fill("Name of the department", "East").await;
    browser.dialog().click("Save").await;
    browser.part("[data-department=East]").sees("East").await;

    // Who is added while a department is shown is in it.
    browser.part("[data-department=East]").click("East").await;
    browser.click("Add member").await;
    browser.dialog().fill("Name", "Lin").await;
    browser.dialog().fill("E-mail", "lin@example.com").await;
    browser.dialog().click("Add member").await;
    // Who has no password yet gets a link.
    browser.dialog().sees("Invitation for Lin").await;
    let link = browser.dialog().held("Link").await;
    browser.dialog().click("Close").await;
    browser.part("tr[data-member='lin@example.com']").sees("Invited").await;
    browser.part("tr[data-member='lin@example.com']").sees("East").await;

    let guest = Browser::open(&server).await;
    let (_, path) = link.split_once("://").and_then(|(_, place)| place.split_once('/')).expect(&link);
    guest.go(&format!("/{path}")).await;
    guest.part("main").sees("lin@example.com").await;
    guest.fill("Password", PASSWORD).await;
    guest.click("Join").await;
    guest.gone("input[type=password]").await;
    guest.close().await;

    // Lin has a record, and leaves.
    let members = admin.get("/members").await.ok();
    let lin = items(&members).iter().find(|member| member["email"] == "lin@example.com").unwrap();
    assert_eq!(lin["state"], "active");
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = json!({"key": "note", "label": "Notes", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/office/forms", form).await.created());
    let record = json!({"fields": {"name": "a"}, "system": {"owner": lin["id"]}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    browser.go("/settings/members").await;
    browser.part("tr[data-member='lin@example.com']").click("Actions").await;
    browser.click("Hand over").await;
    browser.dialog().sees("1 record").await;
    browser.dialog().choose("Who takes over", "Tom").await;
    browser.dialog().part(".dialog-foot").click("Hand over").await;
    browser.dialog().sees("Handed over:").await;
    browser.dialog().click("Close").await;
    browser.part("tr[data-member='lin@example.com']").sees("Disabled").await;
    let after = admin.get(&format!("/forms/{form}/records/{}", id_of(&record))).await.ok();
    assert_ne!(after["system"]["owner"], lin["id"]);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
