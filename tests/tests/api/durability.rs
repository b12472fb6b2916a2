//! What was acknowledged stays: a server that is killed under load loses no record, counts none twice, and remembers
//! what it answered.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, number, serial, subform, test, text};
use tests::dice::cases;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items, values_of};
use tests::{App, Client, Form, Inside, Server, Workspace, on_both, together};

/// Somebody who writes until the server is gone.
struct Writer {
    number: usize,
    client: Client,
}

/// A save that the server acknowledged, with the key under which it was asked for.
struct Acknowledged {
    key: String,
    body: Value,
    answer: Value,
}

#[derive(Default)]
struct Written {
    acknowledged: Vec<Acknowledged>,
    /// Asked for, and never answered: it may be there or not, but whole.
    open: Vec<(String, Value)>,
}

fn order_of(writer: usize, count: usize) -> Value {
    json!({"fields": {
        "code": format!("w{writer}-{count}"), "amount": format!("{count}.25"),
        "lines": [{"n": count}, {"n": 1}],
    }})
}

impl Writer {
    async fn write(&self, path: &str, done: &AtomicUsize) -> Written {
        let mut written = Written::default();
        for count in 0.. {
            let (key, body) = (format!("k{}-{count}", self.number), order_of(self.number, count));
            let request = self.client.request(Method::POST, path).header("idempotency-key", &key).json(&body);
            match self.client.try_send(request).await {
                Ok(answer) if answer.status == 503 => tokio::time::sleep(Duration::from_millis(5)).await,
                Ok(answer) => {
                    written.acknowledged.push(Acknowledged { key, body, answer: answer.created() });
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Err(_) => {
                    written.open.push((key, body));
                    break;
                }
            }
        }
        written
    }
}

struct Story {
    form: Form,
    table: String,
    writers: Vec<Writer>,
}

async fn prepare(server: &Server) -> Story {
    let workspace = Workspace { admin: server.set_up().await };
    let app: App = workspace.app("Sales").await;
    let order = form(
        "order",
        [serial("no", "SO-"), text("code").unique(), number("amount", 2), subform("lines", [number("n", 0)])],
    );
    let form = app.form(order).await;
    let totals = json!({
        "format": 1, "key": "totals", "label": "Totals", "dimensions": [{"key": "by", "label": "By"}],
        "sources": [{"form": "order", "group": {"by": "$created_by"}, "measures": {
            "orders": {"fn": "count"}, "amount": {"fn": "sum", "field": "amount"},
        }}],
        "measures": [], "constraints": [],
    });
    let table = app.aggregate(totals).await;
    let mut writers = Vec::new();
    for number in 0..6 {
        let person = workspace.person("writer").await;
        form.allow(tests::design::group(&format!("g{number}"), &[&person.id])).await;
        let mut client = server.client();
        client.sign_in(&person.email, ADMIN_PASSWORD).await.ok();
        writers.push(Writer { number, client });
    }
    Story { form, table, writers }
}

/// Kills in a long run, of a server with SQLite and of one with PostgreSQL; a few are enough for every other.
const MOST_KILLS: (usize, usize) = (200, 100);

#[tokio::test]
async fn a_server_killed_under_load_loses_nothing_that_it_acknowledged() {
    on_both(async |server| {
        let mut story = prepare(server).await;
        let mut written = Vec::new();
        let most = if server.postgres_url().is_none() { MOST_KILLS.0 } else { MOST_KILLS.1 };
        for round in 0..cases(3).min(most) as u64 {
            let (path, done) = (story.form.path("/records"), AtomicUsize::new(0));
            for writer in &mut story.writers {
                writer.number += 100;
            }
            let writing = together(story.writers.iter().map(|writer| writer.write(&path, &done)));
            let killing = async {
                // In the midst of many saves, each time at another place of one.
                while done.load(Ordering::Relaxed) < 30 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                tokio::time::sleep(Duration::from_millis(13 * (round % 12))).await;
                server.kill().await;
            };
            let (round, ()) = tokio::join!(writing, killing);
            written.extend(round);
            server.restart().await;
            story.form.admin = story.form.admin.moved_to(server.url());
            for writer in &mut story.writers {
                writer.client = writer.client.moved_to(server.url());
            }
            check(&story, &written).await;
        }
        // It goes on as if nothing had been.
        story.form.add(json!({"code": "after", "amount": 1})).await;
        check_numbers(&story.form).await;
    })
    .await;
}

async fn check(story: &Story, written: &[Written]) {
    let admin = &story.form.admin;
    let acknowledged: Vec<_> = written.iter().flat_map(|one| &one.acknowledged).collect();
    assert!(acknowledged.len() > 10, "only {} saves before the end", acknowledged.len());
    let mut stored = all_records(&story.form).await;
    for one in &acknowledged {
        let record = stored.remove(&id_of(&one.answer)).unwrap_or_else(|| panic!("{} is lost", one.answer));
        assert_eq!(record["version"], 1);
        for field in ["no", "code", "amount"] {
            assert_eq!(record["fields"][field], one.answer["fields"][field]);
        }
        assert_eq!(record["row_counts"].get("lines"), None);
        assert_eq!(record["fields"]["lines"], one.answer["fields"]["lines"]);
    }
    // What is there besides was asked for and not answered, and is whole.
    let open: Vec<_> = written.iter().flat_map(|one| &one.open).collect();
    for record in stored.values() {
        let asked = open.iter().find(|(_, body)| body["fields"]["code"] == record["fields"]["code"]);
        let (_, body) = asked.unwrap_or_else(|| panic!("{record} was never asked for"));
        assert_eq!(record["fields"]["amount"], body["fields"]["amount"]);
        assert_eq!(record["fields"]["lines"].as_array().unwrap().len(), 2);
    }
    check_numbers(&story.form).await;
    let verified = admin.post(&format!("/aggregates/{}/verify", story.table), json!({})).await.ok();
    assert_eq!(verified["right"], true, "{verified}");
    for one in acknowledged.iter().rev().take(5) {
        let history = admin.get(&format!("{}/history", story.form.at(&one.answer))).await.ok();
        assert_eq!(items(&history)[0]["changes"]["code"]["new"], one.answer["fields"]["code"]);
        remembers(story, one).await;
    }
}

/// The same request under the same key has the same answer, and makes nothing.
async fn remembers(story: &Story, one: &Acknowledged) {
    let number: usize = one.key[1..].split('-').next().unwrap().parse().unwrap();
    let writer = story.writers.iter().find(|writer| writer.number % 100 == number % 100).unwrap();
    let again = writer.client.post_once(&story.form.path("/records"), &one.key, one.body.clone()).await;
    assert_eq!(again.created(), one.answer);
}

async fn all_records(form: &Form) -> std::collections::BTreeMap<String, Value> {
    let mut all = std::collections::BTreeMap::new();
    let mut cursor = Value::Null;
    loop {
        let mut asked = json!({"limit": 500, "fields": ["no", "code", "amount", "lines"]});
        if !cursor.is_null() {
            asked["cursor"] = cursor;
        }
        let page = form.query(&form.admin, asked).await.ok();
        all.extend(items(&page).iter().map(|record| (id_of(record), record.clone())));
        cursor = page["next"].clone();
        if cursor.is_null() {
            return all;
        }
    }
}

/// Serial numbers of what is there have no gap.
async fn check_numbers(form: &Form) {
    let mut numbers: Vec<_> = all_records(form)
        .await
        .values()
        .map(|record| {
            record["fields"]["no"].as_str().unwrap().trim_start_matches("SO-").parse::<usize>().unwrap()
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

#[tokio::test]
async fn t79_a_save_goes_on_when_its_caller_hangs_up() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [text("code"), number("n", 0)])).await;
        let mut inside = Inside::of(server).await;
        let mut went_on = false;
        // Where the machine was too slow for the saves to have begun, they are given more time; all in all less than
        // either database lets a save wait.
        for patience in [300, 700, 1200] {
            went_on = went_on || both_go_on(&order, &mut inside, Duration::from_millis(patience)).await;
        }
        assert!(went_on, "no save went on without its caller");
        order.add(json!({"code": "next"})).await;
        assert_eq!(
            values_of(&order.query(&workspace.admin, json!({"limit": 1})).await.ok(), "code"),
            ["next"]
        );
    })
    .await;
}

/// Two saves are stopped in the midst of their transactions, and their callers go away: one with an idempotency key, one
/// without. Whether both went on.
async fn both_go_on(order: &Form, inside: &mut Inside, patience: Duration) -> bool {
    let admin = &order.admin;
    let seen = order.add(json!({"code": "seen", "n": 0})).await;
    let code = id_of(&seen);
    let rows: Vec<_> = (0..50).map(|n| json!({"fields": {"code": code, "n": n}})).collect();
    let path = order.path("/records/bulk");
    let make = || admin.post_once(&path, &code, json!({"create": rows}));

    inside.hold_saves().await;
    let (made, edited) = tokio::join!(
        tokio::time::timeout(patience, make()),
        tokio::time::timeout(patience, order.edit(admin, &seen, json!({"n": 1}))),
    );
    assert!(made.is_err() && edited.is_err(), "a save was answered that can't have ended");
    // Long enough for the server to see that nobody waits.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let again = tokio::time::timeout(Duration::from_millis(300), make()).await;
    inside.let_saves_go().await;

    let is_at_work = again.is_ok_and(|answer| answer.body["code"] == "idempotency_in_progress");
    let found = async || {
        let asked = json!({"filter": test("code", "eq", code.as_str()), "count": "exact", "limit": 1});
        let count = order.query(admin, asked).await.ok()["count"]["value"].as_u64().unwrap();
        (count, order.read(admin, &seen).await.ok()["fields"]["n"] == "1")
    };
    for _ in 0..100 {
        if found().await == (50, true) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (made, is_edited) = found().await;
    assert!([0, 50].contains(&made), "{made} of 50");
    if !(is_at_work && is_edited && made == 50) {
        return false;
    }
    // Who comes back learns what came of it, and makes nothing more.
    let answer = make().await.ok();
    assert_eq!((answer["results"].as_array().unwrap().len(), found().await), (50, (50, true)));
    true
}

#[tokio::test]
async fn a_session_and_a_token_outlive_a_restart() {
    on_both(async |server| {
        let mut admin = server.set_up().await;
        let token = admin.post("/tokens", json!({"name": "robot"})).await.created();
        server.stop().await;
        server.restart().await;
        admin = admin.moved_to(server.url());
        admin.get("/me").await.ok();
        Client::with_token(server.url(), token["token"].as_str().unwrap()).get("/me").await.ok();
    })
    .await;
}
