//! Calls of flows in the settings of their app: those of a step that its receiver wants no more, and the button that switches them on.

use serde_json::json;
use tests::design::{form, text};
use tests::workspace::items;
use tests::{Browser, Database, HttpCatcher, Server, Workspace};

#[tokio::test]
async fn calls_that_are_switched_off_are_switched_on_by_whoever_administers_the_app() {
    let other = HttpCatcher::start().await;
    other.answer(410);
    let server = Server::start_with(Database::Sqlite, &["--allow-private", "127.0.0.0/8"]).await;
    let workspace = Workspace { admin: server.set_up().await };
    let (admin, app) = (&workspace.admin, workspace.app("Shop").await);
    let order = app.form(form("order", [text("code")]).with("title", "{code}")).await;
    let call = json!({"kind": "call", "url": other.url(), "body": {"code": "{code}"}});
    let step = json!({"kind": "action", "key": "tell", "label": "Tell the shop", "action": call});
    order.flow(json!([step])).await;
    let browser = Browser::open(&server).await;
    let has = async |state: &str| {
        let path = app.path(&format!("/calls?state={state}"));
        browser.until(async || items(&admin.get(&path).await.ok()).len() == 1).await
    };
    order.create(admin, json!({"code": "A-1"})).await.created();
    assert!(has("dead").await);
    other.answer(200);
    order.create(admin, json!({"code": "A-2"})).await.created();
    assert!(has("held").await);

    browser.sign_in().await;
    browser.go(&format!("/apps/{}/settings", app.key)).await;
    let calls = browser.part("#app-calls");
    calls.sees("Switched off: whoever takes it kept failing").await;
    calls.click("Switch on").await;
    assert!(has("sent").await);
    calls.sees_no_more("Switched off: whoever takes it kept failing").await;
    browser.go("/notices").await;
    browser.sees("Webhook calls of a step are switched off").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
