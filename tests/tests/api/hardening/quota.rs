//! T71: the files of a workspace have so much room, whichever way they come.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Field, form, text};
use tests::workspace::id_of;
use tests::{Answer, Client, Visit, Workspace, on_both};

const PATH: &str = "/workspace/files";
/// What `--workspace-quota 1` means.
const MIB: u64 = 1 << 20;

async fn send(who: &Client, bytes: u64) -> Answer {
    let request = who.request(Method::POST, "/files").header("content-type", "text/plain");
    let request = request.header("content-disposition", "attachment; filename=\"a.txt\"");
    who.send(request.body(vec![b'x'; usize::try_from(bytes).unwrap()])).await
}

async fn level(admin: &Client) -> Value {
    admin.get(PATH).await.ok()["level"].clone()
}

async fn left(admin: &Client) -> u64 {
    let told = admin.get(PATH).await.ok();
    told["quota"].as_u64().unwrap() - told["bytes"].as_u64().unwrap()
}

#[tokio::test]
async fn t71_the_files_of_a_workspace_have_so_much_room_and_no_more() {
    on_both(async |server| {
        let admin = server.set_up().await;
        server.stop().await;
        server.restart_with(&["--workspace-quota", "1"]).await;
        let workspace = Workspace { admin: admin.moved_to(server.url()) };
        let admin = &workspace.admin;
        let fields = || [text("name"), Field::new("papers", "files")];
        let order = workspace.form(form("order", fields())).await;
        let twin = workspace.form(form("twin", fields())).await;
        let link = order.public(json!({"name": "Box", "fields": ["name", "papers"]})).await;
        let mei = workspace.person("mei").await;
        assert_eq!(admin.get(PATH).await.ok(), json!({"bytes": 0, "quota": MIB, "level": "ample"}));
        mei.get(PATH).await.refused(403, "forbidden");

        let paper = id_of(&send(admin, 300_000).await.created());
        let first = order.add(json!({"name": "first", "papers": [paper]})).await;
        let rows = format!("name,papers\nx,{paper}\n").into_bytes();
        let rows = admin.upload("rows.csv", "text/csv", rows).await;
        assert_eq!(level(admin).await, "ample");
        send(admin, 560_000).await.created();
        assert_eq!(level(admin).await, "low");

        // Up to the last byte, and not one more.
        let rest = left(admin).await;
        let refused = send(admin, rest + 1).await;
        assert!(refused.headers.contains_key("retry-after"));
        let told = refused.refused(507, "workspace_full");
        assert!(told["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{told}");
        assert_eq!(left(admin).await, rest, "what was refused takes no room");
        send(admin, rest - 10_000).await.created();
        assert_eq!(level(admin).await, "nearly_full");
        send(&mei, 10_000).await.created();
        assert_eq!(level(admin).await, "full");

        // By no other way either.
        send(&mei, 1).await.refused(507, "workspace_full");
        let visit = Visit::open(&admin.stranger(), &link).await;
        visit.upload("a.txt", "text/plain", b"x".to_vec()).await.refused(507, "workspace_full");
        let exported = admin.job(admin.post(&order.path("/export"), json!({"format": "csv"})).await).await;
        assert_eq!(exported["problem"]["code"], "workspace_full", "{exported}");
        let import = json!({"file": rows, "mapping": {"name": "name", "papers": "papers"}});
        let imported = admin.job(admin.post(&twin.path("/import"), import).await).await;
        assert_eq!(imported["problem"]["code"], "workspace_full", "a copy of a file: {imported}");
        assert_eq!(left(admin).await, 0);
        // What is no file is taken in.
        order.add(json!({"name": "second"})).await;

        // A record in the recycle bin has its files still; removed for good it leaves their room.
        admin.delete(&order.at(&first), 1).await.with_status(204);
        assert_eq!(left(admin).await, 0);
        let purge = admin.post(&order.path("/records/purge"), json!({"all": true})).await;
        assert_eq!(admin.job(purge).await["result"]["records"], 1);
        assert_eq!(left(admin).await, 300_000);

        // Of two who want the last of it at once one gets it.
        let (one, other) = tokio::join!(send(admin, 300_000), send(&mei, 300_000));
        let mut came = [one.status, other.status];
        came.sort_unstable();
        assert_eq!(came, [201, 507]);
        assert_eq!(left(admin).await, 0);
        let examined = server.command(&["doctor"]).await;
        assert_eq!(examined.status.code(), Some(0), "{}", String::from_utf8_lossy(&examined.stdout));

        // An operator who sets no bound is not told of one.
        server.stop().await;
        server.restart_with(&["--workspace-quota", "0"]).await;
        let admin = admin.moved_to(server.url());
        send(&admin, 1).await.created();
        assert_eq!(admin.get(PATH).await.ok(), json!({"bytes": MIB + 1, "level": "ample"}));
    })
    .await;
}
