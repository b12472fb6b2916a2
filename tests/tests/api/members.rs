//! Members, departments and roles.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, items};
use tests::{Client, on_both, on_both_shared};

#[tokio::test]
async fn an_administrator_adds_members_and_others_cannot() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let me = mei.get("/me").await.ok();
        assert_eq!((me["state"].as_str(), me["administrator"].as_bool()), (Some("active"), Some(false)));
        assert_eq!(me["workspace"]["currency"], "CNY");

        let new = |email: &str| json!({"email": email, "name": "New", "password": ADMIN_PASSWORD});
        mei.post("/members", new("own@example.com")).await.refused(403, "forbidden");
        let taken = admin.post("/members", new(&mei.email.to_uppercase())).await.refused(409, "email_taken");
        assert_eq!(faults(&taken), ["email: not_unique"]);
        let bad = admin.post("/members", json!({"email": "no address", "name": " "})).await;
        assert_eq!(faults(&bad.refused(422, "validation")), ["email: not_an_email", "name: required"]);
        let weak = json!({"email": "w@example.com", "name": "W", "password": "123456789"});
        assert_eq!(
            faults(&admin.post("/members", weak).await.refused(422, "validation")),
            ["password: too_short"]
        );
        admin
            .post("/members", json!({"email": "x@example.com", "name": "X", "admin": true}))
            .await
            .refused(422, "unknown_member");
        let unknown = json!({"email": "x@example.com", "name": "X", "roles": ["nobody_has_it"]});
        assert_eq!(
            faults(&admin.post("/members", unknown).await.refused(422, "validation")),
            ["roles: not_an_id"]
        );
        let everybody = admin.whole("/members").await;
        let known = |email: &str| items(&everybody).iter().any(|member| member["email"] == email);
        assert!(known(&mei.email) && !known("x@example.com") && !known("w@example.com"));
    })
    .await;
}

#[tokio::test]
async fn an_invited_member_cannot_sign_in_before_having_a_password() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let invited =
            admin.post("/members", json!({"email": "invited@example.com", "name": "I"})).await.created();
        assert_eq!(invited["state"], "invited");
        let mut client = admin.stranger();
        client.sign_in("invited@example.com", "").await.refused(401, "wrong_credentials");
        let path = format!("/members/{}", id_of(&invited));
        let active = admin.patch(&path, 1, json!({"password": ADMIN_PASSWORD})).await.ok();
        assert_eq!(active["state"], "active");
        client.sign_in("invited@example.com", ADMIN_PASSWORD).await.ok();
    })
    .await;
}

#[tokio::test]
async fn people_change_their_own_name_language_and_password() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let elsewhere = {
            let mut client = mei.stranger();
            client.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
            client
        };
        let me = mei
            .patch("/me", 1, json!({"name": "Méi", "language": "zh-TW", "zone": "Asia/Taipei"}))
            .await
            .ok();
        assert_eq!(
            (&me["name"], &me["language"], &me["zone"]),
            (&json!("Méi"), &json!("zh-TW"), &json!("Asia/Taipei"))
        );
        // A name goes into letters and lists: it is one line.
        let me = mei.patch("/me", 1, json!({"name": "Méi\r\nBcc: all\u{2028}"})).await.ok();
        assert_eq!(me["name"], "Méi  Bcc: all");
        let zone = mei.patch("/me", 1, json!({"zone": "Mars/Olympus"})).await.refused(422, "validation");
        assert_eq!(faults(&zone), ["zone: unknown_zone"]);
        mei.patch("/me", 1, json!({"administrator": true})).await.refused(422, "unknown_member");

        let change =
            |current: &str| json!({"password": {"current": current, "new": "another good sentence"}});
        let wrong = mei.patch("/me", 1, change("not mine at all")).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["password.current: wrong_password"]);
        let token = mei.post("/tokens", json!({"name": "script", "scopes": ["write"]})).await.created();
        let script = Client::with_token(mei.url(), token["token"].as_str().unwrap());
        script.patch("/me", 1, change(ADMIN_PASSWORD)).await.refused(403, "session_required");
        mei.patch("/me", 1, change(ADMIN_PASSWORD)).await.ok();
        mei.get("/me").await.ok();
        elsewhere.get("/me").await.refused(401, "sign_in_required");
        let mut again = mei.stranger();
        again.sign_in(&mei.email, ADMIN_PASSWORD).await.refused(401, "wrong_credentials");
        again.sign_in(&mei.email, "another good sentence").await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_member_who_left_is_out_at_once_and_can_come_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let path = format!("/members/{}", mei.id);
        admin.delete(&path, 1).await.with_status(204);
        let everybody = admin.whole("/members").await;
        let left = items(&everybody).iter().find(|member| member["id"] == mei.id.as_str()).unwrap();
        assert_eq!(left["state"], "disabled");
        mei.get("/me").await.refused(401, "sign_in_required");
        mei.stranger().sign_in(&mei.email, ADMIN_PASSWORD).await.refused(401, "wrong_credentials");
        admin.patch(&path, 2, json!({"state": "active"})).await.ok();
        mei.stranger().sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        admin.delete("/members/0sbqd00000001", 1).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn somebody_is_always_left_to_administer() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let me = id_of(&admin.get("/me").await.ok());
        let path = format!("/members/{me}");
        admin.patch(&path, 1, json!({"administrator": false})).await.refused(409, "last_administrator");
        admin.delete(&path, 1).await.refused(409, "last_administrator");
        let second =
            json!({"email": "b@example.com", "name": "B", "password": ADMIN_PASSWORD, "administrator": true});
        admin.post("/members", second).await.created();
        // Power that was taken away ends with it.
        admin.patch(&path, 1, json!({"administrator": false})).await.ok();
        admin
            .post("/members", json!({"email": "c@example.com", "name": "C"}))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn nobody_reports_to_themselves() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (a, b) = (workspace.person("a").await, workspace.person("b").await);
        let of = |id: &str| format!("/members/{id}");
        let named = admin.patch(&of(&a.id), 1, json!({"manager": b.id})).await.ok();
        assert_eq!(named["manager"], b.id.as_str());
        let circle = admin.patch(&of(&b.id), 1, json!({"manager": a.id})).await.refused(422, "validation");
        assert_eq!(faults(&circle), ["manager: manager_circle"]);
        admin.patch(&of(&a.id), 2, json!({"manager": a.id})).await.refused(422, "validation");
        let freed = admin.patch(&of(&a.id), 2, json!({"manager": null})).await.ok();
        assert_eq!(freed["manager"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn departments_form_a_tree_with_heads_and_members() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let sales = json!({"name": "Sales", "head": mei.id, "members": [mei.id]});
        let sales = admin.post("/departments", sales).await.created();
        assert_eq!((&sales["members"], &sales["head"]), (&json!(1), &json!(mei.id)));
        let north = json!({"name": "North", "parent": sales["id"]});
        let north = admin.post("/departments", north).await.created();
        assert_eq!(mei.get("/me").await.ok()["departments"], json!([sales["id"]]));
        assert!(items(&mei.get("/departments").await.ok()).iter().any(|one| one["id"] == north["id"]));
        mei.post("/departments", json!({"name": "Own"})).await.refused(403, "forbidden");

        let path = format!("/departments/{}", id_of(&sales));
        let circle = admin.patch(&path, 1, json!({"parent": north["id"]})).await.refused(422, "validation");
        assert_eq!(faults(&circle), ["parent: department_circle"]);
        admin.delete(&path, 1).await.refused(409, "department_in_use");
        admin.delete(&format!("/departments/{}", id_of(&north)), 1).await.with_status(204);
        admin.delete(&path, 1).await.with_status(204);
        assert_eq!(mei.get("/me").await.ok()["departments"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn roles_are_known_by_key_and_given_to_members() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let key = format!("R{}", mei.id);
        let role =
            admin.post("/roles", json!({"key": key, "name": "Clerk", "members": [mei.id]})).await.created();
        assert_eq!((&role["key"], &role["members"]), (&json!(key), &json!(1)));
        admin.post("/roles", json!({"key": key, "name": "Clerk"})).await.refused(409, "role_taken");
        assert_eq!(mei.get("/me").await.ok()["roles"], json!([role["id"]]));
        let path = format!("/members/{}", mei.id);
        assert_eq!(admin.patch(&path, 1, json!({"roles": []})).await.ok()["roles"], json!([]));
        assert_eq!(admin.patch(&path, 2, json!({"roles": [key]})).await.ok()["roles"], json!([role["id"]]));
        let renamed =
            admin.patch(&format!("/roles/{}", id_of(&role)), 1, json!({"name": "Head clerk"})).await.ok();
        assert_eq!(renamed["name"], "Head clerk");
        admin.delete(&format!("/roles/{}", id_of(&role)), 1).await.with_status(204);
        assert_eq!(mei.get("/me").await.ok()["roles"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn members_are_listed_a_page_at_a_time() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for number in 0..52 {
            let member =
                json!({"email": format!("m{number:02}@example.com"), "name": format!("m{number:02}")});
            admin.post("/members", member).await.created();
        }
        let names = |page: &Value| -> Vec<String> {
            items(page).iter().map(|member| member["name"].as_str().unwrap().to_owned()).collect()
        };
        let first = admin.get("/members").await.ok();
        assert_eq!(names(&first).len(), 50, "a page is fifty, as of records");
        let rest = format!("/members?cursor={}", first["next"].as_str().unwrap());
        let rest = admin.get(&rest).await.ok();
        assert_eq!((names(&rest).len(), &rest["next"]), (3, &Value::Null));
        let all = admin.get("/members?limit=500").await.ok();
        assert_eq!((names(&all), &all["next"]), ([names(&first), names(&rest)].concat(), &Value::Null));
        let two = admin.get("/members?limit=2").await.ok();
        assert_eq!(names(&two), names(&all)[..2]);

        let wrong = [
            ("limit=501", "limit: too_large"),
            ("limit=0", "limit: too_small"),
            ("cursor=x", "cursor: bad_cursor"),
        ];
        for (asked, fault) in wrong {
            let told = admin.get(&format!("/members?{asked}")).await.refused(422, "validation");
            assert_eq!(faults(&told), [fault]);
        }
    })
    .await;
}

/// Short lists are whole, unless one asks for less; what they do not know they refuse, as every list does.
#[tokio::test]
async fn a_short_list_knows_its_parameters() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for label in ["Sales", "Stock", "Staff"] {
            admin.post("/apps", json!({"label": label})).await.created();
        }
        let all = admin.get("/apps").await.ok();
        assert_eq!((items(&all).len(), &all["next"]), (3, &Value::Null));
        let first = admin.get("/apps?limit=2").await.ok();
        let rest = format!("/apps?limit=2&cursor={}", first["next"].as_str().unwrap());
        let rest = admin.get(&rest).await.ok();
        assert_eq!([items(&first).as_slice(), items(&rest).as_slice()].concat(), *items(&all));
        let forms = format!("/apps/{}/forms", items(&all)[0]["id"].as_str().unwrap());
        for list in ["/apps", "/roles", "/departments", "/jobs", "/tokens", "/templates", &forms] {
            let told = admin.get(&format!("{list}?limit=501")).await.refused(422, "validation");
            assert_eq!(faults(&told), ["limit: too_large"], "{list}");
            admin.get(&format!("{list}?colour=red")).await.refused(422, "unknown_member");
        }
    })
    .await;
}
