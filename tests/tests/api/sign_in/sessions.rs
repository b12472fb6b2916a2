//! The browsers that somebody is signed in with.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{UNKNOWN, items};
use tests::{Client, Inside, on_both, on_both_shared};

/// For as long a server trusts what it has just looked up.
const TRUSTED: Duration = Duration::from_millis(1_100);
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn a_session_that_nobody_uses_ends_after_twelve_hours_and_not_before() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let mut inside = Inside::of(server).await;
        inside.age_sessions(12 * HOUR - 1, 12 * HOUR - 1).await;
        tokio::time::sleep(TRUSTED).await;
        // This is a use: from here it is twelve hours again.
        mei.get("/me").await.ok();
        inside.age_sessions(12 * HOUR - 1, 12 * HOUR - 1).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.ok();
        inside.age_sessions(12 * HOUR, 12 * HOUR).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.refused(401, "sign_in_required");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_seven_days_however_much_it_is_used() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let mut inside = Inside::of(server).await;
        // As if it had been used all the time, and ten minutes ago for the last.
        inside.age_sessions(7 * DAY - 30, 10).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.ok();
        inside.age_sessions(29, 29).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.ok();
        inside.age_sessions(2, 2).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.refused(401, "sign_in_required");
        // Signing in is what gives seven more.
        server.sign_in("mei@example.com", ADMIN_PASSWORD).await.get("/me").await.ok();
    })
    .await;
}

/// To a server whose clock was set back everything that is stored was later; to one whose clock was set forwards, earlier.
#[tokio::test]
async fn k7_a_session_ends_in_time_by_the_clock_that_there_is() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let mut inside = Inside::of(server).await;
        // Two days back. From its next use on it is twelve hours, and not two days and twelve hours.
        inside.age_sessions(-2 * DAY, -2 * DAY).await;
        inside.age_confirmations(-2 * DAY).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.ok();
        // What somebody shows they are does not hold for two days either.
        mei.post("/auth/second-factor", json!({})).await.refused(403, "reauth_required");
        mei.post("/auth/confirm", json!({"password": ADMIN_PASSWORD})).await.with_status(204);
        mei.post("/auth/second-factor", json!({})).await.ok();
        // Eleven hours forwards, and then twelve.
        inside.age_sessions(0, 11 * HOUR).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.ok();
        inside.age_sessions(0, 12 * HOUR).await;
        tokio::time::sleep(TRUSTED).await;
        mei.get("/me").await.refused(401, "sign_in_required");
        server.sign_in("mei@example.com", ADMIN_PASSWORD).await.get("/me").await.ok();
    })
    .await;
}

#[tokio::test]
async fn links_and_tokens_end_at_their_time_and_not_before() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let made = mei.post("/tokens", json!({"name": "robot", "days": 7})).await.created();
        let robot = Client::with_token(server.url(), made["token"].as_str().unwrap());
        let lin = admin.post("/members", json!({"email": "lin@example.com", "name": "Lin"})).await.created();
        let invite = format!("/members/{}/invitation", lin["id"].as_str().unwrap());
        let invited = admin.post(&invite, json!({})).await.created();
        let link = json!({"token": invited["token"]});
        let nobody = server.client();

        let mut inside = Inside::of(server).await;
        inside.age_links(7 * DAY - 1).await;
        tokio::time::sleep(TRUSTED).await;
        nobody.post("/auth/invitation", link.clone()).await.ok();
        robot.get("/me").await.ok();
        inside.age_links(1).await;
        tokio::time::sleep(TRUSTED).await;
        nobody.post("/auth/invitation", link.clone()).await.refused(410, "invitation_over");
        let accept = json!({"token": invited["token"], "password": "a horse of another colour"});
        nobody.post("/auth/invitation/accept", accept).await.refused(410, "invitation_over");
        robot.get("/me").await.refused(401, "sign_in_required");
    })
    .await;
}

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

/// A program that names no language is answered in that of its member, and told why its token is no good.
#[tokio::test]
async fn who_names_no_language_is_answered_in_their_own() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let made = mei.post("/tokens", json!({"name": "robot"})).await.created();
        let token = made["token"].as_str().unwrap();
        let http = reqwest::Client::new();
        let asked = async |language: Option<&str>| -> Value {
            let request = http.get(format!("{}/api/v1/forms/{UNKNOWN}", mei.url())).bearer_auth(token);
            let request = match language {
                Some(language) => request.header("accept-language", language),
                None => request,
            };
            request.send().await.unwrap().json().await.unwrap()
        };
        for (own, title) in [("zh-TW", asked(Some("zh-TW")).await), ("en", asked(Some("en")).await)] {
            let change = mei.request(reqwest::Method::PATCH, "/me").header("if-match", "*");
            mei.send(change.json(&json!({"language": own}))).await.ok();
            let answer = asked(None).await;
            assert_eq!((&answer["code"], &answer["title"]), (&json!("not_found"), &title["title"]), "{own}");
        }
        mei.delete(&format!("/tokens/{}", made["id"].as_str().unwrap()), 1).await.with_status(204);
        let revoked = asked(Some("en")).await;
        assert_eq!(revoked["code"], "sign_in_required");
        assert!(revoked["title"].as_str().unwrap().contains("token"), "{revoked}");
    })
    .await;
}
