//! T17, T20: a visitor sends files for one answer, and the server keeps and gives out files for nobody else.

use reqwest::Method;
use serde_json::{Value, json};
use tests::workspace::{UNKNOWN, id_of, items};
use tests::{Visit, on_both, on_both_shared};

use super::{FIELDS, signup};

#[tokio::test]
async fn t17_a_visitors_answer_takes_the_files_of_its_own_ticket_and_nothing_that_looks_like_one() {
    on_both_shared(async |workspace| {
        let (form, admin) = (signup(&workspace).await, &workspace.admin);
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let (visit, other) =
            (Visit::open(&admin.stranger(), &link).await, Visit::open(&admin.stranger(), &link).await);
        let mine = visit.upload("a.txt", "text/plain", b"mine".to_vec()).await.created();
        assert_eq!((&mine["name"], &mine["size"]), (&json!("a.txt"), &json!(4)));
        let theirs = other.upload("b.txt", "text/plain", b"theirs".to_vec()).await.created();
        let of_admin = admin.upload("c.txt", "text/plain", b"canary".to_vec()).await;
        visit.wait().await;
        let strange: Vec<Value> = vec![
            json!([{"filepath": "/etc/passwd"}]),
            json!([{"id": mine["id"], "path": "../../x"}]),
            json!(["../../x"]),
            json!([UNKNOWN]),
            json!([theirs["id"]]),
            json!([of_admin]),
            json!({"url": "http://127.0.0.1/"}),
        ];
        for files in strange {
            let refused = visit.send(json!({"name": "Ann", "papers": files})).await;
            assert_eq!(refused.status, 422, "{files}: {}", refused.body);
            assert!(!refused.body.to_string().contains("canary"), "{}", refused.body);
        }
        visit.send(json!({"name": "Ann", "papers": [mine["id"]]})).await.created();
        let records = form.query(admin, json!({})).await.ok();
        assert_eq!(items(&records).len(), 1);
        let bytes = admin.get(&format!("/files/{}", id_of(&mine))).await;
        assert_eq!((bytes.status, bytes.bytes.as_slice()), (200, b"mine".as_slice()));
        // Taken once: another answer does not get it.
        let refused = other.answer(json!({"name": "Bea", "papers": [mine["id"]]})).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
    })
    .await;
}

#[tokio::test]
async fn t20_what_a_visitor_sends_is_given_out_to_nobody_and_so_large_at_most() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        let file = id_of(&visit.upload("a.txt", "text/plain", b"mine".to_vec()).await.created());
        visit.who.get(&format!("/files/{file}")).await.refused(401, "sign_in_required");
        // Nobody has it, whoever they are, until an answer takes it.
        workspace.admin.get(&format!("/files/{file}")).await.refused(404, "not_found");
        visit.who.get(&visit.path(&format!("/files/{file}"))).await.refused(404, "not_found");
        let without = visit.who.request(Method::POST, &visit.path("/files")).body("x");
        visit.who.send(without).await.refused(410, "ticket_expired");
        let fits = visit.upload("fits.bin", "application/octet-stream", vec![7; 20 << 20]).await;
        assert_eq!(fits.status, 201, "{}", fits.body);
        let large = visit.upload("large.bin", "application/octet-stream", vec![7; (20 << 20) + 1]).await;
        large.refused(413, "too_large");
    })
    .await;
}

/// L24: an answer has so many bytes and no more.
#[tokio::test]
async fn an_answer_is_so_large_at_most() {
    on_both(async |server| {
        let workspace = tests::Workspace { admin: server.set_up().await };
        let notes = tests::design::form("notes", [tests::design::Field::new("said", "long_text")]);
        let form = workspace.form(notes).await;
        let link = form.public(json!({"name": "Box"})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        visit.wait().await;
        let said = |bytes: usize| json!({"said": "x".repeat(bytes)});
        visit.send(said(256 << 10)).await.refused(413, "too_large");
        visit.send(said((256 << 10) - 100)).await.created();
    })
    .await;
}
