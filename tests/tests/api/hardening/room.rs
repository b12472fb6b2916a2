//! T71: a disk that is nearly full. The reserve is made larger than any disk, which is as if there were little room.

use reqwest::Method;
use serde_json::json;
use tests::design::{Field, form, text};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::items;
use tests::{Answer, Client, Workspace, on_both};

/// Megabytes: more than there are.
const MORE_THAN_ALL: &str = "1000000000000";

async fn send_file(who: &Client) -> Answer {
    let request = who.request(Method::POST, "/files").header("content-type", "text/plain");
    let request = request.header("content-disposition", "attachment; filename=\"a.txt\"");
    who.send(request.body("text")).await
}

async fn is_ready(url: &str) -> u16 {
    reqwest::get(format!("{url}/ready")).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn t71_with_little_room_nothing_is_taken_in_and_all_is_read_and_removed() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [text("name"), Field::new("papers", "files")])).await;
        let file = workspace.admin.upload("a.txt", "text/plain", b"kept".to_vec()).await;
        let first = order.add(json!({"name": "first", "papers": [file]})).await;
        let second = order.add(json!({"name": "second"})).await;
        server.stop().await;
        server.restart_with(&["--disk-reserve", MORE_THAN_ALL]).await;

        let admin = workspace.admin.moved_to(server.url());
        let records = order.path("/records");
        // All is read.
        assert_eq!(admin.get(&order.at(&first)).await.ok()["fields"]["name"], "first");
        assert_eq!(items(&admin.post(&order.path("/records/query"), json!({})).await.ok()).len(), 2);
        assert_eq!(admin.get(&format!("/files/{file}")).await.bytes, b"kept");
        // No file comes in, and who sends it is told when to come again.
        let refused = send_file(&admin).await;
        assert!(refused.headers.contains_key("retry-after"));
        let told = refused.refused(507, "disk_full");
        assert!(told["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{told}");

        // PostgreSQL has a disk of its own; SQLite's file is on this one.
        let is_alone = server.postgres_url().is_none();
        let save = json!({"fields": {"name": "third"}});
        let saved = admin.post(&records, save.clone()).await;
        if is_alone {
            saved.refused(507, "disk_full");
            let change = json!({"fields": {"name": "changed"}});
            admin.patch(&order.at(&first), 1, change).await.refused(507, "disk_full");
            let many = json!({"create": [save]});
            admin.post(&order.path("/records/bulk"), many).await.refused(507, "disk_full");
            assert_eq!(is_ready(server.url()).await, 507);
            assert_eq!(reqwest::get(format!("{}/live", server.url())).await.unwrap().status(), 204);
        } else {
            saved.created();
            assert_eq!(is_ready(server.url()).await, 204);
        }
        // Room is made, and people come in and leave.
        admin.delete(&order.at(&second), 1).await.with_status(204);
        let purge = admin.post(&order.path("/records/purge"), json!({"all": true})).await;
        assert_eq!(admin.job(purge).await["result"]["records"], 1);
        server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await.post("/auth/logout", json!({})).await.ok();

        // And once there is room, all goes on.
        server.stop().await;
        server.restart_with(&[]).await;
        let admin = admin.moved_to(server.url());
        send_file(&admin).await.created();
        admin.post(&records, save).await.created();
        assert_eq!(is_ready(server.url()).await, 204);
    })
    .await;
}
