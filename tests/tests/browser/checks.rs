//! Checks of a form, told while somebody fills it in.

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Database, Server};

#[tokio::test]
async fn a_check_is_told_once_all_that_it_reads_is_entered() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
    let form = json!({"key": "claim", "label": "Claim", "fields": [
        {"key": "had", "label": "Points", "kind": "number"},
        {"key": "qty", "label": "Quantity", "kind": "number", "default": "1"},
        {"key": "each", "label": "Points each", "kind": "number"}],
        "validate": [
            {"key": "enough", "formula": "qty * each <= had", "message": "Not that many points"},
            {"key": "once", "formula": "OR(ISEMPTY(had), COUNTOF(claim, claim.had = had) < 1)", "message": "There is such a claim"}]});
    let form = admin.post("/apps/shop/forms", form).await.created();
    let form = form["id"].as_str().unwrap();
    admin
        .post(&format!("/forms/{form}/records"), json!({"fields": {"had": "7", "each": "1"}}))
        .await
        .created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/shop/forms/{form}/new")).await;
    let told = browser.part(".form");
    browser.enter("Points", "5").await;
    assert!(!told.shows("Not that many points").await, "what each takes is still to come");
    browser.enter("Points each", "9").await;
    // The quantity came by itself: nobody has to go there to hear of it.
    told.sees("Not that many points").await;
    browser.enter("Points each", "4").await;
    told.sees_no_more("Not that many points").await;
    // What other records know is told as well, a moment later.
    browser.enter("Points", "7").await;
    told.sees("There is such a claim").await;
    browser.enter("Points", "8").await;
    told.sees_no_more("There is such a claim").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
