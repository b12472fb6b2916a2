//! The audit trail: what is in it, who reads it, and that nobody changes it.

mod every_change;

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, group, number, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{UNKNOWN, faults, id_of, items};
use tests::{Client, Damage, Inside, Server, on_both, on_both_shared, sheet};

/// The actions of a list, newest first.
fn actions(list: &Value) -> Vec<&str> {
    items(list).iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

async fn audit(admin: &Client, query: &str) -> Value {
    admin.get(&format!("/audit?{query}")).await.ok()
}

fn printed(output: &std::process::Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A server with some entries, all of them sealed.
async fn sealed(server: &mut Server) {
    let admin = server.set_up().await;
    for label in ["One", "Two", "Three"] {
        admin.post("/apps", json!({"label": label})).await.created();
    }
    server.stop().await;
}

/// T13: neither the API nor SQL changes what is written, and who changes it as the database's owner is found out.
#[tokio::test]
async fn t13_the_audit_trail_is_append_only() {
    on_both(async |server| {
        sealed(server).await;
        server.restart().await;
        let admin = server.sign_in(tests::server::ADMIN_EMAIL, ADMIN_PASSWORD).await;
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = admin.send(admin.request(method, "/audit").json(&json!({}))).await;
            answer.refused(405, "method_not_allowed");
        }
        let mut inside = Inside::of(server).await;
        for (sql, said) in inside.tamper().await {
            let said = said.unwrap_err();
            assert!(said.contains("append-only"), "{sql}: {said}");
        }
        let (status, told) = printed(&server.command(&["audit", "verify"]).await);
        assert_eq!(status, Some(0), "{told}");
        // It ends with how far the chain reaches, to be kept elsewhere: an administrator sees the same in the list.
        let end: Vec<&str> = told.lines().last().unwrap().split_whitespace().collect();
        let (seq, chain) = (end[end.len() - 2], end[end.len() - 1]);
        let list = audit(&admin, "limit=500").await;
        let last = items(&list).iter().find(|entry| entry["chain"] == chain).unwrap();
        assert_eq!(last["seq"].to_string(), seq);

        inside.damage(Damage::Entry).await;
        let (status, told) = printed(&server.command(&["audit", "verify"]).await);
        assert_eq!(status, Some(1));
        assert!(told.starts_with("audit_broken: ") && told.contains("entry 1 was changed"), "{told}");
        assert!(told.contains("member.create"), "it says what the entry is about: {told}");
    })
    .await;
}

#[tokio::test]
async fn who_comes_in_who_is_turned_away_and_who_leaves_is_in_the_trail() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let mut browser = admin.stranger();
        browser.sign_in(&mei.email, "wrong wrong wrong").await.refused(401, "wrong_credentials");
        browser.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        browser.post("/auth/logout", json!({})).await.with_status(204);

        let list = audit(admin, &format!("object={}&kind=session", mei.id)).await;
        assert_eq!(actions(&list), ["session.close", "session.open", "session.refuse", "session.open"]);
        let (left, came, refused) = (&items(&list)[0], &items(&list)[1], &items(&list)[2]);
        assert_eq!(
            (&came["who"], &came["ip"], &came["path"]),
            (&json!(mei.id), &json!("127.0.0.1"), &json!("web"))
        );
        assert_eq!((&left["who"], &left["who_name"]), (&json!(mei.id), &json!("mei")));
        // Whoever gave a wrong password has shown nothing of who they are.
        assert_eq!((&refused["who"], &refused["object"]["label"]), (&Value::Null, &json!("mei")));
        assert!(refused["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{refused}");
        assert!(!list.to_string().contains("wrong wrong"), "no password is kept");

        // Who is not known is noted, too, without what was typed.
        browser
            .sign_in("canary-typed@example.com", "wrong wrong wrong")
            .await
            .refused(401, "wrong_credentials");
        let list = audit(admin, "action=session.refuse").await;
        assert!(items(&list).iter().any(|entry| entry["object"]["id"].is_null()), "{list}");
        assert!(!list.to_string().contains("canary-typed"), "{list}");
        // So is a wrong password of who has found a session open.
        let change = json!({"password": {"current": "wrong wrong wrong", "new": "another good sentence"}});
        mei.patch("/me", 1, change).await.refused(422, "validation");
        let list = audit(admin, &format!("object={}&action=session.refuse", mei.id)).await;
        assert_eq!(items(&list).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn c27_what_was_refused_is_in_the_trail() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        for _ in 0..5 {
            mei.get("/audit").await.refused(403, "forbidden");
        }
        mei.post("/roles", json!({"name": "Mine"})).await.refused(403, "forbidden");
        let delete = format!("/forms/{UNKNOWN}");
        mei.delete(&delete, 1).await.refused(404, "not_found");
        // Who reads what is not there has followed an old link.
        mei.get(&format!("/forms/{UNKNOWN}")).await.refused(404, "not_found");

        let list = audit(admin, &format!("kind=access&who={}", mei.id)).await;
        let told = |method: &str, path: &str| {
            let of = |entry: &&Value| {
                entry["changes"]["method"] == method && entry["changes"]["path"] == format!("/api/v1{path}")
            };
            let entries: Vec<&Value> = items(&list).iter().filter(of).collect();
            let count: u64 = entries.iter().map(|entry| entry["changes"]["count"].as_u64().unwrap()).sum();
            (count, entries.first().map(|entry| entry["changes"]["code"].clone()).unwrap_or_default())
        };
        assert_eq!(told("GET", "/audit"), (5, json!("forbidden")), "{list}");
        assert_eq!(told("POST", "/roles"), (1, json!("forbidden")), "{list}");
        assert_eq!(told("DELETE", &delete), (1, json!("not_found")), "{list}");
        assert_eq!(told("GET", &delete).0, 0, "{list}");
        assert!(items(&list).iter().all(|entry| entry["action"] == "access.refuse"), "{list}");

        // A token is refused by what it reaches, and is told apart from its owner's browser.
        let token = admin.post("/tokens", json!({"name": "reader", "scopes": ["read"]})).await.created();
        let robot = Client::with_token(admin.url(), token["token"].as_str().unwrap());
        robot.get("/audit").await.refused(403, "scope_too_narrow");
        let list = audit(admin, "kind=access&path=api").await;
        assert!(items(&list).iter().any(|entry| entry["changes"]["code"] == "scope_too_narrow"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_told_with_what_its_ids_are_called_now() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Told").await;
        let design = form("offer", [text("name")]).with("label", "Offers").with("title", "{name}");
        let offer = app.form(design).await;
        let mei = workspace.person("mei").await;
        offer.allow(group("clerks", &[&mei.id])).await;
        let made = offer.create(&mei, json!({"name": "Big chair"})).await.created();
        let own = group("own", &[&mei.id]).document();
        mei.post(&offer.path("/permissions"), own).await.refused(403, "forbidden");

        let of_record = audit(admin, &format!("object={}", id_of(&made))).await;
        let entry = &items(&of_record)[0];
        assert_eq!(entry["names"][id_of(&made)], "Big chair", "{entry}");
        let place = json!({"id": offer.id, "app": app.id, "label": "Offers"});
        assert_eq!(entry["form"], place, "{entry}");
        let groups = audit(admin, "kind=permission_group&limit=500").await;
        let of_form = |entry: &&Value| entry["form"]["id"] == json!(offer.id);
        let entry = items(&groups).iter().find(of_form).unwrap();
        assert_eq!(entry["names"][&mei.id], "mei", "{entry}");
        assert_eq!(entry["names"][entry["object"]["id"].as_str().unwrap()], "clerks", "{entry}");
        let refused = audit(admin, &format!("kind=access&who={}", mei.id)).await;
        assert_eq!(items(&refused)[0]["form"], place, "{refused}");

        // What is gone is not named any more, and the entry says what it always said.
        offer.admin.delete(&offer.at(&made), 1).await.with_status(204);
        let of_record = audit(admin, &format!("object={}", id_of(&made))).await;
        assert!(items(&of_record).iter().all(|entry| entry["names"][id_of(&made)].is_null()), "{of_record}");
        assert_eq!(items(&of_record)[1]["object"]["label"], "offer");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_finds_entries_by_what_is_asked_for() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Audited").await;
        let order = app.form(form("order", [text("name"), number("amount", 0)])).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id])).await;
        let made = order.create(&mei, json!({"name": "A", "amount": 1})).await.created();
        order.edit(&mei, &made, json!({"amount": 2})).await.ok();
        mei.delete(&order.at(&made), 2).await.with_status(204);

        let of_record = audit(admin, &format!("object={}", id_of(&made))).await;
        assert_eq!(actions(&of_record), ["record.delete", "record.update", "record.create"]);
        assert!(items(&of_record).iter().all(|entry| entry["who"] == json!(mei.id)), "{of_record}");
        let one = audit(admin, &format!("object={}&action=record.update", id_of(&made))).await;
        assert_eq!(actions(&one), ["record.update"]);
        let of_form = audit(admin, &format!("object={}&kind=form", order.id)).await;
        assert!(actions(&of_form).contains(&"form.publish"), "{of_form}");
        let hers = audit(admin, &format!("who={}&kind=record", mei.id)).await;
        assert_eq!(items(&hers).len(), 3);
        let today = hers["items"][0]["at"].as_str().unwrap();
        let (from, to) = ("2020-01-01", "2020-12-31");
        assert!(items(&audit(admin, &format!("who={}&from={from}&to={to}", mei.id)).await).is_empty());
        let since = audit(admin, &format!("who={}&kind=record&from={today}", mei.id)).await;
        assert_eq!(actions(&since), ["record.delete"]);

        // Page by page the same, and in order.
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = audit(admin, &format!("who={}&kind=record&limit=2{cursor}", mei.id)).await;
            seen.extend(items(&page).clone());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        // They may have been sealed meanwhile.
        let ids = |entries: &[Value]| entries.iter().map(id_of).collect::<Vec<_>>();
        assert_eq!(ids(&seen), ids(items(&hers)));

        let wrong = admin.get("/audit?from=yesterday").await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["from: not_a_moment"]);
        admin.get("/audit?limit=501").await.refused(422, "validation");
        admin.get("/audit?colour=red").await.refused(422, "unknown_member");
        mei.get("/audit").await.refused(403, "forbidden");
        mei.post("/audit/export", json!({})).await.refused(403, "forbidden");
        admin.stranger().get("/audit").await.refused(401, "sign_in_required");
    })
    .await;
}

#[tokio::test]
async fn the_trail_is_taken_away_as_a_file_which_leaves_an_entry() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("=1+1").await;
        mei.patch("/me", 1, json!({"language": "en"})).await.ok();
        let filter = json!({"object": mei.id});
        let shown = audit(admin, &format!("object={}", mei.id)).await;
        let export = async |format: &str| {
            let asked = json!({"filter": filter, "format": format});
            let job = admin.job(admin.post("/audit/export", asked).await).await;
            assert_eq!(job["state"], "done", "{job}");
            let file = job["result"]["file"].as_str().unwrap().to_owned();
            (job["result"].clone(), admin.get(&format!("/files/{file}")).await)
        };
        let (result, json) = export("json").await;
        assert_eq!(result["records"], items(&shown).len());
        let listed = json.body.as_array().unwrap();
        for (entry, listed) in items(&shown).iter().zip(listed) {
            // The seal may have come between.
            for member in ["id", "at", "who", "action", "object", "changes", "hash"] {
                assert_eq!(entry[member], listed[member], "{member}");
            }
        }
        let (_, csv) = export("csv").await;
        let csv = String::from_utf8(csv.bytes).unwrap();
        assert!(csv.contains("member.create") && csv.contains("'=1+1"), "text is no formula: {csv}");
        let (_, book) = export("xlsx").await;
        let rows = sheet::cells(&book.bytes, 1);
        assert_eq!((rows.len(), rows[0][4].as_str()), (items(&shown).len() + 1, "Action"));

        let noted = audit(admin, "action=audit.export&limit=3").await;
        let formats: Vec<_> = items(&noted).iter().map(|entry| entry["changes"]["format"].clone()).collect();
        assert_eq!(formats, ["xlsx", "csv", "json"]);
        assert_eq!(items(&noted)[0]["changes"]["filter"], filter);
    })
    .await;
}

/// Many records in one save are one entry: the trail does not slow them down.
#[tokio::test]
async fn a_save_of_many_records_is_one_entry() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name")])).await;
        let before = audit(&workspace.admin, "action=record.bulk&limit=1").await;
        order.add_all((0..300).map(|n| json!({"name": format!("o{n}")}))).await;
        let after = audit(&workspace.admin, "action=record.bulk&limit=5").await;
        let newest = items(&after).iter().find(|entry| entry["changes"]["form"] == json!(order.id)).unwrap();
        assert_eq!(newest["changes"]["count"], 300);
        assert_ne!(Some(&newest["id"]), items(&before).first().map(|entry| &entry["id"]));
    })
    .await;
}

/// What a change of people and of their rights was, with what there was before it.
#[tokio::test]
async fn changes_of_people_and_rights_say_what_was_and_what_is() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let role = admin.post("/roles", json!({"name": "Audited", "members": [mei.id]})).await.created();
        let patch = json!({"name": "Renamed", "members": [tom.id]});
        admin.patch(&format!("/roles/{}", id_of(&role)), 1, patch).await.ok();
        let list = audit(admin, &format!("object={}", id_of(&role))).await;
        assert_eq!(actions(&list), ["role.update", "role.create"]);
        assert_eq!(
            items(&list)[0]["changes"],
            json!({"name": {"old": "Audited", "new": "Renamed"},
                "members": {"added": [tom.id], "removed": [mei.id]}})
        );

        let member = format!("/members/{}", mei.id);
        let patch = json!({"administrator": true, "password": "another good sentence"});
        admin.patch(&member, 1, patch).await.ok();
        let list = audit(admin, &format!("object={}&kind=member", mei.id)).await;
        let newest = &items(&list)[0]["changes"];
        assert_eq!(newest["administrator"], json!({"old": false, "new": true}));
        assert_eq!(newest["password"], "changed");
        assert!(!list.to_string().contains("another good"), "{list}");

        let order = workspace.form(form("order", [text("name")])).await;
        order.allow(group("clerks", &[&tom.id])).await;
        let groups = admin.get(&order.path("/permissions")).await.ok();
        let mut document = items(&groups)[0]["document"].clone();
        document["enabled"] = json!(false);
        let path = order.path(&format!("/permissions/{}", id_of(&items(&groups)[0])));
        admin.put(&path, "*", document).await.ok();
        let list = audit(admin, &format!("object={}", id_of(&items(&groups)[0]))).await;
        let newest = &items(&list)[0];
        assert_eq!(newest["action"], "permission_group.update");
        assert_eq!(newest["changes"]["group"], json!({"enabled": {"old": null, "new": false}}));
    })
    .await;
}

/// The guide's statements make a role that cannot change the trail, and the server works with it.
#[tokio::test]
async fn t13_a_role_of_postgresql_without_the_right_is_set_up_as_the_guide_says() {
    const GUIDE: &str = include_str!("../../../../docs/guide/looking-after-it.md");
    let statements = GUIDE.split("```sql").nth(1).unwrap().split("```").next().unwrap();
    let mut server = Server::start(tests::Database::Postgres).await;
    let roles = server.become_role().await;
    let admin = server.set_up().await;
    // The owner of the trail is another in each run of the tests: roles are shared by all databases.
    let statements = statements.replace("formwork_audit", &roles.owner).replace("formwork", &roles.server);
    server.as_superuser(&statements).await;

    admin.post("/apps", json!({"label": "After"})).await.created();
    server.stop().await;
    let (status, told) = printed(&server.command(&["audit", "verify"]).await);
    assert_eq!(status, Some(0), "sealing goes on: {told}");
    let mut inside = Inside::of(&server).await;
    let mut said = inside.tamper().await;
    said.extend(inside.tamper_as_owner().await);
    for (sql, said) in said {
        let said = said.expect_err(sql);
        assert!(said.contains("permission denied") || said.contains("must be owner"), "{sql}: {said}");
    }
    drop(inside);
    server.restart().await;
    let admin = server.sign_in(tests::server::ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let order = tests::Workspace { admin: admin.clone() }.form(form("order", [text("name")])).await;
    order.add(json!({"name": "a"})).await;
    assert!(!items(&audit(&admin, "kind=record").await).is_empty());
    server.close().await;
    roles.drop().await;
}
