//! What people say about a record.

use serde_json::{Value, json};
use tests::{Client, on_both};

/// A form whose clerks may comment and whose readers may not; gives its id.
async fn claims(admin: &Client) -> String {
    let app = admin.post("/apps", json!({"label": "Claims"})).await.created();
    for role in ["clerk", "reader"] {
        admin.post("/roles", json!({"key": role, "name": role})).await.created();
    }
    let form = json!({"key": "claim", "label": "Claim", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let form = admin.post(&format!("/apps/{}/forms", app["id"].as_str().unwrap()), form).await.created();
    let id = form["id"].as_str().unwrap().to_string();
    for (role, operations) in
        [("clerk", json!(["view", "create", "edit", "comment"])), ("reader", json!(["view"]))]
    {
        let group = json!({"key": role, "label": role, "who": {"roles": [role]},
            "operations": operations, "fields": {"*": "edit"}});
        admin.post(&format!("/forms/{id}/permissions"), group).await.created();
    }
    id
}

fn texts(comments: &Value) -> Vec<&str> {
    comments["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_sees_a_record_reads_what_is_said_of_it_and_some_may_add_to_it() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = claims(&admin).await;
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let reader = server.member(&admin, "reader@example.com", &["reader"]).await;
        let guest = server.member(&admin, "guest@example.com", &[]).await;
        let record = clerk.post(&format!("/forms/{form}/records"), json!({"fields": {"name": "A"}})).await;
        let record = record.created();
        let comments = format!("/forms/{form}/records/{}/comments", record["id"].as_str().unwrap());

        let me = reader.get("/me").await.ok()["id"].clone();
        let file = clerk.upload("proof.txt", "text/plain", b"hello".to_vec()).await;
        let said = json!({"text": "  Please look  ", "mentions": [me], "files": [file]});
        let first = clerk.post(&comments, said).await.created();
        assert_eq!(first["text"], "Please look");
        assert_eq!((&first["mentions"], &first["files"][0]["name"]), (&json!([me]), &json!("proof.txt")));
        for text in ["two", "three"] {
            clerk.post(&comments, json!({"text": text})).await.created();
        }

        // Newest first, page by page; the file goes with the right to see the record.
        let page = reader.get(&format!("{comments}?limit=2")).await.ok();
        assert_eq!(texts(&page), ["three", "two"]);
        assert_eq!(page["may_comment"], false);
        let next = page["next"].as_str().unwrap();
        let rest = reader.get(&format!("{comments}?limit=2&cursor={next}")).await.ok();
        assert_eq!((texts(&rest), &rest["next"]), (vec!["Please look"], &Value::Null));
        assert_eq!(reader.get(&format!("/files/{file}")).await.bytes, b"hello");
        assert_eq!(clerk.get(&comments).await.ok()["may_comment"], true);

        reader.post(&comments, json!({"text": "no"})).await.refused(403, "forbidden");
        guest.get(&comments).await.refused(404, "not_found");
        guest.post(&comments, json!({"text": "no"})).await.refused(404, "not_found");
        guest.get(&format!("/files/{file}")).await.refused(404, "not_found");

        // The record itself is what it was.
        let now = admin.get(&format!("/forms/{form}/records/{}", record["id"].as_str().unwrap())).await.ok();
        assert_eq!(now["version"], record["version"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_comment_is_refused_and_nothing_of_it_stays() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = claims(&admin).await;
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let records = format!("/forms/{form}/records");
        let record = clerk.post(&records, json!({"fields": {"name": "A"}})).await.created();
        let comments = format!("{records}/{}/comments", record["id"].as_str().unwrap());
        let others = admin.upload("a.txt", "text/plain", b"a".to_vec()).await;
        for (input, path, code) in [
            (json!({"text": "  "}), "text", "required"),
            (json!({"text": "x".repeat(4_001)}), "text", "too_long"),
            (json!({"text": "x", "mentions": ["0sbz1mxb0nh0g"]}), "mentions.0", "not_an_id"),
            (json!({"text": "x", "files": [others]}), "files.0", "not_an_id"),
        ] {
            let refusal = clerk.post(&comments, input).await.refused(422, "validation");
            assert_eq!(
                (&refusal["errors"][0]["path"], &refusal["errors"][0]["code"]),
                (&json!(path), &json!(code))
            );
        }
        clerk.post(&comments, json!({"text": "x", "to": "y"})).await.refused(422, "unknown_member");
        assert_eq!(texts(&clerk.get(&comments).await.ok()), Vec::<&str>::new());

        // A draft is nobody else's, and a form may do without comments.
        let draft = clerk.post(&records, json!({"fields": {"name": "B"}, "draft": true})).await.created();
        let of_draft = format!("{records}/{}/comments", draft["id"].as_str().unwrap());
        clerk.post(&of_draft, json!({"text": "x"})).await.refused(403, "forbidden");
        let quiet = json!({"key": "quiet", "label": "Quiet", "settings": {"comments": false},
            "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
        let apps = admin.get("/apps").await.ok();
        let app = apps["items"][0]["id"].as_str().unwrap();
        let quiet = admin.post(&format!("/apps/{app}/forms"), quiet).await.created();
        let records = format!("/forms/{}/records", quiet["id"].as_str().unwrap());
        let record = admin.post(&records, json!({"fields": {"name": "A"}})).await.created();
        let comments = format!("{records}/{}/comments", record["id"].as_str().unwrap());
        admin.post(&comments, json!({"text": "x"})).await.refused(403, "forbidden");
        assert_eq!(admin.get(&comments).await.ok()["may_comment"], false);
    })
    .await;
}

#[tokio::test]
async fn who_said_something_changes_it_and_takes_it_away() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = claims(&admin).await;
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let other = server.member(&admin, "other@example.com", &["clerk"]).await;
        let guest = server.member(&admin, "guest@example.com", &[]).await;
        let record = clerk.post(&format!("/forms/{form}/records"), json!({"fields": {"name": "A"}})).await;
        let record = record.created();
        let comments = format!("/forms/{form}/records/{}/comments", record["id"].as_str().unwrap());
        let file = clerk.upload("proof.txt", "text/plain", b"hello".to_vec()).await;
        let said = clerk.post(&comments, json!({"text": "Plaese look", "files": [file]})).await.created();
        assert_eq!((&said["may_edit"], &said["edited_at"]), (&json!(true), &Value::Null));
        let path = format!("/comments/{}", said["id"].as_str().unwrap());

        let changed = clerk.patch(&path, 1, json!({"text": " Please look "})).await.ok();
        assert_eq!((&changed["text"], &changed["files"]), (&json!("Please look"), &said["files"]));
        assert!(changed["edited_at"].is_string());
        let seen = other.get(&comments).await.ok()["items"][0].clone();
        assert_eq!(
            (&seen["text"], &seen["may_edit"], &seen["may_delete"]),
            (&json!("Please look"), &json!(false), &json!(false))
        );

        // It is nobody else's to change; administrators take it away.
        other.patch(&path, 1, json!({"text": "x"})).await.refused(403, "forbidden");
        other.delete(&path, 1).await.refused(403, "forbidden");
        guest.patch(&path, 1, json!({"text": "x"})).await.refused(404, "not_found");
        guest.delete(&path, 1).await.refused(404, "not_found");
        admin.patch(&path, 1, json!({"text": "x"})).await.refused(403, "forbidden");
        clerk.patch(&path, 1, json!({"text": "x".repeat(4_001)})).await.refused(422, "validation");
        clerk.patch(&path, 1, json!({"text": "x", "files": []})).await.refused(422, "unknown_member");
        let theirs = other.post(&comments, json!({"text": "Done"})).await.created();
        let theirs = format!("/comments/{}", theirs["id"].as_str().unwrap());
        other.patch(&theirs, 1, json!({"text": " "})).await.refused(422, "validation");
        admin.delete(&theirs, 1).await.with_status(204);

        // Where nothing is said any more, nothing is said otherwise; what was said can still go.
        let draft = admin.get(&format!("/forms/{form}/draft")).await.ok();
        let quiet = json!([{"do": "set_form", "member": "settings", "value": {"comments": false}}]);
        let edits = json!({"base": draft["base"], "edits": quiet});
        admin.post(&format!("/forms/{form}/draft/edits"), edits).await.ok();
        admin.post(&format!("/forms/{form}/publish"), json!({})).await.ok();
        let seen = clerk.get(&comments).await.ok()["items"][0].clone();
        assert_eq!((&seen["may_edit"], &seen["may_delete"]), (&json!(false), &json!(true)));
        clerk.patch(&path, 1, json!({"text": "x"})).await.refused(403, "forbidden");

        // With it goes its file.
        clerk.delete(&path, 1).await.with_status(204);
        clerk.delete(&path, 1).await.refused(404, "not_found");
        assert_eq!(texts(&clerk.get(&comments).await.ok()), Vec::<&str>::new());
        other.get(&format!("/files/{file}")).await.refused(404, "not_found");
    })
    .await;
}
