//! What administrators of a form make of its links.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};
use tests::{Visit, on_both, on_both_shared};

use super::{FIELDS, signup};

#[tokio::test]
async fn a_link_offers_what_may_be_filled_in_by_anybody_and_says_what_it_can_not() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        // Without a word all fields that tell of nobody: no members, no numbers.
        let link = form.public(json!({"name": "Fair"})).await;
        let usual = ["name", "email", "kind", "seats", "fee", "guests", "papers", "status", "source"];
        assert_eq!(link["fields"], json!(usual));
        assert_eq!(
            (&link["state"], &link["on"], &link["answers"]),
            (&json!("open"), &json!(true), &json!(0))
        );
        assert!(link["token"].as_str().unwrap().len() >= 26, "{link}");
        assert!(link["url"].as_str().unwrap().ends_with(&format!("/f/{}", link["token"].as_str().unwrap())));
        for (wrong, told) in [
            (json!({"name": ""}), vec!["name: required"]),
            (json!({"name": "x", "fields": []}), vec!["fields: required"]),
            (json!({"name": "x", "fields": ["seller"]}), vec!["fields.0: not_public"]),
            (json!({"name": "x", "fields": ["no"]}), vec!["fields.0: not_public"]),
            (json!({"name": "x", "fields": ["name", "name"]}), vec!["fields.1: named_twice"]),
            (json!({"name": "x", "lookups": ["name"]}), vec!["lookups.0: shows_no_records"]),
            (json!({"name": "x", "limit": 0}), vec!["limit: too_small"]),
            (json!({"name": "x", "expires": "soon"}), vec!["expires: not_a_moment"]),
            (json!({"name": "x", "password": "short"}), vec!["password: too_short"]),
            (json!({"name": "x", "embed": ["https://*.a.com"]}), vec!["embed.0: bad_origin"]),
            (json!({"name": "x", "values": {"kind": "none"}}), vec!["values.kind: unknown_choice"]),
            (json!({"name": "x", "values": {"papers": []}}), vec!["values.papers: not_public"]),
        ] {
            let refused = workspace.admin.post(&form.path("/links"), wrong.clone()).await;
            assert_eq!(
                (refused.status, faults(&refused.body)),
                (422, told.iter().map(|one| (*one).to_owned()).collect()),
                "{wrong}"
            );
        }
        let unknown = json!({"name": "x", "fields": ["gone"]});
        workspace.admin.post(&form.path("/links"), unknown).await.refused(422, "unknown_field");
        let draft =
            json!({"key": "sketch", "label": "Sketch", "draft": true, "fields": [text("name").value()]});
        let app = workspace.app("Drafts").await;
        let draft = workspace.admin.post(&app.path("/forms"), draft).await.created();
        let path = format!("/forms/{}/links", id_of(&draft));
        workspace.admin.post(&path, json!({"name": "x"})).await.refused(409, "form_not_published");
    })
    .await;
}

#[tokio::test]
async fn only_those_who_administer_the_form_know_of_its_links() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let link = form.public(json!({"name": "Fair"})).await;
        let (mei, fay) = (workspace.person("mei").await, workspace.person("fay").await);
        form.allow(tests::design::group("all", &[&mei.id]).may(&["view", "create", "edit"])).await;
        mei.get(&form.path("/links")).await.refused(403, "forbidden");
        mei.post(&form.path("/links"), json!({"name": "x"})).await.refused(403, "forbidden");
        let path = format!("/links/{}", id_of(&link));
        mei.patch(&path, 1, json!({"on": false})).await.refused(404, "not_found");
        mei.delete(&path, 1).await.refused(404, "not_found");
        workspace
            .admin
            .put(&form.path("/admins"), "*", json!({"admins": [{"members": [fay.id]}]}))
            .await
            .ok();
        let listed = fay.get(&form.path("/links")).await.ok();
        assert_eq!((id_of(&items(&listed)[0]), &items(&listed)[0]["token"]), (id_of(&link), &link["token"]));
        workspace.admin.patch(&format!("/links/{UNKNOWN}"), 1, json!({})).await.refused(404, "not_found");
        let without = workspace.admin.request(Method::PATCH, &path).json(&json!({"on": false}));
        workspace.admin.send(without).await.refused(428, "if_match_required");
    })
    .await;
}

#[tokio::test]
async fn a_link_is_changed_switched_off_renewed_and_revoked_at_once() {
    on_both_shared(async |workspace| {
        let (form, admin) = (signup(&workspace).await, &workspace.admin);
        let nobody = admin.stranger();
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let path = format!("/links/{}", id_of(&link));
        let visit = Visit::open(&nobody, &link).await;

        let off = admin.patch(&path, 1, json!({"on": false})).await.ok();
        assert_eq!((version_of(&off), &off["state"]), (2, &json!("off")));
        nobody.get(&visit.path("")).await.refused(410, "link_closed");
        visit.answer(json!({"name": "Ann"})).await.refused(410, "link_closed");
        admin.patch(&path, 1, json!({"on": true})).await.refused(412, "stale");
        let on = json!({"on": true, "heading": {"en": "Come along"}, "limit": 2});
        let on = admin.patch(&path, 2, on).await.ok();
        assert_eq!((&on["state"], &on["heading"]["en"]), (&json!("open"), &json!("Come along")));

        // What came before the change is taken after it; the third is one too many.
        visit.send(json!({"name": "Ann"})).await.created();
        Visit::open(&nobody, &link).await.answer(json!({"name": "Bea"})).await.created();
        nobody.get(&visit.path("")).await.refused(410, "link_closed");
        let full = admin.get(&form.path("/links")).await.ok();
        assert_eq!((&items(&full)[0]["state"], &items(&full)[0]["answers"]), (&json!("full"), &json!(2)));
        let more = admin.patch(&path, 3, json!({"limit": null})).await.ok();
        assert_eq!(more["state"], "open");
        let over = admin.patch(&path, 4, json!({"expires": "2020-01-01T00:00:00Z"})).await.ok();
        assert_eq!(over["state"], "expired");
        nobody.get(&visit.path("")).await.refused(410, "link_closed");
        admin.patch(&path, 5, json!({"expires": null})).await.ok();

        let renew = admin.request(Method::POST, &format!("{path}/renew")).header("if-match", "\"6\"");
        let renewed = admin.send(renew).await.ok();
        assert_ne!(renewed["token"], link["token"]);
        nobody.get(&visit.path("")).await.refused(404, "not_found");
        let visit = Visit::open(&nobody, &renewed).await;
        admin.delete(&path, 7).await.with_status(204);
        nobody.get(&visit.path("")).await.refused(410, "link_closed");
        visit.answer(json!({"name": "Cat"})).await.refused(410, "link_closed");
        visit.upload("a.txt", "text/plain", b"x".to_vec()).await.refused(410, "link_closed");
        admin.patch(&path, 8, json!({"on": true})).await.refused(409, "link_revoked");
        let revoked = admin.get(&form.path("/links")).await.ok();
        assert_eq!(
            (&items(&revoked)[0]["state"], &items(&revoked)[0]["token"]),
            (&json!("revoked"), &Value::Null)
        );
        assert_eq!(items(&form.query(admin, json!({})).await.ok()).len(), 2);
    })
    .await;
}

/// What came by a link is told to be of it, wherever it is told who did something; word of the trail holds neither the token nor
/// the password.
#[tokio::test]
async fn history_and_trail_tell_which_link_an_answer_came_by() {
    on_both(async |server| {
        let workspace = tests::Workspace { admin: server.set_up().await };
        let (form, admin) = (signup(&workspace).await, &workspace.admin);
        let password = "the password of a fair";
        let link = json!({"name": "Fair", "fields": FIELDS, "password": password});
        let link = form.public(link).await;
        let token = link["token"].as_str().unwrap();
        let nobody = admin.stranger();
        nobody.get(&format!("/public/{token}")).await.refused(403, "password_required");
        let opened = nobody.post(&format!("/public/{token}/open"), json!({"password": password})).await.ok();
        let visit = Visit { who: nobody.clone(), token: token.to_owned(), form: opened };
        let taken = visit.answer(json!({"name": "Ann"})).await.created();
        assert_eq!(taken, json!({"thanks": null, "again": true}));

        let list = form.query(admin, json!({"titles": true})).await.ok();
        let record = items(&list)[0].clone();
        let system = &record["system"];
        assert_eq!((&system["created_by"], &system["owner"]), (&link["id"], &Value::Null));
        let named = list["titles"].as_object().unwrap().values().any(|names| names[id_of(&link)] == "Fair");
        assert!(named, "{list}");
        let history = admin.get(&format!("{}/history", form.at(&record))).await.ok();
        let first = &items(&history)[0];
        assert_eq!((&first["path"], &first["who"]), (&json!("public_form"), &link["id"]));
        let trail = admin.get("/audit?limit=100").await.ok();
        let entry = items(&trail).iter().find(|entry| entry["action"] == "record.create").unwrap();
        assert_eq!(
            (&entry["who"], &entry["who_name"], &entry["path"]),
            (&link["id"], &json!("Fair"), &json!("public_form"))
        );
        assert!(items(&trail).iter().any(|entry| entry["action"] == "link.create"), "{trail}");
        assert!(!trail.to_string().contains(token) && !trail.to_string().contains(password), "{trail}");

        // A wrong password is slow, and another one makes tickets of the former worth nothing.
        let wrong = format!("/public/{token}/open");
        for _ in 0..5 {
            nobody.post(&wrong, json!({"password": "wrong"})).await.refused(403, "wrong_password");
        }
        nobody.post(&wrong, json!({"password": "wrong"})).await.refused(429, "too_many_requests");
        let other = json!({"password": "another password of the fair"});
        admin.patch(&format!("/links/{}", id_of(&link)), 1, other).await.ok();
        visit.send(json!({"name": "Bea"})).await.refused(410, "ticket_expired");
    })
    .await;
}

/// A form that goes to the bin takes nothing, and its links come back with it.
#[tokio::test]
async fn a_form_in_the_bin_takes_no_answers() {
    on_both_shared(async |workspace| {
        let fair = workspace.form(form("fair", [text("name")])).await;
        let link = fair.public(json!({"name": "Fair"})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        workspace.admin.delete(&fair.path(""), 1).await.ok();
        visit.who.get(&visit.path("")).await.refused(410, "link_closed");
        visit.answer(json!({"name": "Ann"})).await.refused(410, "link_closed");
        workspace.admin.post(&fair.path("/restore"), json!({})).await.ok();
        visit.send(json!({"name": "Ann"})).await.created();
    })
    .await;
}

/// L24: as many links of a form, and as long a name, as it says, and not one more.
#[tokio::test]
async fn a_form_has_fifty_links_at_most() {
    on_both_shared(async |workspace| {
        let fair = workspace.form(form("fair", [text("name")])).await;
        let path = fair.path("/links");
        let long = "x".repeat(201);
        let refused = workspace.admin.post(&path, json!({"name": long})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["name: too_long"]);
        let first = fair.public(json!({"name": &long[1..]})).await;
        for n in 1..50 {
            fair.public(json!({"name": format!("{n}")})).await;
        }
        let refused = workspace.admin.post(&path, json!({"name": "more"})).await.refused(422, "validation");
        assert_eq!(faults(&refused), [": too_many"]);
        workspace.admin.delete(&format!("/links/{}", id_of(&first)), 1).await.with_status(204);
        fair.public(json!({"name": "more"})).await;
        workspace.admin.post(&path, json!({"name": "one more"})).await.refused(422, "validation");
    })
    .await;
}
