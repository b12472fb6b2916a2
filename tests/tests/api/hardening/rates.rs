//! How often something may be tried, and by whom it is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{Form, items};
use tests::{Answer, Client, Database, Server, Workspace, together};
use tokio::time::{Instant, interval};

/// When one may come again, as an answer of 429 says it.
fn wait_of(answer: &Answer) -> u32 {
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn c22_what_costs_much_is_counted_for_each_member() {
    let server = Server::start_with(Database::Sqlite, &["--costly-per-minute", "3"]).await;
    let workspace = Workspace { admin: server.set_up().await };
    let form = workspace.form(tests::design::form("order", [tests::design::text("name")])).await;
    let mei = workspace.person("mei").await;
    let export = form.path("/export");
    // It counts whatever comes of it.
    for _ in 0..3 {
        workspace.admin.post(&export, json!({"colour": 1})).await.refused(422, "unknown_member");
    }
    let refused = workspace.admin.post(&export, json!({})).await;
    assert!((1..=61).contains(&wait_of(&refused)), "{}", wait_of(&refused));
    refused.refused(429, "too_many_requests");
    // Elsewhere too, but nothing else, and nobody else.
    let trial = form.path("/flow/simulate");
    workspace.admin.post(&trial, json!({})).await.refused(429, "too_many_requests");
    // Links and hooks keep their names for good.
    for kind in ["links", "hooks"] {
        let made = json!({"name": "x", "map": [{"from": "/name", "to": "name"}]});
        let made = workspace.admin.post(&form.path(&format!("/{kind}")), made).await;
        made.refused(429, "too_many_requests");
    }
    workspace.admin.get(&form.path("/records")).await.ok();
    form.add(json!({"name": "a"})).await;
    mei.post(&export, json!({"format": "csv"})).await.refused(404, "not_found");
    server.close().await;
}

/// A dashboard asks for all of its tiles in one moment: a few are answered at once, and the rest in their turn.
#[tokio::test]
async fn t67_many_heavy_questions_of_one_moment_are_all_answered() {
    let server = Server::start(Database::Sqlite).await;
    let workspace = Workspace { admin: server.set_up().await };
    let form = workspace.form(tests::design::form("order", [tests::design::text("name")])).await;
    form.add_all((0..500).map(|n| json!({"name": format!("order {}", n % 20)}))).await;
    let asked = json!({"group": [{"field": "name"}], "measures": [{"key": "n", "fn": "count"}]});
    let answers = together((0..40).map(|_| form.add_up(&workspace.admin, asked.clone()))).await;
    for answer in answers {
        assert!(!answer.ok()["rows"].as_array().unwrap().is_empty());
    }
    server.close().await;
}

#[tokio::test]
async fn what_a_program_asks_is_counted_by_its_token_where_an_operator_says_so() {
    let server = Server::start_with(Database::Sqlite, &["--rate-limit", "5"]).await;
    let admin = server.set_up().await;
    let program = async |name: &str| {
        let token = admin.post("/tokens", json!({"name": name, "scopes": ["read"]})).await.created();
        Client::with_token(server.url(), token["token"].as_str().unwrap())
    };
    let (robot, other) = (program("robot").await, program("other").await);
    for _ in 0..3 {
        robot.get("/apps").await.ok();
    }
    // What it may not counts, too.
    for _ in 0..2 {
        robot.post("/apps", json!({"label": "x"})).await.refused(403, "scope_too_narrow");
    }
    let refused = robot.get("/apps").await;
    assert!((1..=61).contains(&wait_of(&refused)), "{}", wait_of(&refused));
    refused.refused(429, "too_many_requests");
    other.get("/apps").await.ok();
    // People in browsers are not counted.
    for _ in 0..10 {
        admin.get("/apps").await.ok();
    }
    server.close().await;
}

#[tokio::test]
async fn what_anybody_may_try_is_counted_for_each_address() {
    const MOST: usize = 300;
    let server = Server::start_with(Database::Sqlite, &["--trusted-proxies", "127.0.0.1"]).await;
    server.set_up().await;
    let nobody = server.client();
    let from = async |address: &str| {
        let body = json!({"code": "x", "email": "x@example.com", "name": "X", "password": ADMIN_PASSWORD});
        let request = nobody.request(Method::POST, "/setup").header("x-forwarded-for", address).json(&body);
        nobody.send(request).await
    };
    let mut tried = Vec::new();
    for _ in 0..MOST / 20 {
        tried.extend(together((0..20).map(|_| from("203.0.113.9"))).await);
    }
    assert!(tried.iter().all(|answer| answer.status == 404), "a set-up that was done is not there");
    let refused = from("203.0.113.9").await;
    assert!((1..=61).contains(&wait_of(&refused)));
    refused.refused(429, "too_many_requests");
    from("203.0.113.10").await.refused(404, "not_found");
    server.close().await;
}

async fn guess(nobody: &Client, email: &str, from: &str) -> Answer {
    let body = json!({"email": email, "password": "wrong wrong wrong"});
    nobody.send(nobody.request(Method::POST, "/auth/login").header("x-forwarded-for", from).json(&body)).await
}

#[tokio::test]
async fn t53_behind_a_proxy_that_is_known_people_are_told_apart() {
    let server = Server::start_with(Database::Sqlite, &["--trusted-proxies", "10.0.0.0/8,127.0.0.1"]).await;
    server.set_up().await;
    let nobody = server.client();
    for n in 0..12 {
        let from = format!("198.51.100.1, 203.0.113.{n}");
        guess(&nobody, ADMIN_EMAIL, &from).await.refused(401, "wrong_credentials");
    }
    for _ in 0..4 {
        guess(&nobody, ADMIN_EMAIL, "203.0.113.0").await.refused(401, "wrong_credentials");
    }
    guess(&nobody, ADMIN_EMAIL, "203.0.113.0").await.refused(429, "too_many_requests");

    let body = json!({"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD});
    let request = nobody.request(Method::POST, "/auth/login").json(&body);
    let answer = nobody.send(request.header("x-forwarded-for", "1.1.1.1, 203.0.113.77, 10.1.2.3")).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let ada = Client::with_cookie(server.url(), &cookie);
    let sessions = ada.get("/auth/sessions").await.ok();
    let own = items(&sessions).iter().find(|session| session["current"] == true).unwrap();
    assert_eq!(own["ip"], "203.0.113.77");
    // A proxy of ours says what a request is called, too: it is found in the proxy's log by that.
    let answer = nobody.send(nobody.request(Method::GET, "/me").header("x-request-id", "of-the-proxy")).await;
    assert_eq!(answer.headers["x-request-id"], "of-the-proxy");
    server.close().await;
}

/// Somebody whom nobody knows guesses from an address of their own.
async fn stray(nobody: Client, n: usize) -> Answer {
    let from = format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255);
    guess(&nobody, &format!("stray-{n}@example.com"), &from).await
}

#[tokio::test]
async fn t70_a_flood_of_passwords_waits_for_its_turn_or_is_sent_away() {
    let server = Server::start_with(Database::Sqlite, &["--trusted-proxies", "127.0.0.1"]).await;
    let admin = server.set_up().await;
    let nobody = server.client();
    let before = server.most_memory();
    let flood = tokio::spawn(together((0..500).map(|n| stray(nobody.clone(), n)).collect::<Vec<_>>()));
    // Others go on meanwhile.
    let asked = Instant::now();
    for _ in 0..20 {
        admin.get("/me").await.ok();
    }
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    let answers = flood.await.unwrap();
    for answer in &answers {
        match answer.status {
            401 => {}
            503 => assert!(wait_of(answer) >= 1),
            other => panic!("{other} {}", answer.body),
        }
    }
    let sent_away = answers.iter().filter(|answer| answer.status == 503).count();
    assert!(sent_away > 0 && sent_away < answers.len(), "{sent_away}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let grown = server.most_memory() - before;
    assert!(grown < (cores * 19 + 50) * 1024, "{grown} KiB");
    server.close().await;
}

/// Pages of records: calm and under guesses they are asked for by turns, as often as this at most.
const ROUNDS: usize = 5;
/// Pages in each of those times.
const PAGES: usize = 16;

/// Orders enough that a page of them, found, sorted and counted, is more than what the way there costs.
async fn many_orders(workspace: &Workspace) -> Form {
    let amount = tests::design::number("amount", 2);
    let form = workspace.form(tests::design::form("order", [tests::design::text("name"), amount])).await;
    for thousand in 0..3 {
        let order = |n: u32| json!({"name": format!("Order {n}"), "amount": (n * 7919 % 1_000).to_string()});
        form.add_all((thousand * 1_000..(thousand + 1) * 1_000).map(order)).await;
    }
    form
}

/// How long such a page takes. What a quarter of them need at most: the rest waits for other tests of this run as well.
async fn page(form: &Form) -> Duration {
    let filter = json!({"any": [{"field": "amount", "op": "gte", "value": "400"},
        {"field": "name", "op": "contains", "value": "77"}]});
    let asked = json!({"filter": filter, "sort": [{"field": "amount", "desc": true}], "limit": 50,
        "count": "exact"});
    let mut took = Vec::new();
    for _ in 0..PAGES {
        let began = Instant::now();
        let answer = form.query(&form.admin, asked.clone()).await.ok();
        took.push(began.elapsed());
        assert_eq!(items(&answer).len(), 50);
    }
    took.sort_unstable();
    took[PAGES / 4]
}

/// The page while two hundred wrong passwords a second come in; `first` numbers who guesses.
async fn page_under_guesses(nobody: &Client, form: &Form, first: usize) -> Duration {
    let over = Arc::new(AtomicBool::new(false));
    let (nobody, seen) = (nobody.clone(), Arc::clone(&over));
    let guesses = tokio::spawn(async move {
        let mut beat = interval(Duration::from_millis(5));
        let mut sent = Vec::new();
        while !seen.load(Ordering::Relaxed) {
            beat.tick().await;
            sent.push(tokio::spawn(stray(nobody.clone(), first + sent.len())));
        }
        together(sent).await
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    let took = page(form).await;
    over.store(true, Ordering::Relaxed);
    let answers = guesses.await.unwrap();
    assert!(answers.len() > 60, "{} guesses", answers.len());
    for answer in answers {
        let answer = answer.unwrap();
        assert!([401, 503].contains(&answer.status), "{} {}", answer.status, answer.body);
    }
    took
}

/// Twice as long, and three milliseconds for what the clock and the other tests of this run make of it. The product as it ships
/// is held to twice and nothing besides by `cargo xtask bench --without-frontend --check -- passwords`.
#[tokio::test]
async fn two_hundred_wrong_passwords_a_second_do_not_slow_others_down() {
    let server = Server::start_with(Database::Sqlite, &["--trusted-proxies", "127.0.0.1"]).await;
    let workspace = Workspace { admin: server.set_up().await };
    let form = many_orders(&workspace).await;
    let nobody = server.client();
    page(&form).await;
    let mut seen = Vec::new();
    for round in 0..ROUNDS {
        let calm = page(&form).await;
        let under = page_under_guesses(&nobody, &form, round * 100_000).await;
        seen.push((calm, under));
        if under <= calm * 2 + Duration::from_millis(3) {
            server.close().await;
            return;
        }
        // What still waits to be refused belongs to nobody's calm.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    panic!("in calm and under 200 wrong passwords a second: {seen:?}");
}
