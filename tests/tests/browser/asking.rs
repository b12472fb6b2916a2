//! Formulas that ask other forms, while somebody types.

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Database, Server};
use thirtyfour::Key;

#[tokio::test]
async fn a_figure_over_another_form_appears_while_one_types() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    admin.patch("/me", 1, json!({"language": "en"})).await.ok();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let payment = json!({"key": "payment", "label": "Payment", "fields": [
        {"key": "no", "label": "Number", "kind": "text"},
        {"key": "amount", "label": "Amount", "kind": "money"}]});
    let payment = admin.post("/apps/office/forms", payment).await.created();
    let payments = format!("/forms/{}/records", payment["id"].as_str().unwrap());
    for (no, amount) in [("A", "30"), ("A", "12"), ("B", "7")] {
        admin.post(&payments, json!({"fields": {"no": no, "amount": amount}})).await.created();
    }
    let order = json!({"key": "order", "label": "Order", "fields": [
        {"key": "no", "label": "Number", "kind": "text"},
        {"key": "amount", "label": "Amount", "kind": "money"},
        {"key": "paid", "label": "Paid", "kind": "money",
         "compute": {"formula": "SUMOF(payment, payment.no = no, payment.amount)"}},
        {"key": "left", "label": "Left", "kind": "money", "compute": {"formula": "amount - paid"}}]});
    let order = admin.post("/apps/office/forms", order).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go(&format!("/apps/office/forms/{}/new", order["id"].as_str().unwrap())).await;
    let shows = async |field: &str, value: &str| {
        let text = format!("return document.querySelector('#at-{field}')?.innerText ?? ''");
        let here =
            browser.until(async || browser.script(&text).await.as_str().unwrap().contains(value)).await;
        assert!(here, "{field} is {:?}, not {value}", browser.script(&text).await);
    };
    browser.type_at("#at-amount input", "100").await;
    browser.type_at("#at-no input", "A").await;
    shows("paid", "42.00").await;
    shows("left", "58.00").await;
    browser.type_at("#at-no input", Key::Backspace + "B").await;
    shows("paid", "7.00").await;
    shows("left", "93.00").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
