//! The browsers that somebody is signed in with.

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::items;
use tests::{Client, on_both_shared};

#[tokio::test]
async fn a_session_that_is_ended_is_over_at_once() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let mut phone = mei.stranger();
        phone.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        let list = mei.get("/auth/sessions").await.ok();
        assert_eq!(items(&list).len(), 2);
        let other = items(&list).iter().find(|session| session["current"] == false).unwrap().clone();
        assert_eq!(other["ip"], "127.0.0.1");
        phone.get("/me").await.ok();

        // Nobody else may end it.
        let lin = workspace.person("lin").await;
        let path = format!("/auth/sessions/{}", other["id"].as_str().unwrap());
        lin.delete(&path, 1).await.refused(404, "not_found");
        mei.delete(&path, 1).await.with_status(204);
        phone.get("/me").await.refused(401, "sign_in_required");
        mei.get("/me").await.ok();
        mei.delete(&path, 1).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn all_others_are_ended_by_oneself_and_all_by_an_administrator() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let mut phone = mei.stranger();
        phone.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        mei.delete("/auth/sessions", 1).await.with_status(204);
        phone.get("/me").await.refused(401, "sign_in_required");
        mei.get("/me").await.ok();

        let path = format!("/members/{}/sessions", mei.id);
        mei.delete(&path, 1).await.refused(403, "forbidden");
        workspace.admin.delete(&path, 1).await.with_status(204);
        mei.get("/me").await.refused(401, "sign_in_required");

        // A program sees and ends none.
        let lin = workspace.person("lin").await;
        let made = lin.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(lin.url(), made["token"].as_str().unwrap());
        robot.get("/auth/sessions").await.refused(403, "session_required");
        robot.delete("/auth/sessions", 1).await.refused(403, "session_required");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_by_itself_and_says_when_it_was_used() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let made =
            mei.post("/tokens", json!({"name": "robot", "scopes": ["read"], "days": 30})).await.created();
        assert!(made["expires_at"].as_str().is_some_and(|end| end > made["created_at"].as_str().unwrap()));
        assert!(made["seen_at"].is_null());
        Client::with_token(mei.url(), made["token"].as_str().unwrap()).get("/me").await.ok();
        let list = mei.get("/tokens").await.ok();
        assert!(items(&list)[0]["seen_at"].is_string(), "{list}");
        for days in [0, 100_000] {
            let endless = json!({"name": "robot", "days": days});
            mei.post("/tokens", endless).await.refused(422, "validation");
        }
    })
    .await;
}
