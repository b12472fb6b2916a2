//! The other commands of the binary, with the server running and without it.

use std::process::Output;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Server, on_both};

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{} {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap().trim().to_owned()
}

/// A refusal: exit code 1 and one line on stderr, which names a command or an option to go on with.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let words = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(words.trim().lines().count() == 1, "{words}");
    let told = words.strip_prefix("formwork: ").unwrap_or_else(|| panic!("{words}"));
    assert!(told.contains("formwork ") || told.contains(" --"), "it says what to do next: {words}");
    words
}

async fn create_admin(server: &Server, email: &str, password: &str) -> Output {
    server
        .command_with(&["admin", "create", "--email", email, "--name", "Op", "--password-stdin"], password)
        .await
}

#[tokio::test]
async fn an_administrator_is_made_without_a_browser() {
    on_both(async |server| {
        // While the server runs, through its socket: the set-up code is used up with it.
        printed(&create_admin(server, ADMIN_EMAIL, ADMIN_PASSWORD).await);
        let admin = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        assert_eq!(admin.get("/me").await.ok()["administrator"], true);
        assert_eq!(admin.get("/setup").await.ok()["needed"], false);
        refused(&create_admin(server, ADMIN_EMAIL, ADMIN_PASSWORD).await);
        assert!(refused(&create_admin(server, "weak@example.com", "short").await).contains("10"));
        refused(&create_admin(server, "no address", ADMIN_PASSWORD).await);

        // And while it does not.
        server.stop().await;
        printed(&create_admin(server, "second@example.com", &format!("{ADMIN_PASSWORD}\n")).await);
        server.restart().await;
        server.sign_in("second@example.com", ADMIN_PASSWORD).await.get("/members").await.ok();
    })
    .await;
}

#[tokio::test]
async fn one_more_workspace_has_people_and_apps_of_its_own() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let ours = admin.post("/apps", json!({"label": "Ours"})).await.created();
        let ours = format!("/apps/{}", ours["id"].as_str().unwrap());
        let create =
            ["workspace", "create", "--name", "Branch", "--zone", "Asia/Taipei", "--currency", "TWD"];
        let branch = printed(&server.command(&create).await);
        let administrator = async |server: &Server, workspace: &str, email: &str, password: &str| {
            let of = ["admin", "create", "--password-stdin", "--name", "Op", "--email", email, "--workspace"];
            server.command_with(&[&of[..], &[workspace]].concat(), password).await
        };
        let elsewhere = "another horse battery staple";
        printed(&administrator(server, &branch, "boss@example.com", ADMIN_PASSWORD).await);
        // Who has the same address in both comes in by the password.
        printed(&administrator(server, &branch, ADMIN_EMAIL, elsewhere).await);
        for (email, password) in [("boss@example.com", ADMIN_PASSWORD), (ADMIN_EMAIL, elsewhere)] {
            let other = server.sign_in(email, password).await;
            let of = other.get("/me").await.ok()["workspace"].clone();
            let told = json!([of["id"], of["name"], of["zone"], of["currency"]]);
            assert_eq!(told, json!([branch, "Branch", "Asia/Taipei", "TWD"]));
            assert_eq!(other.get("/apps").await.ok()["items"], json!([]));
            assert_eq!(other.get("/members").await.ok()["items"].as_array().unwrap().len(), 2);
            other.get(&ours).await.refused(404, "not_found");
        }
        // The same key of an app is free in each, and neither sees the other's.
        let other = server.sign_in("boss@example.com", ADMIN_PASSWORD).await;
        for who in [&admin, &other] {
            who.post("/apps", json!({"label": "Shop", "key": "shop"})).await.created();
        }
        assert_eq!(admin.get("/apps").await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(other.get("/apps").await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(admin.get("/members").await.ok()["items"].as_array().unwrap().len(), 1);

        refused(&administrator(server, "nowhere", "x@example.com", ADMIN_PASSWORD).await);
        refused(&server.command(&["workspace", "create", "--name", " "]).await);
        refused(&server.command(&["workspace", "create", "--name", "x", "--zone", "Mars/North"]).await);
        server.stop().await;
        assert_ne!(printed(&server.command(&create).await), branch);
    })
    .await;
}

#[tokio::test]
async fn a_token_is_printed_once_and_works() {
    on_both(async |server| {
        server.set_up().await;
        let create = ["token", "create", "--email", ADMIN_EMAIL, "--name", "robot"];
        let token = printed(&server.command(&create).await);
        Client::with_token(server.url(), &token).post("/apps", json!({"label": "By token"})).await.created();
        let reader = printed(&server.command(&[&create[..], &["--scopes", "read"]].concat()).await);
        let reader = Client::with_token(server.url(), &reader);
        reader.get("/apps").await.ok();
        reader.post("/apps", json!({"label": "X"})).await.refused(403, "scope_too_narrow");
        let nobody = ["token", "create", "--email", "nobody@example.com", "--name", "x"];
        assert!(refused(&server.command(&nobody).await).contains("nobody@example.com"));
        let usage = server.command(&[&create[..], &["--scopes", "fly"]].concat()).await;
        assert_eq!(usage.status.code(), Some(2));

        server.stop().await;
        let later = printed(&server.command(&create).await);
        server.restart().await;
        Client::with_token(server.url(), &later).get("/me").await.ok();
    })
    .await;
}

/// The id of a form of an app.
async fn app_form(admin: &Client, app: &str, key: &str) -> String {
    let forms = admin.get(&format!("/apps/{app}/forms")).await.ok();
    let form = forms["items"].as_array().unwrap().iter().find(|form| form["key"] == key).unwrap();
    form["id"].as_str().unwrap().to_owned()
}

/// Demo records come in the language that is asked for.
#[tokio::test]
async fn a_template_is_installed_with_its_demo_in_a_language() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let install = ["template", "install", "inventory", "--locale", "en", "--demo"];
        let app = printed(&server.command(&install).await);
        let supplier = app_form(&admin, &app, "supplier").await;
        let suppliers = admin.get(&format!("/forms/{supplier}/records?count=exact")).await.ok();
        assert!(suppliers["count"]["value"].as_u64().unwrap() > 3, "{suppliers}");
        for record in suppliers["items"].as_array().unwrap() {
            let name = record["fields"]["name"].as_str().unwrap();
            assert!(name.is_ascii(), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn templates_are_listed_and_installed_from_the_terminal() {
    on_both(async |server| {
        assert!(refused(&server.command(&["template", "list"]).await).contains("admin create"));
        let admin = server.set_up().await;
        let list = printed(&server.command(&["template", "list"]).await);
        assert!(list.lines().any(|line| line.starts_with("inventory ")), "{list}");
        let app = printed(&server.command(&["template", "install", "inventory", "--locale", "zh-TW"]).await);
        assert!(admin.get(&format!("/apps/{app}")).await.ok()["administrator"].as_bool().unwrap());
        let supplier = app_form(&admin, &app, "supplier").await;
        let suppliers = admin.get(&format!("/forms/{supplier}/records?count=exact")).await.ok();
        assert_eq!(suppliers["count"]["value"], 0, "the demo comes where it is asked for");
        let list = printed(&server.command(&["template", "list"]).await);
        assert!(list.lines().any(|line| line.starts_with("inventory ") && line.ends_with('*')), "{list}");
        refused(&server.command(&["template", "install", "inventory"]).await);
        refused(&server.command(&["template", "install", "nothing"]).await);
        server.stop().await;
        printed(&server.command(&["template", "install", "loyalty"]).await);
        server.restart().await;
        let apps = admin.moved_to(server.url()).get("/apps").await.ok();
        assert!(apps["items"].as_array().unwrap().iter().any(|app| app["key"] == "loyalty"), "{apps}");
    })
    .await;
}

#[tokio::test]
async fn the_description_is_printed_as_it_is_served() {
    let server = Server::start(tests::Database::Sqlite).await;
    let output = tokio::process::Command::new(tests::server::binary()).arg("openapi").output().await.unwrap();
    let told: Value = serde_json::from_str(&printed(&output)).unwrap();
    assert_eq!(told, server.client().get("/openapi.json").await.ok());
    server.close().await;
}

#[tokio::test]
async fn one_data_folder_has_one_server_and_plain_http_stays_at_home() {
    let server = Server::start(tests::Database::Sqlite).await;
    let data = server.data();
    let serve = async |more: &[&str]| {
        let mut command = tokio::process::Command::new(tests::server::binary());
        command.args(["serve", "--data"]).arg(&data).args(more).output().await.unwrap()
    };
    let second = serve(&["--listen", "127.0.0.1:0"]).await;
    assert_eq!(second.status.code(), Some(1));
    assert!(refused(&second).contains("uses the data folder"));
    let plain = serve(&["--listen", "0.0.0.0:0"]).await;
    assert_eq!(plain.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&plain.stderr).contains("--insecure-http"));
    // The socket is for this user alone.
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let socket = std::fs::read_dir(&data)
        .unwrap()
        .flatten()
        .find(|entry| entry.file_type().unwrap().is_socket())
        .unwrap();
    assert_eq!(socket.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // So is the database, with what SQLite keeps beside it.
    for file in ["formwork.db", "formwork.db-wal", "formwork.db-shm"] {
        let rights = std::fs::metadata(data.join(file)).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600, "{file}");
    }
    server.close().await;
}
