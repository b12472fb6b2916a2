//! T08, T11, T42, T43: sessions that end everywhere, are never somebody else's, and are worth nothing where they are stored.

use std::time::{Duration, Instant};

use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use tests::design::{form, group, text};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{id_of, items};
use tests::{Client, Database, News, Server, Workspace, on_both};

#[tokio::test]
async fn t08_who_is_let_in_no_more_is_out_on_every_server_within_a_second() {
    let server = Server::start(Database::Postgres).await;
    let workspace = Workspace { admin: server.set_up().await };
    let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
    let order = workspace.form(form("order", [text("name")])).await;
    let clerks = group("clerks", &[&tom.id]).document();
    let clerks = workspace.admin.post(&order.path("/permissions"), clerks).await.created();
    let record = order.at(&order.add(json!({"name": "x"})).await);
    let token = mei.post("/tokens", json!({"name": "mine"})).await.created();
    let token = token["token"].as_str().unwrap().to_owned();

    let other = server.start_beside().await;
    let (hers, his) = (mei.moved_to(other.url()), tom.moved_to(other.url()));
    let program = Client::with_token(other.url(), &token);
    for who in [&hers, &his, &program] {
        who.get("/me").await.ok();
    }
    his.get(&record).await.ok();
    workspace.admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
    workspace
        .admin
        .delete(&order.path(&format!("/permissions/{}", id_of(&clerks))), 1)
        .await
        .with_status(204);
    tokio::time::sleep(Duration::from_secs(1)).await;
    hers.get("/me").await.refused(401, "sign_in_required");
    program.get("/me").await.refused(401, "sign_in_required");
    his.get("/me").await.ok();
    his.get(&record).await.refused(404, "not_found");
    other.close().await;
    server.close().await;
}

const A_SECOND: Duration = Duration::from_secs(1);
/// What a long job may take.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn t08_t11_what_is_done_on_one_server_is_heard_on_another_by_those_who_may_and_ends_there_too() {
    let server = Server::start(Database::Postgres).await;
    let workspace = Workspace { admin: server.set_up().await };
    let admin = &workspace.admin;
    let (mei, tom, eve) =
        (workspace.person("mei").await, workspace.person("tom").await, workspace.person("eve").await);
    let order = workspace.form(form("order", [text("name")])).await;
    order.allow(group("readers", &[&mei.id, &eve.id])).await;
    let clerks = group("clerks", &[&tom.id]).document();
    let clerks = admin.post(&order.path("/permissions"), clerks).await.created();
    let token = eve.post("/tokens", json!({"name": "listener"})).await.created();

    let other = server.start_beside().await;
    let program = Client::with_token(other.url(), token["token"].as_str().unwrap());
    let mut hers = News::open(&mei.moved_to(other.url()), "/events").await;
    let mut his = News::open(&tom.moved_to(other.url()), "/events").await;
    let mut by_token = News::open(&program, "/events").await;
    let record = order.add(json!({"name": "x"})).await;
    for listener in [&mut hers, &mut his, &mut by_token] {
        let (kind, told) = listener.next(A_SECOND).await.expect("it is heard within a second");
        assert_eq!(
            (kind.as_str(), &told["record"], &told["what"]),
            ("record", &record["id"], &json!("create"))
        );
    }

    // A right that has just ended there ends here, before anything is told by it.
    let path = order.path(&format!("/permissions/{}", id_of(&clerks)));
    admin.delete(&path, 1).await.with_status(204);
    order.edit(admin, &record, json!({"name": "y"})).await.ok();
    assert_eq!(hers.hears("record").await["what"], "update");
    his.hears_nothing().await;
    // What is for one member is for that member.
    let export = admin.post(&order.path("/export"), json!({"format": "json"})).await;
    admin.job(export).await;
    his.hears_nothing().await;

    admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
    tokio::time::timeout(A_SECOND, hers.ends()).await.expect("her news end within a second");
    eve.delete(&format!("/tokens/{}", id_of(&token)), 1).await.with_status(204);
    tokio::time::timeout(A_SECOND, by_token.ends()).await.expect("the program's news end within a second");
    other.close().await;
    server.close().await;
}

/// The value of the session's cookie.
fn cookie(headers: &reqwest::header::HeaderMap) -> String {
    let cookie = headers[SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn t42_t43_a_session_is_never_one_that_was_there_before_and_is_worth_nothing_in_the_database() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let planted = format!("sid={}", "0".repeat(43));
        let mut browser = Client::with_cookie(server.url(), &planted);
        browser.get("/me").await.refused(401, "sign_in_required");
        let first = cookie(&browser.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await.headers);
        assert_ne!(first, planted);
        Client::with_cookie(server.url(), &planted).get("/me").await.refused(401, "sign_in_required");
        // Signing in again gives another one.
        let second = cookie(&browser.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await.headers);
        assert_ne!(first, second);
        let token = admin.post("/tokens", json!({"name": "mine"})).await.created();
        if server.postgres_url().is_none() {
            let secrets = [&first[4..], &second[4..], token["token"].as_str().unwrap(), ADMIN_PASSWORD];
            for file in std::fs::read_dir(server.data()).unwrap() {
                let path = file.unwrap().path();
                let Ok(bytes) = std::fs::read(&path) else { continue };
                for secret in secrets {
                    let is_there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                    assert!(!is_there, "{} holds a secret as it is", path.display());
                }
            }
        }
    })
    .await;
}

/// What somebody has begun goes on in their name, and no longer than they are let in.
#[tokio::test]
async fn t08_what_somebody_brings_in_ends_when_they_are_let_in_no_more() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let part = workspace.form(form("part", [text("code")])).await;
        const ROWS: u64 = 20_000;
        let rows: String = (0..ROWS).map(|n| format!("c{n}\n")).collect();
        let rows = format!("code\n{rows}");
        let mei = workspace.person("mei").await;
        part.allow(group("mine", &[&mei.id]).may(&["view", "create", "edit", "import"])).await;
        let file = mei.upload("parts.csv", "text/csv", rows.into_bytes()).await;
        let input = json!({"file": file, "mapping": {"code": "code"}});
        let started = mei.post(&part.path("/import"), input).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let until = Instant::now() + PATIENCE;
        let when = async |is_so: &dyn Fn(&Value) -> bool| loop {
            let job = admin.get(&path).await.ok();
            if job["state"] != "running" || is_so(&job) || Instant::now() > until {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        when(&|job: &Value| job["done"].as_u64().unwrap() > 0).await;
        admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
        let job = when(&|_: &Value| false).await;
        assert_eq!(
            (&job["state"], &job["problem"]["code"]),
            (&json!("failed"), &json!("forbidden")),
            "{job}"
        );
        let created = job["result"]["created"].as_u64().unwrap();
        assert!((1..ROWS).contains(&created), "{job}");
        tokio::time::sleep(A_SECOND).await;
        let asked = json!({"measures": [{"key": "n", "fn": "count"}]});
        let counted = part.add_up(admin, asked).await.ok();
        assert_eq!(counted["rows"][0]["values"]["n"], created.to_string(), "{counted}");
    })
    .await;
}

/// A job once something is so, or it is over.
async fn job_when(who: &Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let job = who.get(path).await.ok();
        if job["state"] != "running" || is_so(&job) || Instant::now() > until {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What is removed for good goes in somebody's name, slice by slice, and no longer than they are let in; what went stands in the trail.
#[tokio::test]
async fn t08_what_somebody_removes_for_good_ends_when_they_are_let_in_no_more() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let app = workspace.app("Parts").await;
        admin.patch(&app.path(""), 1, json!({"admins": [{"members": [mei.id]}]})).await.ok();
        let part = app.form(form("part", [text("code")])).await;
        const RECORDS: u64 = 10_000;
        for some in 0..RECORDS / 1_000 {
            part.add_all((0..1_000).map(|n| json!({"code": format!("c{some}-{n}")}))).await;
        }
        admin.delete(&part.path(""), 1).await.ok();
        let started = mei.post(&part.path("/purge"), json!({})).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        job_when(admin, &path, |job: &Value| job["done"].as_u64().unwrap() > 0).await;
        admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
        let job = job_when(admin, &path, |_: &Value| false).await;
        let ended = (&job["state"], &job["problem"]["code"]);
        assert_eq!(ended, (&json!("failed"), &json!("forbidden")), "{job}");

        let told = admin.get(&format!("/audit?action=record.purge&object={}&limit=500", part.id)).await.ok();
        let removed: u64 =
            items(&told).iter().map(|entry| entry["changes"]["records"].as_u64().unwrap()).sum();
        assert!((1..RECORDS).contains(&removed), "{removed}");
        assert!(items(&told).iter().all(|entry| entry["who"] == mei.id), "{told}");
        // The rest is there for who may.
        let rest = admin.job(admin.post(&part.path("/purge"), json!({})).await).await;
        assert_eq!((&rest["state"], &rest["result"]["records"]), (&json!("done"), &json!(RECORDS - removed)));
    })
    .await;
}

/// So does a list of people, which makes members and gives them roles.
#[tokio::test]
async fn t07_t08_people_are_brought_in_by_whoever_administers_and_no_longer() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let root = workspace.person("root").await;
        let path = format!("/members/{}", root.id);
        admin.patch(&path, 1, json!({"administrator": true})).await.ok();
        const PEOPLE: usize = 3_000;
        let rows: String = (0..PEOPLE).map(|n| format!("p{n}@example.com,P {n}\n")).collect();
        let file = root.upload("people.csv", "text/csv", format!("email,name\n{rows}").into_bytes()).await;
        let started = root.post("/members/import", json!({"file": file})).await.with_status(202);
        let job = format!("/jobs/{}", started["job"].as_str().unwrap());
        job_when(admin, &job, |job: &Value| job["done"].as_u64().unwrap() > 0).await;
        admin.patch(&path, 2, json!({"administrator": false})).await.ok();
        let job = job_when(admin, &job, |_: &Value| false).await;
        let ended = (&job["state"], &job["problem"]["code"]);
        assert_eq!(ended, (&json!("failed"), &json!("forbidden")), "{job}");
        let made = items(&admin.whole("/members").await).len();
        assert!(made > 2 && made < PEOPLE, "{made}");
    })
    .await;
}
