//! Approvals under load: how fast they are decided, how the inbox of somebody with much to do opens, and what becomes of
//! deadlines that fall due all at once, while others go on saving.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::client::{self, Request};
use crate::figures::{Figure, Goal, Limit, Unit};
use crate::formwork::{Formwork, escaped, text};
use crate::subject::Subject;
use crate::workload::BATCH;
use crate::{Options, median, say};

const COMMAND: &str = "command in a flow of 30 steps";
const APPROVE: &str = "approve, 16 clients";
const INBOX: &str = "inbox, first page";
const DEADLINES: &str = "deadlines due at once";
const MEANWHILE: &str = "update while deadlines are due";

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
    let other = json!({"email": "other@example.com", "name": "Other", "password": "a rather long secret 42"});
    let other = text(&formwork.ask("POST", "/members", Some(other)).await["id"]);
    if is_wanted(APPROVE) {
        say(APPROVE);
        figures.push(approvals(formwork, &other, options.repeats, raw).await);
    }
    if [INBOX, DEADLINES, MEANWHILE].into_iter().any(is_wanted) {
        figures.extend(deadlines(formwork, &other, updates, options.requests).await);
    }
    figures
}

/// The rules alone, in a process of their own.
fn command() -> Figure {
    let program = std::env::current_exe().unwrap().with_file_name("flow_speed");
    let ran =
        Command::new(&program).output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    let nanoseconds: f64 = printed.trim().parse().unwrap_or_else(|_| panic!("{ran:?}"));
    Figure {
        formwork: Some(nanoseconds / 1000.0),
        limit: Limit::At(50.0),
        ..Figure::new(COMMAND, Unit::Microseconds)
    }
}

/// Approvals a second, each of a request of its own, after which somebody else has to decide.
async fn approvals(formwork: &mut Formwork, other: &str, repeats: usize, raw: f64) -> Figure {
    let form = formwork.make_form("approved", json!([field("what", "text")])).await;
    let steps = json!([
        approve("boss", json!({"members": [formwork.owner()]})),
        approve("money", json!({"members": [other]}))
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
        rates.push(client::once(formwork.port(), &requests, CLIENTS).await);
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
    other: &str,
    updates: &Arc<Vec<Request>>,
    requests: u64,
) -> Vec<Figure> {
    let form =
        formwork.make_form("waiting", json!([field("boss", "member"), field("due", "datetime")])).await;
    let mut boss = approve("boss", json!({"field": "boss"}));
    boss["deadlines"] = json!([{"at": {"field": "due"}, "do": "auto_approve"}]);
    publish(formwork, &form, &json!([boss])).await;
    let due = requests / ONE_DUE_OF;
    say(&format!("{requests} requests that wait"));
    let started = Instant::now();
    make(formwork, &form, requests - due, |_| json!({"boss": other, "due": "2099-01-01T00:00:00Z"})).await;
    let pace = started.elapsed().as_secs_f64() / (requests - due) as f64;
    calm(formwork, PATIENCE).await;

    let until_due = Duration::from_secs((2.0 * pace * due as f64) as u64) + BETWEEN;
    let moment = Instant::now() + until_due;
    // A whole second, and none before the moment.
    let at = Timestamp::now().as_second() + until_due.as_secs() as i64 + 1;
    let at = Timestamp::from_second(at).unwrap().to_string();
    let owner = formwork.owner().to_string();
    make(formwork, &form, due, |_| json!({"boss": owner, "due": at})).await;
    calm(formwork, (moment - MEASURING).saturating_duration_since(Instant::now())).await;
    say(INBOX);
    let inbox = look_in(formwork, due).await;
    let port = formwork.port();
    let undisturbed = client::replay(port, updates, 1, UNDISTURBED).await.p50_ms;
    let left = moment.saturating_duration_since(Instant::now());
    assert!(!left.is_zero(), "the deadlines fell due before everything was ready for them");
    tokio::time::sleep(left).await;

    say(DEADLINES);
    let (started, mut disturbed) = (Instant::now(), Vec::new());
    while waiting(formwork).await > 0 {
        assert!(started.elapsed() < PATIENCE, "deadlines that nobody works off");
        disturbed.push(client::replay(port, updates, 1, GLANCE).await.p50_ms);
    }
    let took = started.elapsed().as_secs_f64();
    let disturbed = median(disturbed);
    vec![
        Figure { formwork: Some(inbox), limit: Limit::At(100.0), ..Figure::new(INBOX, Unit::Ms) },
        Figure { formwork: Some(took), limit: Limit::At(60.0), ..Figure::new(DEADLINES, Unit::Seconds) },
        Figure {
            formwork: Some(disturbed),
            ratio: Some(disturbed / undisturbed),
            goal: Some(Goal::Undisturbed(2.0)),
            limit: Limit::Goal,
            ..Figure::new(MEANWHILE, Unit::Ms)
        },
    ]
}

/// Milliseconds until the first page and the counts beside it are there.
async fn look_in(formwork: &Formwork, expected: u64) -> f64 {
    assert_eq!(waiting(formwork).await, expected);
    let questions =
        ["/tasks?box=todo&count=exact", "/tasks/counts"].map(|path| formwork.request("GET", path, None));
    let mut connection = formwork.connection().await;
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
async fn waiting(formwork: &Formwork) -> u64 {
    let page = formwork.ask("GET", "/tasks?box=todo&limit=1&count=exact", None).await;
    page["count"]["value"].as_u64().unwrap()
}

/// The ids of those tasks.
async fn todo(formwork: &Formwork) -> Vec<String> {
    let (mut tasks, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = formwork.ask("GET", &format!("/tasks?box=todo&limit=500{cursor}"), None).await;
        tasks.extend(page["items"].as_array().unwrap().iter().map(|task| text(&task["id"])));
        let Some(next) = page["next"].as_str() else { return tasks };
        cursor = format!("&cursor={}", escaped(next));
    }
}

/// Submits so many requests.
async fn make(formwork: &Formwork, form: &str, count: u64, fields: impl Fn(u64) -> Value) {
    let path = format!("/forms/{form}/records/bulk");
    for first in (0..count).step_by(BATCH as usize) {
        let rows: Vec<Value> = (first..(first + BATCH).min(count))
            .map(|number| {
                let fields = fields(number);
                json!({ "fields": fields })
            })
            .collect();
        formwork.ask("POST", &path, Some(json!({"create": rows, "atomic": true}))).await;
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

async fn publish(formwork: &Formwork, form: &str, steps: &Value) {
    let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": steps});
    formwork.replace(&format!("/forms/{form}/flow/draft"), &flow).await;
    formwork.ask("POST", &format!("/forms/{form}/flow/publish"), Some(json!({}))).await;
}

fn approve(key: &str, who: Value) -> Value {
    json!({"kind": "approve", "key": key, "label": key, "who": [who]})
}

fn field(key: &str, kind: &str) -> Value {
    json!({"key": key, "label": key, "kind": kind})
}
