//! Files: sent, kept, given out to whoever may have them.

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Answer;
use tests::workspace::faults;
use tests::{Client, Server, on_both};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

async fn download(client: &Client, id: &str) -> Answer {
    client.get(&format!("/files/{id}")).await
}

/// A form with files that everybody of the role may fill, and read but for `secret`.
async fn claims(admin: &Client) -> String {
    let app = admin.post("/apps", json!({"label": "Claims"})).await.created();
    admin.post("/roles", json!({"key": "clerk", "name": "Clerk"})).await.created();
    let form = json!({"key": "claim", "label": "Claim", "fields": [
        {"key": "name", "label": "Name", "kind": "text"},
        {"key": "proof", "label": "Proof", "kind": "files",
         "options": {"max_count": 2, "max_bytes": 1024, "types": ["image/*", ".csv"]}},
        {"key": "secret", "label": "Secret", "kind": "files"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "photo", "label": "Photo", "kind": "files"}]}}]});
    let form = admin.post(&format!("/apps/{}/forms", app["id"].as_str().unwrap()), form).await.created();
    let id = form["id"].as_str().unwrap().to_string();
    let group = json!({"key": "clerks", "label": "Clerks", "who": {"roles": ["clerk"]},
        "operations": ["view", "create", "edit"], "fields": {"*": "edit", "secret": "none"}});
    admin.post(&format!("/forms/{id}/permissions"), group).await.created();
    id
}

async fn world(server: &Server) -> (Client, Client, Client, String) {
    let admin = server.set_up().await;
    let form = claims(&admin).await;
    let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
    let guest = server.member(&admin, "guest@example.com", &[]).await;
    (admin, clerk, guest, form)
}

#[tokio::test]
async fn t10_a_file_is_its_uploader_s_until_a_record_holds_it() {
    on_both(async |server| {
        let (admin, clerk, guest, form) = world(server).await;
        let id = clerk.upload("证明.png", "text/html", PICTURE.to_vec()).await;
        let answer = download(&clerk, &id).await;
        assert_eq!(answer.bytes, PICTURE);
        assert_eq!(answer.headers["content-type"], "image/png", "bytes decide, not who sends them");
        assert_eq!(answer.headers["content-disposition"], "inline; filename*=UTF-8''%E8%AF%81%E6%98%8E.png");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox;"));
        for other in [&admin, &guest] {
            download(other, &id).await.refused(404, "not_found");
        }

        let records = format!("/forms/{form}/records");
        let record = json!({"fields": {"name": "A", "proof": [id]}});
        // Somebody else's file can't be taken into a record.
        let refusal = admin.post(&records, record.clone()).await.refused(422, "validation");
        assert_eq!(
            (&refusal["errors"][0]["path"], &refusal["errors"][0]["code"]),
            (&json!("fields.proof"), &json!("not_an_id"))
        );
        let record = clerk.post(&records, record).await.created();
        assert_eq!(download(&admin, &id).await.bytes, PICTURE);
        assert_eq!(download(&clerk, &id).await.bytes, PICTURE);
        download(&guest, &id).await.refused(404, "not_found");

        // What is in another record already stays there.
        let again = json!({"fields": {"name": "B", "proof": [id]}});
        clerk.post(&records, again).await.refused(422, "validation");

        let query = json!({"titles": true});
        let answer = clerk.post(&format!("{records}/query"), query).await.ok();
        assert_eq!(answer["titles"]["file"][&id], "证明.png");

        let path = format!("{records}/{}", record["id"].as_str().unwrap());
        clerk.delete(&path, 1).await;
        admin.delete(&path, 1).await;
        download(&clerk, &id).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_file_in_a_field_that_is_hidden_is_not_there() {
    on_both(async |server| {
        let (admin, clerk, guest, form) = world(server).await;
        let secret = admin.upload("a.txt", "text/plain", b"hello".to_vec()).await;
        let photo = admin.upload("b.png", "image/png", PICTURE.to_vec()).await;
        let record = json!({"fields": {"secret": [secret], "lines": [{"photo": [photo]}]}});
        admin.post(&format!("/forms/{form}/records"), record).await.created();
        assert_eq!(download(&admin, &secret).await.bytes, b"hello");
        download(&clerk, &secret).await.refused(404, "not_found");
        assert_eq!(download(&clerk, &photo).await.bytes, PICTURE);
        download(&guest, &photo).await.refused(404, "not_found");
        download(&server.client(), &photo).await.refused(401, "sign_in_required");
        let answer = clerk.post(&format!("/forms/{form}/records/query"), json!({"titles": true})).await.ok();
        assert_eq!(answer["titles"]["file"][&secret], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_file_stays_in_the_field_that_it_was_sent_for() {
    on_both(async |server| {
        let (admin, clerk, _, form) = world(server).await;
        let records = format!("/forms/{form}/records");
        let secret = admin.upload("a.csv", "text/csv", b"a,b".to_vec()).await;
        let record = json!({"fields": {"name": "A", "secret": [secret]}});
        let record = admin.post(&records, record).await.created();
        let path = format!("{records}/{}", record["id"].as_str().unwrap());
        let moved = json!({"fields": {"proof": [secret]}});
        let codes = |problem: Value| {
            let errors = problem["errors"].as_array().unwrap().clone();
            errors.iter().map(|error| format!("{} {}", error["path"], error["code"])).collect::<Vec<_>>()
        };
        // Whoever may not read the field it is in learns nothing of it; others are told what to do.
        let refused = clerk.patch(&path, 1, moved.clone()).await.refused(422, "validation");
        assert_eq!(codes(refused), [r#""fields.proof" "not_an_id""#]);
        let refused = admin.patch(&path, 1, moved).await.refused(422, "validation");
        assert_eq!(codes(refused), [r#""fields.proof" "file_taken""#]);
        download(&clerk, &secret).await.refused(404, "not_found");
        let row = json!({"fields": {"lines": [{"photo": [secret]}]}});
        let refused = admin.patch(&path, 1, row).await.refused(422, "validation");
        assert_eq!(codes(refused), [r#""fields.lines.0.photo" "file_taken""#]);

        // It may leave its field and come back.
        admin.patch(&path, 1, json!({"fields": {"secret": null}})).await.ok();
        admin.patch(&path, 2, json!({"fields": {"secret": [secret]}})).await.ok();

        // One file for two fields, or for two records at once, is one too few.
        let twice = admin.upload("b.csv", "text/csv", b"c,d".to_vec()).await;
        let both = json!({"fields": {"proof": [twice], "secret": [twice]}});
        let refused = admin.post(&records, both).await.refused(422, "validation");
        assert_eq!(codes(refused), [r#""fields.secret" "file_taken""#]);
        let bulk = json!({"create": [{"fields": {"proof": [twice]}}, {"fields": {"proof": [twice]}}]});
        let refused = admin.post(&format!("{records}/bulk"), bulk).await.refused(422, "validation");
        assert_eq!(codes(refused), [r#""create.1.fields.proof" "file_taken""#]);
        admin.post(&records, json!({"fields": {"proof": [twice]}})).await.created();
    })
    .await;
}

#[tokio::test]
async fn rows_share_a_file_in_one_column_and_no_other_field_has_it() {
    on_both(async |server| {
        let (admin, clerk, _, form) = world(server).await;
        let records = format!("/forms/{form}/records");
        let photo = admin.upload("b.png", "image/png", PICTURE.to_vec()).await;
        let both = json!({"secret": [photo], "lines": [{"photo": [photo]}]});
        let refused = admin.post(&records, json!({"fields": both})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.secret: file_taken"]);

        // A copied row keeps its files; of two rows one may go.
        let two = json!({"fields": {"lines": [{"photo": [photo]}, {"photo": [photo]}]}});
        let record = admin.post(&records, two).await.created();
        let path = format!("{records}/{}", record["id"].as_str().unwrap());
        let rows = &record["fields"]["lines"];
        assert_eq!((&rows[0]["photo"], &rows[1]["photo"]), (&json!([photo]), &json!([photo])));
        let one = json!({"fields": {"lines": [rows[1]]}});
        let record = admin.patch(&path, 1, one).await.ok();
        assert_eq!(record["fields"]["lines"].as_array().unwrap().len(), 1);
        assert_eq!(record["fields"]["lines"][0]["photo"], json!([photo]));
        assert_eq!(download(&clerk, &photo).await.bytes, PICTURE);
        // Another record's rows are not this one's.
        let elsewhere = json!({"fields": {"lines": [{"photo": [photo]}]}});
        let refused = admin.post(&records, elsewhere).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.lines.0.photo: file_taken"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_field_does_not_admit_is_refused() {
    on_both(async |server| {
        let (admin, _, _, form) = world(server).await;
        let records = format!("/forms/{form}/records");
        let code = async |ids: Vec<String>| {
            let refusal =
                admin.post(&records, json!({"fields": {"proof": ids}})).await.refused(422, "validation");
            assert_eq!(refusal["errors"][0]["path"], "fields.proof");
            refusal["errors"][0]["code"].as_str().unwrap().to_string()
        };
        let text = admin.upload("a.txt", "image/png", b"not a picture".to_vec()).await;
        assert_eq!(code(vec![text]).await, "file_type");
        let large = admin.upload("a.csv", "text/csv", vec![b'a'; 1025]).await;
        assert_eq!(code(vec![large]).await, "file_too_large");
        let mut three = Vec::new();
        for name in ["a.csv", "b.csv", "c.csv"] {
            three.push(admin.upload(name, "text/csv", b"a,b".to_vec()).await);
        }
        assert_eq!(code(three.clone()).await, "too_many");
        assert_eq!(code(vec!["0000000000001".to_string()]).await, "not_an_id");
        admin.post(&records, json!({"fields": {"proof": three[..2]}})).await.created();
    })
    .await;
}

#[tokio::test]
async fn uploads_come_as_a_form_or_as_they_are_and_once() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = |boundary: &str, name: &str, content: &str| {
            let body = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/html\r\n\r\n{content}\r\n--{boundary}--\r\n"
            );
            admin
                .request(Method::POST, "/files")
                .header("content-type", format!("multipart/form-data; boundary={boundary}"))
                .header("idempotency-key", "one")
                .body(body)
        };
        let first = admin.send(form("xx", "../a.csv", "a,b\n")).await.created();
        assert_eq!(
            (&first["name"], &first["size"], &first["type"]),
            (&json!("a.csv"), &json!(4), &json!("text/csv"))
        );
        assert_eq!(first["sha256"], "5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313");
        // The same again, as a browser repeats it: with another boundary.
        let again = admin.send(form("yy", "../a.csv", "a,b\n")).await.created();
        assert_eq!(again["id"], first["id"]);
        admin.send(form("yy", "a.csv", "c,d\n")).await.refused(422, "idempotency_key_reused");

        let raw = admin.upload("数据.csv", "application/octet-stream", b"a,b\n".to_vec()).await;
        let answer = download(&admin, &raw).await;
        assert_eq!(
            answer.headers["content-disposition"],
            "attachment; filename*=UTF-8''%E6%95%B0%E6%8D%AE.csv"
        );
        let tag = answer.headers["etag"].to_str().unwrap().to_string();
        assert_eq!(tag, format!("\"{}\"", first["sha256"].as_str().unwrap()), "equal bytes lie there once");
        let known = admin.request(Method::GET, &format!("/files/{raw}")).header("if-none-match", tag);
        assert_eq!(admin.send(known).await.status, 304);

        let nothing =
            admin.request(Method::POST, "/files").header("content-type", "multipart/form-data; boundary=xx");
        admin.send(nothing.body("--xx--\r\n")).await.refused(422, "validation");
        let large = admin.request(Method::POST, "/files").body(vec![0u8; (100 << 20) + 1]);
        admin.send(large).await.refused(413, "too_large");
        let left = std::fs::read_dir(server.data().join("files/incoming")).unwrap().count();
        assert_eq!(left, 0, "what was refused leaves nothing behind");
    })
    .await;
}

#[tokio::test]
async fn files_outlive_a_kill() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let id = admin.upload("a.txt", "text/plain", b"hello".to_vec()).await;
        server.kill().await;
        server.restart().await;
        assert_eq!(download(&admin.moved_to(server.url()), &id).await.bytes, b"hello");
    })
    .await;
}

/// The folder may have been there before, open to others on the machine: a volume, one that an installer made.
#[cfg(unix)]
#[tokio::test]
async fn what_people_send_is_closed_to_others_on_the_machine() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    on_both(async |server| {
        set_permissions(server.data(), Permissions::from_mode(0o755)).unwrap();
        server.stop().await;
        server.restart().await;
        let admin = server.set_up().await;
        admin.upload("a.txt", "text/plain", b"hello".to_vec()).await;
        for folder in ["files", "sheets"] {
            let rights = metadata(server.data().join(folder)).unwrap().permissions().mode();
            assert_eq!(rights & 0o077, 0, "{folder}");
        }
    })
    .await;
}
