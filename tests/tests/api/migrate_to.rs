//! An installation moves from SQLite to PostgreSQL, and back: everything is there as it was, or nobody serves it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use tests::design::{Field, form, group, number, subform, text};
use tests::postgres::PostgresDatabase;
use tests::server::{KEY_FILE, binary};
use tests::workspace::{id_of, items};
use tests::{App, Client, Database, Form, Server, Workspace, every_kind, on_both};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::upgrade::{put_back, releases, says_still};

/// Runs the command, which succeeds; gives what it printed.
async fn moved(server: &Server, url: &str) -> String {
    let output = server.migrate_to(url).output().await.unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("Both databases hold the same") && !told.contains("DIFFERENT"), "{told}");
    told
}

/// Runs the command, which is refused with exit code 1 and one line; gives that.
async fn refused(server: &Server, url: &str) -> String {
    let output = server.migrate_to(url).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}{}", String::from_utf8_lossy(&output.stdout));
    assert!(told.starts_with("formwork: ") && told.lines().count() == 1, "{told}");
    told
}

/// The SQLite file in the data folder.
fn file(server: &Server) -> String {
    format!("sqlite:{}", server.data().join("formwork.db").display())
}

/// Puts the SQLite file of a stopped server away, as an operator does who has moved.
fn put_file_away(server: &Server) {
    for name in ["formwork.db", "formwork.db-wal", "formwork.db-shm"] {
        let _ = fs::rename(server.data().join(name), server.data().join(format!("former-{name}")));
    }
}

/// Moves a stopped server from its SQLite to a new PostgreSQL.
async fn to_postgres(server: &mut Server) {
    let postgres = PostgresDatabase::create().await;
    moved(server, &postgres.url).await;
    server.work_with(Some(postgres));
    put_file_away(server);
}

/// Moves a stopped server from its PostgreSQL to SQLite in its data folder.
async fn to_sqlite(server: &mut Server) {
    moved(server, &file(server)).await;
    if let Some(former) = server.work_with(None) {
        former.drop().await;
    }
}

/// An app with orders, of which an aggregate table counts amounts.
struct Sales {
    app: App,
    order: Form,
    totals: String,
}

impl Sales {
    async fn build(workspace: &Workspace) -> Sales {
        let app = workspace.app("Sales").await;
        let lines = subform("lines", [text("item"), number("qty", 3)]);
        let fields =
            [text("code").unique(), number("amount", 2), text("old"), Field::new("papers", "files"), lines];
        let order = app.form(form("order", fields)).await;
        order.allow(group("everybody", &[])).await;
        let of = |function: &str| json!({"fn": function, "field": "amount"});
        let totals = app
            .aggregate(json!({
                "format": 1, "key": "totals", "label": "Totals", "dimensions": [{"key": "old", "label": "Old"}],
                "sources": [{"form": "order", "group": {"old": "old"}, "measures": {
                    "orders": {"fn": "count"}, "sum": of("sum"), "mean": of("avg"), "least": of("min"),
                    "most": of("max"), "different": of("distinct")}}],
                "measures": [], "constraints": [],
            }))
            .await;
        Sales { app, order, totals }
    }

    async fn fill(&self) {
        let papers = self.order.admin.upload("papers.txt", "text/plain", b"signed".to_vec()).await;
        let row = |n: i64| {
            json!({"code": format!("Ｃ{n}é"), "amount": format!("{}.{n:02}", n * 1_000_000_007), "old": format!("{}", n % 3),
                "lines": [{"item": "笔", "qty": format!("0.{n:03}")}, {"item": "a"}]})
        };
        self.order.add_all((1..=40).map(row)).await;
        let first = self.order.add(json!({"code": "with papers", "papers": [papers]})).await;
        let edited = self.order.edit(&self.order.admin, &first, json!({"amount": "-0.5"})).await.ok();
        self.order.edit(&self.order.admin, &edited, json!({"amount": "12"})).await.ok();
    }
}

/// What a server answers about everything that somebody has entered and designed.
async fn told(client: &Client) -> BTreeMap<String, Value> {
    let mut told = BTreeMap::new();
    let mut asked: Vec<String> = ["/members", "/roles", "/departments", "/apps"].map(str::to_owned).into();
    while let Some(path) = asked.pop() {
        let answer = client.get(&path).await.ok();
        let below = |form: &str| -> Vec<String> {
            items(&answer).iter().map(|item| form.replace("ID", &id_of(item))).collect()
        };
        if path == "/apps" {
            asked.extend(below("/apps/ID/forms"));
            asked.extend(below("/apps/ID/aggregates"));
        } else if path.ends_with("/forms") {
            asked.extend(below("/forms/ID/records?count=exact"));
        } else if path.ends_with("/aggregates") {
            asked.extend(below("/aggregates/ID/rows?limit=500"));
        } else if let Some((records, _)) = path.split_once("?count") {
            asked.extend(below(&format!("{records}/ID/history")));
            asked.extend(below(&format!("{records}/ID")));
        }
        told.insert(path, answer);
    }
    told
}

/// Where two answers of a server differ; none where they are the same.
fn differing(was: &BTreeMap<String, Value>, is: &BTreeMap<String, Value>) -> Vec<String> {
    let paths = was.keys().chain(is.keys());
    let mut differing: Vec<String> = paths.filter(|path| was.get(*path) != is.get(*path)).cloned().collect();
    differing.dedup();
    differing
}

async fn is_sound(server: &Server) {
    for command in [&["doctor"][..], &["audit", "verify"][..]] {
        let output = server.command(command).await;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Starts a server that has moved: whoever was signed in is, and all is there as it was.
async fn is_as_it_was(server: &mut Server, client: &Client, was: &BTreeMap<String, Value>) -> Client {
    server.restart().await;
    let client = client.moved_to(server.url());
    let is = told(&client).await;
    assert_eq!(differing(was, &is), Vec::<String>::new());
    is_sound(server).await;
    client
}

#[tokio::test]
async fn an_installation_moves_to_postgres_and_back_with_everything_in_it() {
    let mut server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let sales = Sales::build(&workspace).await;
    sales.fill().await;
    every_kind::make(&workspace.admin).await;
    let was = told(&workspace.admin).await;
    assert!(was.len() > 60, "{}", was.len());
    server.stop().await;
    let sealed = server.command(&["audit", "verify"]).await.stdout;

    to_postgres(&mut server).await;
    // What was copied from is as it was.
    let former = format!("sqlite:{}", server.data().join("former-formwork.db").display());
    let mut verify = tokio::process::Command::new(binary());
    verify.args(["audit", "verify", "--database", &former, "--data"]).arg(server.data());
    assert_eq!(verify.output().await.unwrap().stdout, sealed);
    let client = is_as_it_was(&mut server, &workspace.admin, &was).await;
    // The trail ends as it did: it is the same, and not one made anew.
    assert_eq!(server.command(&["audit", "verify"]).await.stdout, sealed);

    // It is gone on with there: values stay unique, tables count, histories grow.
    let order = Form { id: sales.order.id.clone(), admin: client.clone() };
    order.create(&client, json!({"code": "with papers"})).await.with_status(409);
    let added = order.add(json!({"code": "on PostgreSQL", "amount": "0.01", "old": "1"})).await;
    order.edit(&client, &added, json!({"amount": "99999999999.99"})).await.ok();
    let verified = client.post(&format!("/aggregates/{}/verify", sales.totals), json!({})).await.ok();
    assert_eq!(verified["right"], true, "{verified}");
    let was = told(&client).await;
    server.stop().await;

    to_sqlite(&mut server).await;
    let client = is_as_it_was(&mut server, &client, &was).await;
    let order = Form { id: sales.order.id.clone(), admin: client.clone() };
    order.add(json!({"code": "on SQLite", "amount": "0.02", "old": "1"})).await;
    let verified = client.post(&format!("/aggregates/{}/verify", sales.totals), json!({})).await.ok();
    assert_eq!(verified["right"], true, "{verified}");
    is_sound(&server).await;
    server.close().await;
}

/// The demo of two templates, with requests, stock and points, as an earlier release has left it.
#[tokio::test]
async fn a_database_with_requests_and_stock_says_on_the_other_one_what_it_said() {
    let releases = releases();
    let release = releases.first().expect("no release has a corpus");
    let mut server = Server::start(Database::Sqlite).await;
    server.stop().await;
    put_back(&server, release);
    let postgres = PostgresDatabase::create().await;
    let told = refused(&server, &postgres.url).await;
    assert!(told.contains("earlier version"), "{told}");
    postgres.drop().await;
    server.restart().await;
    server.stop().await;

    to_postgres(&mut server).await;
    server.restart().await;
    says_still(&server, release).await;
    server.stop().await;
    to_sqlite(&mut server).await;
    server.restart().await;
    says_still(&server, release).await;
    server.close().await;
}

/// Tables that wait for their forms in the recycle bin go along, and what comes back counts as before.
#[tokio::test]
async fn what_lies_in_the_bin_comes_back_on_the_other_database() {
    let mut server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let (kept, gone) = (Sales::build(&workspace).await, Sales::build(&workspace).await);
    kept.fill().await;
    gone.fill().await;
    let admin = &workspace.admin;
    let rows = format!("/aggregates/{}/rows?limit=500", kept.totals);
    let was = admin.get(&rows).await.ok();
    admin.delete(&kept.order.path(""), 1).await.with_status(204);
    admin.delete(&gone.app.path(""), 1).await.with_status(204);
    server.stop().await;

    to_postgres(&mut server).await;
    server.restart().await;
    let admin = admin.moved_to(server.url());
    admin.post(&kept.order.path("/restore"), json!({})).await.ok();
    admin.post(&gone.app.path("/restore"), json!({})).await.ok();
    assert_eq!(admin.get(&rows).await.ok(), was);
    is_sound(&server).await;
    server.close().await;
}

/// Reads what the command prints until it has copied so many tables, and kills it.
async fn killed_after(server: &Server, url: &str, tables: usize) {
    let mut process = server.migrate_to(url).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let begins = format!("{tables}/");
    loop {
        let line = lines.next_line().await.unwrap().expect("it goes on copying");
        if line.starts_with(&begins) {
            break;
        }
    }
    process.kill().await.unwrap();
}

#[tokio::test]
async fn a_copy_that_was_killed_is_served_by_nobody_and_begun_anew() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let sales = Sales::build(&workspace).await;
        sales.fill().await;
        let was = told(&workspace.admin).await;
        server.stop().await;
        let is_sqlite = server.postgres_url().is_none();
        let target = if is_sqlite { Some(PostgresDatabase::create().await) } else { None };
        let url = target.as_ref().map_or_else(|| file(server), |target| target.url.clone());

        // A second installation with the same key tries to start on what was begun.
        let other = tempfile::tempdir().unwrap();
        fs::copy(server.data().join(KEY_FILE), other.path().join(KEY_FILE)).unwrap();
        for tables in [1, 50] {
            killed_after(server, &url, tables).await;
            let mut start = tokio::process::Command::new(binary());
            start.args(["serve", "--listen", "127.0.0.1:0", "--database", &url, "--data"]).arg(other.path());
            let started = start.output().await.unwrap();
            let told = String::from_utf8_lossy(&started.stderr).into_owned();
            assert_eq!(started.status.code(), Some(1), "{told}");
            assert!(told.contains("never proved"), "{told}");
        }
        moved(server, &url).await;
        let former = server.work_with(target);
        is_as_it_was(server, &workspace.admin, &was).await;
        if let Some(former) = former {
            former.drop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_holds_something_is_not_filled_and_what_runs_is_not_copied() {
    let mut server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let mut filled = Server::start(Database::Postgres).await;
    let theirs = Workspace { admin: filled.set_up().await };
    theirs.app("Theirs").await;
    let url = filled.postgres_url().unwrap().to_owned();
    let empty = PostgresDatabase::create().await;

    let told = refused(&server, &empty.url).await;
    assert!(told.contains("uses the data folder"), "{told}");
    server.stop().await;
    let told = refused(&server, &url).await;
    assert!(told.contains("holds something already"), "{told}");
    let told = refused(&server, "sqlite:elsewhere.db").await;
    assert!(told.contains("of one kind"), "{told}");
    assert_eq!(items(&theirs.admin.get("/apps").await.ok()).len(), 1, "nothing of it was changed");

    // Back the other way: another server works with the database still.
    let mut beside = filled.start_beside().await;
    filled.stop().await;
    let target = file(&filled);
    let told = refused(&filled, &target).await;
    assert!(told.contains("Another Formwork works"), "{told}");
    beside.stop().await;
    moved(&filled, &target).await;
    // What it has made is not filled a second time.
    let told = refused(&filled, &target).await;
    assert!(told.contains("holds something already"), "{told}");
    // And the first one's data is where it was.
    server.restart().await;
    is_sound(&server).await;
    empty.drop().await;
    server.close().await;
    filled.restart().await;
    filled.close().await;
}
