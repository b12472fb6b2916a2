//! Changes by several people, sent again, and many at once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tests::design::{form, number, serial, text};
use tests::dice::cases;
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};
use tests::{Inside, Workspace, on_both, on_both_shared};

#[tokio::test]
async fn t73_a_change_says_which_version_it_saw() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name"), number("amount", 2)])).await;
        let made = order.add(json!({"name": "Ann", "amount": 1})).await;
        let path = order.at(&made);
        let blind = admin.request(Method::PATCH, &path).json(&json!({"fields": {"amount": 2}}));
        admin.send(blind).await.refused(428, "if_match_required");
        admin.send(admin.request(Method::DELETE, &path)).await.refused(428, "if_match_required");
        let weak = admin
            .request(Method::PATCH, &path)
            .header("if-match", "1")
            .json(&json!({"fields": {"amount": 2}}));
        admin.send(weak).await.refused(422, "validation");

        order.edit(admin, &made, json!({"amount": 2})).await.ok();
        let stale = order.edit(admin, &made, json!({"amount": 3})).await.refused(412, "stale");
        assert_eq!(
            (version_of(&stale["current"]), &stale["current"]["fields"]["amount"]),
            (2, &json!("2.00"))
        );
        let stale = admin.delete(&path, 1).await.refused(412, "stale");
        assert_eq!(stale["current"]["id"], made["id"]);
        // Any version, on purpose.
        let any = admin
            .request(Method::PATCH, &path)
            .header("if-match", "*")
            .json(&json!({"fields": {"amount": 4}}));
        assert_eq!(admin.send(any).await.ok()["fields"]["amount"], "4.00");
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_from_one_version_exactly_one_is_made() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [number("a", 0), number("b", 0)])).await;
        // A thousand pairs in a long run.
        for round in 1..=cases(10).min(1_000) {
            let made = order.add(json!({"a": 0, "b": 0})).await;
            let (one, two) = tokio::join!(
                order.edit(admin, &made, json!({"a": round})),
                order.edit(admin, &made, json!({"b": round})),
            );
            let mut answers = [one.status, two.status];
            answers.sort_unstable();
            assert_eq!(answers, [200, 412]);
            assert_eq!(version_of(&order.read(admin, &made).await.ok()), 2);
        }
    })
    .await;
}

#[tokio::test]
async fn t21_an_idempotency_key_makes_one_record_however_often_it_is_sent() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [serial("no", "SO-"), number("amount", 0)])).await;
        let path = order.path("/records");
        let body = json!({"fields": {"amount": 1}});
        let first = admin.post_once(&path, "key-1", body.clone()).await.created();
        let again = admin.post_once(&path, "key-1", body.clone()).await;
        assert_eq!(again.headers["etag"], "\"1\"");
        assert_eq!(again.created(), first);
        admin
            .post_once(&path, "key-1", json!({"fields": {"amount": 2}}))
            .await
            .refused(422, "idempotency_key_reused");
        // Another person's key is another key, and what was refused is not kept.
        let mei = workspace.person("mei").await;
        order.allow(tests::design::group("clerks", &[&mei.id])).await;
        assert_ne!(mei.post_once(&path, "key-1", body.clone()).await.created()["id"], first["id"]);
        admin.post_once(&path, "key-2", json!({"fields": {"amount": "x"}})).await.refused(422, "validation");
        admin.post_once(&path, "key-2", json!({"fields": {"amount": "3"}})).await.created();

        // At once: one effect, and everybody else hears of it or waits for it.
        let at_once = (0..8).map(|_| admin.post_once(&path, "key-3", body.clone()));
        let answers = tests::together(at_once).await;
        let mut ids = BTreeSet::new();
        for answer in answers {
            match answer.status {
                201 => drop(ids.insert(id_of(&answer.body))),
                _ => drop(answer.refused(409, "idempotency_in_progress")),
            }
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(order.query(admin, json!({"count": "exact"})).await.ok()["count"]["value"], 4);
    })
    .await;
}

/// The first answer is kept for a day: within it the key stands for that one request, and later for a new one.
#[tokio::test]
async fn an_idempotency_key_is_known_for_twenty_four_hours() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [number("amount", 0)])).await;
        let (path, body) = (order.path("/records"), json!({"fields": {"amount": 1}}));
        let mut first = Vec::new();
        let mut inside = Inside::of(server).await;
        for (key, hours) in [("young", 23), ("old", 25)] {
            first.push(workspace.admin.post_once(&path, key, body.clone()).await.created()["id"].clone());
            inside.age_answers(key, hours).await;
        }
        drop(inside);
        // A server that starts forgets at once what is over.
        server.stop().await;
        server.restart().await;
        let admin = workspace.admin.moved_to(server.url());
        let again = async |key: &str| admin.post_once(&path, key, body.clone()).await.created()["id"].clone();
        let until = Instant::now() + Duration::from_secs(30);
        while again("old").await == first[1] {
            assert!(Instant::now() < until, "it is known for longer than a day");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(again("young").await, first[0]);
        assert_eq!(order.query(&admin, json!({"count": "exact"})).await.ok()["count"]["value"], 3);
    })
    .await;
}

#[tokio::test]
async fn a_bulk_is_all_or_nothing_or_row_by_row() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").unique(), number("qty", 0).option("min", "0")])).await;
        let bulk = order.path("/records/bulk");
        let row = |code: &str, qty: i64| json!({"fields": {"code": code, "qty": qty}});
        let refused = admin.post(&bulk, json!({"create": [row("A", 1), row("B", -1), row("C", -2)]})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["create.1.fields.qty: too_small", "create.2.fields.qty: too_small"]);
        order.add(json!({"code": "C"})).await;
        let clash = admin.post(&bulk, json!({"create": [row("A", 1), row("C", 1)]})).await.refused(409, "not_unique");
        assert_eq!(faults(&clash), ["create.1.fields.code: not_unique"]);
        assert_eq!(items(&order.query(admin, json!({})).await.ok()).len(), 1, "nothing half-done");

        let each = json!({"create": [row("A", 1), row("B", -1), row("C", 1), row("D", 1)], "atomic": false});
        let answer = admin.post(&bulk, each.clone()).await.ok();
        let results = answer["results"].as_array().unwrap();
        let codes: Vec<_> = results.iter().map(|one| one["problem"]["code"].as_str().unwrap_or("done")).collect();
        assert_eq!(codes, ["done", "validation", "not_unique", "done"]);

        let a = &results[0];
        let stale = json!({"update": [{"id": a["id"], "version": 7, "fields": {"qty": 9}}]});
        admin.post(&bulk, stale).await.refused(412, "stale");
        let update = json!({"update": [{"id": a["id"], "version": 1, "fields": {"qty": 9}}, {"id": results[3]["id"], "fields": {"qty": 8}}]});
        assert_eq!(admin.post(&bulk, update).await.ok()["results"][0]["version"], 2);
        let twice = json!({"update": [{"id": a["id"], "fields": {"qty": 1}}, {"id": a["id"], "fields": {"qty": 2}}]});
        admin.post(&bulk, twice).await.refused(422, "validation");
        let upsert = json!({"upsert": {"key": ["code"], "rows": [row("A", 20), row("E", 30)]}});
        let upserted = admin.post(&bulk, upsert).await.ok();
        assert_eq!((&upserted["results"][0]["id"], &upserted["results"][0]["version"]), (&a["id"], &json!(3)));
        let unknown = json!({"delete": [a["id"], UNKNOWN]});
        let missing = admin.post(&bulk, unknown).await;
        assert!(missing.status == 404 || missing.status == 422, "{}", missing.body);
        order.read(admin, a).await.ok();
        admin.post(&bulk, json!({"delete": [a["id"]]})).await.ok();
        order.read(admin, a).await.refused(404, "not_found");
        admin.post(&bulk, json!({"create": [], "delete": []})).await.refused(422, "validation");
        let many: Vec<_> = (0..5001).map(|_| json!({"fields": {}})).collect();
        assert_eq!(faults(&admin.post(&bulk, json!({"create": many})).await.refused(422, "validation")), [": too_many"]);
    })
    .await;
}
