//! What a workspace says for everybody in it.

use serde_json::json;
use tests::design::{form, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, items};
use tests::{Workspace, on_both};

const PATH: &str = "/workspace";

#[tokio::test]
async fn languages_currency_and_calendar_are_said_by_administrators_and_read_by_all() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let usual = mei.get(PATH).await.ok();
        assert_eq!(usual["languages"], json!(["zh-CN", "zh-TW", "en"]));
        assert_eq!(usual["calendar"]["days"], json!([1, 2, 3, 4, 5]));
        assert_eq!(usual["session"], json!({"idle_minutes": 720, "longest_days": 7, "at_once": 20}));
        mei.patch(PATH, 1, json!({"name": "Mine"})).await.refused(403, "forbidden");

        let wrong = json!({"name": " ", "currency": "yuan", "languages": [], "calendar": {"days": [8], "hours": []},
            "password": {"min_length": 5}, "session": {"idle_minutes": 1, "longest_days": 1000, "at_once": 0}});
        let wrong = admin.patch(PATH, 1, wrong).await.refused(422, "validation");
        let expected = [
            "languages: too_few",
            "password.min_length: too_small",
            "session.idle_minutes: too_small",
            "session.longest_days: too_large",
            "session.at_once: too_small",
            "calendar.days: not_a_weekday",
            "name: required",
            "currency: unknown_currency",
        ];
        assert_eq!(faults(&wrong), expected);
        // Three letters are no currency yet.
        let wrong = admin.patch(PATH, 1, json!({"currency": "XQZ"})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["currency: unknown_currency"]);
        admin.patch(PATH, 1, json!({"zone": "Asia/Taipei"})).await.refused(422, "unknown_member");

        let calendar = json!({"days": [1, 2, 3, 4, 6], "hours": [{"from": "08:30", "to": "17:00"}],
            "holidays": ["2026-10-01"], "worked": ["2026-10-10"]});
        let said = json!({"name": "Seed", "language": "zh-TW", "languages": ["zh-TW", "en"], "currency": "TWD",
            "calendar": calendar});
        let now = admin.patch(PATH, 1, said).await.ok();
        assert_eq!((&now["name"], &now["currency"], &now["calendar"]), (&json!("Seed"), &json!("TWD"), &calendar));
        assert_eq!(mei.get(PATH).await.ok(), now);
        assert_eq!(mei.get("/me").await.ok()["workspace"]["name"], "Seed");
        let closed = mei.patch("/me", 1, json!({"language": "zh-CN"})).await.refused(422, "validation");
        assert_eq!(faults(&closed), ["language: language_not_offered"]);
        mei.patch("/me", 1, json!({"language": "en"})).await.ok();
        let gone = admin.patch(PATH, 1, json!({"languages": ["en"]})).await.refused(422, "validation");
        assert_eq!(faults(&gone), ["language: language_not_offered"], "its own language stays among them");
    })
    .await;
}

#[tokio::test]
async fn a_longer_password_is_asked_of_who_takes_a_new_one() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        admin.patch(PATH, 1, json!({"password": {"min_length": 30}})).await.ok();
        let change = json!({"password": {"current": ADMIN_PASSWORD, "new": "twenty-nine characters long.."}});
        let short = mei.patch("/me", 1, change).await.refused(422, "validation");
        assert_eq!(faults(&short), ["password: too_short"]);
        let new = json!({"email": "new@example.com", "name": "New", "password": ADMIN_PASSWORD});
        let short = admin.post("/members", new).await.refused(422, "validation");
        assert_eq!(faults(&short), ["password: too_short"]);
        let mut again = admin.stranger();
        again.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        let change =
            json!({"password": {"current": ADMIN_PASSWORD, "new": "thirty characters are enough.."}});
        mei.patch("/me", 1, change).await.ok();
    })
    .await;
}

#[tokio::test]
async fn as_many_browsers_as_the_workspace_lets_are_signed_in() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let policy = json!({"session": {"idle_minutes": 30, "longest_days": 1, "at_once": 2}});
        admin.patch(PATH, 1, policy).await.ok();
        let mei = workspace.person("mei").await;
        let (mut second, mut third) = (admin.stranger(), admin.stranger());
        second.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        third.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        // What was looked up a moment ago may be known for a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        mei.get("/me").await.refused(401, "sign_in_required");
        second.get("/me").await.ok();
        third.get("/me").await.ok();
        admin.get("/me").await.ok();
    })
    .await;
}

#[tokio::test]
async fn apps_are_made_by_whom_the_workspace_lets() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        assert_eq!(mei.get(PATH).await.ok()["app_makers"], "everybody");
        assert_eq!(mei.get("/me").await.ok()["may_make_apps"], true);
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        mei.patch(PATH, 1, json!({"app_makers": "administrators"})).await.refused(403, "forbidden");
        let said = admin.patch(PATH, 1, json!({"app_makers": "administrators"})).await.ok();
        assert_eq!(said["app_makers"], "administrators");
        mei.post("/apps", json!({"label": "More"})).await.refused(403, "forbidden");
        assert_eq!(mei.get("/me").await.ok()["may_make_apps"], false);
        assert_eq!(admin.get("/me").await.ok()["may_make_apps"], true);
        // What is theirs stays theirs, and administrators make apps as before.
        let note = form("note", [text("said")]).document();
        mei.post(&format!("/apps/{own}/forms"), note).await.created();
        admin.post("/apps", json!({"label": "Sales"})).await.created();
        let trail = admin.get("/audit?action=workspace.update").await.ok();
        assert!(items(&trail)[0]["changes"].to_string().contains("app_makers"), "{trail}");
        // It stays while something else is said, and can be taken back.
        assert_eq!(admin.patch(PATH, 1, json!({"name": "Seed"})).await.ok()["app_makers"], "administrators");
        admin.patch(PATH, 1, json!({"app_makers": "everybody"})).await.ok();
        mei.post("/apps", json!({"label": "More"})).await.created();
    })
    .await;
}

/// Who is not signed in is told what the workspace is called where its administrators let them know, and there is no other.
#[tokio::test]
async fn a_workspace_is_named_to_strangers_where_it_lets_them_know() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let named = async || server.client().get("/auth/ways").await.ok().get("workspace").cloned();
        let name = admin.get(PATH).await.ok()["name"].clone();
        assert_eq!(named().await, None);
        mei.patch(PATH, 1, json!({"named_at_sign_in": true})).await.refused(403, "forbidden");
        assert_eq!(
            admin.patch(PATH, 1, json!({"named_at_sign_in": true})).await.ok()["named_at_sign_in"],
            true
        );
        assert_eq!(named().await, Some(name));
        let trail = admin.get("/audit?action=workspace.update").await.ok();
        assert!(items(&trail)[0]["changes"].to_string().contains("named_at_sign_in"), "{trail}");
        admin.patch(PATH, 1, json!({"name": "Seed"})).await.ok();
        assert_eq!(named().await, Some(json!("Seed")));
        // Which of several somebody comes to is not known before they have signed in.
        server.command(&["workspace", "create", "--name", "Branch"]).await;
        assert_eq!(named().await, None);
    })
    .await;
}
