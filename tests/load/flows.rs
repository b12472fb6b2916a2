//! Approvals under load: how fast they are decided, how the inbox of somebody with much to do opens, and what becomes of
//! deadlines that fall due all at once, while others go on saving.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::client::{Connection, Request, replay};
use crate::figures::{Figure, Limit, Unit};
use crate::formwork::{Formwork, escaped, text};
use crate::subject::Subject;
use crate::workload::BATCH;
use crate::{Options, median, say};

const COMMAND: &str = "command in a flow of 30 steps";
const APPROVE: &str = "approve, 16 clients";
const INBOX: &str = "inbox, first page";
const DEADLINES: &str = "deadlines due at once";
const MEANWHILE: &str = "update while deadlines are due";

/// Of so many orders some are changed again and again, meanwhile.
pub const CHANGED: u64 = 1_000;
/// Requests of one load of approvals.
const APPROVALS: u64 = 1_500;
const CLIENTS: usize = 16;
/// How often the inbox is opened.
const LOOKS: usize = 40;
/// Of so many requests the deadline of one falls due.
const ONE_DUE_OF: u64 = 10;
/// For what comes between the last request and the moment at which the deadlines fall due.
const BETWEEN: Duration = Duration::from_secs(60);
/// For the inbox and the saves that nothing disturbs.
const MEASURING: Duration = Duration::from_secs(20);
const UNDISTURBED: Duration = Duration::from_secs(5);
/// Saves are watched so long before it is asked again whether something is still due.
const GLANCE: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(600);
/// Seconds of processor time in a second that a server spends which has nothing to do.
const IDLE: f64 = 0.05;

/// All of it. `raw` is how many single writes the database alone commits in a second, `updates` are saves of orders.
pub async fn measure(
    formwork: &mut Formwork,
    updates: &Arc<Vec<Request>>,
    options: &Options,
    raw: f64,
) -> Vec<Figure> {
    let is_wanted = |name: &str| name.contains(&options.only);
    let mut figures = Vec::new();
    if is_wanted(COMMAND) {
        say(COMMAND);
        figures.push(command());
    }
    if !is_wanted(APPROVE) && ![INBOX, DEADLINES, MEANWHILE].into_iter().any(is_wanted) {
        return figures;
    }
    let owner = text(&ask(formwork, "GET", "/me", None).await["id"]);
    let other = json!({"email": "other@example.com", "name": "Other", "password": "a rather long secret 42"});
    let other = text(&ask(formwork, "POST", "/members", Some(other)).await["id"]);
    let people = People { owner, other };
    if is_wanted(APPROVE) {
        say(APPROVE);
        figures.push(approvals(formwork, &people, options.repeats, raw).await);
    }
    if [INBOX, DEADLINES, MEANWHILE].into_iter().any(is_wanted) {
        figures.extend(deadlines(formwork, &people, updates, options.requests).await);
    }
    figures
}

/// The member that everything is asked as, and one who never signs in.
struct People {
    owner: String,
    other: String,
}

/// The rules alone, in a process of their own.
fn command() -> Figure {
    let program = std::env::current_exe().unwrap().with_file_name("flow_speed");
    let ran =
        Command::new(&program).output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    let nanoseconds: f64 = printed.trim().parse().unwrap_or_else(|_| panic!("{ran:?}"));
    Figure { formwork: Some(nanoseconds / 1e6), limit: Limit::At(0.05), ..Figure::new(COMMAND, Unit::Ms) }
}

/// Approvals a second, each of a request of its own, after which somebody else has to decide.
async fn approvals(formwork: &mut Formwork, people: &People, repeats: usize, raw: f64) -> Figure {
    let form = make_form(formwork, "approved", json!([field("what", "text")])).await;
    let steps = json!([
        approve("boss", json!({"members": [people.owner]})),
        approve("money", json!({"members": [people.other]}))
    ]);
    publish(formwork, &form, &steps).await;
    let mut rates = Vec::new();
    for _ in 0..repeats {
        make(formwork, &form, APPROVALS, |number| json!({"what": format!("Chairs {number}")})).await;
        let tasks = todo(formwork).await;
        assert_eq!(tasks.len() as u64, APPROVALS);
        let approve =
            |task: &String| formwork.request("POST", &format!("/tasks/{task}/approve"), Some(json!({})));
        let requests: Arc<Vec<Request>> = Arc::new(tasks.iter().map(approve).collect());
        calm(formwork, PATIENCE).await;
        rates.push(once(formwork.server().port, &requests, CLIENTS).await);
    }
    Figure {
        floor: Some(raw),
        formwork: Some(median(rates)),
        limit: Limit::At((raw / 3.0).min(300.0)),
        ..Figure::new(APPROVE, Unit::PerSecond)
    }
}

/// Requests that wait for somebody, most of them for years; the deadlines of some fall due at one moment.
async fn deadlines(
    formwork: &mut Formwork,
    people: &People,
    updates: &Arc<Vec<Request>>,
    requests: u64,
) -> Vec<Figure> {
    let form =
        make_form(formwork, "waiting", json!([field("boss", "member"), field("due", "datetime")])).await;
    let mut boss = approve("boss", json!({"field": "boss"}));
    boss["deadlines"] = json!([{"at": {"field": "due"}, "do": "auto_approve"}]);
    publish(formwork, &form, &json!([boss])).await;
    let due = requests / ONE_DUE_OF;
    say(&format!("{requests} requests that wait"));
    let started = Instant::now();
    make(formwork, &form, requests - due, |_| json!({"boss": people.other, "due": "2099-01-01T00:00:00Z"}))
        .await;
    let pace = started.elapsed().as_secs_f64() / (requests - due) as f64;
    calm(formwork, PATIENCE).await;

    let until_due = Duration::from_secs((2.0 * pace * due as f64) as u64) + BETWEEN;
    let moment = Instant::now() + until_due;
    // A whole second, and none before the moment.
    let at = Timestamp::now().as_second() + until_due.as_secs() as i64 + 1;
    let at = Timestamp::from_second(at).unwrap().to_string();
    make(formwork, &form, due, |_| json!({"boss": people.owner, "due": at})).await;
    calm(formwork, (moment - MEASURING).saturating_duration_since(Instant::now())).await;
    say(INBOX);
    let inbox = look_in(formwork, due).await;
    let port = formwork.server().port;
    let undisturbed = replay(port, updates, 1, UNDISTURBED).await.p50_ms;
    let left = moment.saturating_duration_since(Instant::now());
    assert!(!left.is_zero(), "the deadlines fell due before everything was ready for them");
    tokio::time::sleep(left).await;

    say(DEADLINES);
    let (started, mut disturbed) = (Instant::now(), Vec::new());
    while waiting(formwork).await > 0 {
        assert!(started.elapsed() < PATIENCE, "deadlines that nobody works off");
        disturbed.push(replay(port, updates, 1, GLANCE).await.p50_ms);
    }
    let took = started.elapsed().as_secs_f64();
    let disturbed = median(disturbed);
    vec![
        Figure { formwork: Some(inbox), limit: Limit::At(100.0), ..Figure::new(INBOX, Unit::Ms) },
        Figure { formwork: Some(took), limit: Limit::At(60.0), ..Figure::new(DEADLINES, Unit::Seconds) },
        Figure {
            formwork: Some(disturbed),
            ratio: Some(disturbed / undisturbed),
            limit: Limit::At(2.0 * undisturbed),
            ..Figure::new(MEANWHILE, Unit::Ms)
        },
    ]
}

/// Milliseconds until the first page and the counts beside it are there.
async fn look_in(formwork: &mut Formwork, expected: u64) -> f64 {
    let port = formwork.server().port;
    assert_eq!(waiting(formwork).await, expected);
    let questions =
        ["/tasks?box=todo&count=exact", "/tasks/counts"].map(|path| formwork.request("GET", path, None));
    let mut connection = Connection::open(port).await.unwrap();
    let mut took = Vec::new();
    for _ in 0..LOOKS {
        let asked = Instant::now();
        for question in &questions {
            assert_eq!(connection.ask(question).await.unwrap().status, 200);
        }
        took.push(asked.elapsed().as_secs_f64() * 1000.0);
    }
    median(took)
}

/// How many tasks wait for the benchmark's own member.
pub async fn waiting(formwork: &mut Formwork) -> u64 {
    let page = ask(formwork, "GET", "/tasks?box=todo&limit=1&count=exact", None).await;
    page["count"]["value"].as_u64().unwrap()
}

/// The ids of those tasks.
pub async fn todo(formwork: &mut Formwork) -> Vec<String> {
    let (mut tasks, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ask(formwork, "GET", &format!("/tasks?box=todo&limit=500{cursor}"), None).await;
        tasks.extend(page["items"].as_array().unwrap().iter().map(|task| text(&task["id"])));
        let Some(next) = page["next"].as_str() else { return tasks };
        cursor = format!("&cursor={}", escaped(next));
    }
}

/// Submits so many requests.
pub async fn make(formwork: &mut Formwork, form: &str, count: u64, fields: impl Fn(u64) -> Value) {
    let path = format!("/forms/{form}/records/bulk");
    for first in (0..count).step_by(BATCH as usize) {
        let rows: Vec<Value> = (first..(first + BATCH).min(count))
            .map(|number| {
                let fields = fields(number);
                json!({ "fields": fields })
            })
            .collect();
        ask(formwork, "POST", &path, Some(json!({"create": rows, "atomic": true}))).await;
    }
}

/// Waits until the server has nothing left to do, or for so long: whom to tell of a task is worked out after the save.
async fn calm(formwork: &mut Formwork, patience: Duration) {
    let (started, mut calm) = (Instant::now(), 0);
    while calm < 2 && started.elapsed() < patience {
        let before = formwork.server().processor_seconds();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let used = formwork.server().processor_seconds() - before;
        calm = if used < IDLE { calm + 1 } else { 0 };
    }
}

/// One more form with these fields, in the app of the orders; its id.
pub async fn make_form(formwork: &mut Formwork, key: &str, fields: Value) -> String {
    let app = text(&ask(formwork, "GET", "/apps", None).await["items"][0]["id"]);
    let document = json!({"key": key, "label": key, "fields": fields});
    text(&ask(formwork, "POST", &format!("/apps/{app}/forms"), Some(document)).await["id"])
}

/// The answer to a question that is not timed.
pub async fn ask(formwork: &mut Formwork, method: &str, path: &str, body: Option<Value>) -> Value {
    let mut connection = formwork.server().connection().await;
    formwork.call(&mut connection, method, path, body).await
}

/// Sends each request once, by so many clients; how many a second were answered.
async fn once(port: u16, requests: &Arc<Vec<Request>>, clients: usize) -> f64 {
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut sending = Vec::with_capacity(clients);
    for _ in 0..clients {
        let (requests, next) = (requests.clone(), next.clone());
        sending.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await.unwrap();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answer = connection.ask(request).await.unwrap();
                assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            }
        }));
    }
    for client in sending {
        client.await.unwrap();
    }
    requests.len() as f64 / started.elapsed().as_secs_f64()
}

pub async fn publish(formwork: &mut Formwork, form: &str, steps: &Value) {
    let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": steps});
    ask(formwork, "PUT", &format!("/forms/{form}/flow/draft"), Some(flow)).await;
    ask(formwork, "POST", &format!("/forms/{form}/flow/publish"), Some(json!({}))).await;
}

pub fn approve(key: &str, who: Value) -> Value {
    json!({"kind": "approve", "key": key, "label": key, "who": [who]})
}

pub fn field(key: &str, kind: &str) -> Value {
    json!({"key": key, "label": key, "kind": kind})
}
