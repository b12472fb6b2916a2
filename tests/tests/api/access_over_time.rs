//! Rights that end: what somebody was let into closes at once.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Client, News, on_both_shared};

#[tokio::test]
async fn news_end_with_the_session_that_listens() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom, eve) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("eve").await);
        let made = eve.post("/tokens", json!({"name": "listener"})).await.created();
        let token = Client::with_token(eve.url(), made["token"].as_str().unwrap());
        let (mut hers, mut his) = (News::open(&mei, "/events").await, News::open(&tom, "/events").await);
        let (mut evening, mut by_token) =
            (News::open(&eve, "/events").await, News::open(&token, "/events").await);

        admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
        hers.ends().await;
        let change = json!({"password": {"current": ADMIN_PASSWORD, "new": "another good sentence"}});
        let mut elsewhere = eve.stranger();
        elsewhere.sign_in(&eve.email, ADMIN_PASSWORD).await.ok();
        elsewhere.patch("/me", 1, change).await.ok();
        evening.ends().await;
        by_token.ends().await;
        // Others go on listening until they sign out themselves.
        his.hears_nothing().await;
        tom.post("/auth/logout", json!({})).await.ok();
        his.ends().await;
    })
    .await;
}
