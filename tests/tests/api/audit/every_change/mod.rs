//! Every change leaves an entry: the table of routes is gone through, each route that is not for reading is asked for something
//! right, and what was done is looked for in the trail by its request. What leaves none is on a list, with the reason.

mod designs;
mod people;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Answer;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::items;
use tests::{Client, Database, MailCatcher, Server, Workspace};

/// Where the routes are declared: none may be forgotten.
const ROUTES: &str = include_str!("../../../../../server/src/api/routes.rs");

/// What changes nothing that anybody would ask about later, each with the reason.
const LEAVES_NONE: [(&str, &str); 43] = [
    ("POST /forms/{form}/evaluate", "a question that is too long for an address"),
    ("POST /forms/{form}/flow/ahead", "a question that is too long for an address"),
    ("POST /forms/{form}/records/query", "a question that is too long for an address"),
    ("POST /forms/{form}/aggregate", "a question that is too long for an address"),
    ("POST /aggregates/{id}/records", "a question that is too long for an address"),
    ("POST /reports/{key}/run", "a question that is too long for an address"),
    ("POST /reports/{key}/records", "a question that is too long for an address"),
    ("POST /dashboards/{id}/tiles/{key}/data", "a question that is too long for an address"),
    ("POST /dashboards/{id}/tiles/{key}/records", "a question that is too long for an address"),
    ("POST /sounds", "a question that is too long for an address"),
    ("POST /auth/invitation", "it shows who is invited by a link"),
    ("POST /members/import/preview", "a preview"),
    ("POST /forms/{form}/import/preview", "a preview"),
    ("POST /forms/{form}/publish/preview", "a preview"),
    ("POST /forms/{form}/permissions/preview", "a preview"),
    ("POST /forms/{form}/permissions/dry-run", "a dry run"),
    ("POST /roles/{id}/dry-run", "a dry run"),
    ("POST /members/{id}/dry-run", "a dry run"),
    ("POST /apps/{app}/forms/propose", "a proposal: nothing is kept of it"),
    ("POST /forms/{form}/flow/simulate", "a dry run"),
    ("POST /forms/{form}/flow/coverage", "a dry run"),
    ("POST /forms/{form}/flow/try-condition", "a dry run"),
    ("POST /apps/{app}/aggregates/verify", "it compares, and mends nothing"),
    ("POST /aggregates/{id}/verify", "it compares, and mends nothing"),
    ("POST /aggregates/{id}/as-of", "it computes what was, and keeps nothing"),
    ("PUT /forms/{form}/entries/{id}", "what somebody has typed and not saved is theirs alone"),
    ("DELETE /forms/{form}/entries/{id}", "what somebody has typed and not saved is theirs alone"),
    ("POST /apps/{app}/try-script", "a trial, of which nothing stays"),
    ("POST /apps/{app}/scripts/{key}/test", "trials, of which nothing stays"),
    (
        "POST /calls/{id}/retry",
        "it sends once more what a decision has sent; each try is told beside the call",
    ),
    ("PUT /me/app-order", "a member's own order, which nobody else sees"),
    ("PUT /me/put-away", "the hints that a member does not want to see any more"),
    ("POST /favourites", "a member's own order, which nobody else sees"),
    ("DELETE /favourites/{id}", "a member's own order, which nobody else sees"),
    ("POST /phrases", "a member's own words, which nobody else sees before they are said"),
    ("DELETE /phrases/{id}", "a member's own words, which nobody else sees before they are said"),
    ("POST /notices/read", "what a member has read of what they were told"),
    ("PUT /notices/settings", "how a member wants to be told"),
    ("POST /files", "it belongs to nothing until a change holds it, which leaves an entry"),
    ("POST /public/{token}/open", "it shows what a public link opens to who knows its password"),
    ("POST /public/{token}/files", "it belongs to nothing until an answer holds it, which leaves an entry"),
    ("POST /auth/confirm", "who is signed in shows it once more; a wrong password leaves an entry"),
    ("POST /auth/second-factor", "a secret that is asked for only once it is enabled, which leaves an entry"),
];

/// What has been asked, and what was wrong with it.
pub struct Trail {
    pub admin: Client,
    /// Who that is.
    me: String,
    asked: Mutex<BTreeSet<String>>,
    wrong: Mutex<BTreeMap<String, String>>,
}

impl Trail {
    /// The administrator changes something; `parts` are put into the path in their order. Gives the answer, or the job that it
    /// began as it ended.
    pub async fn change(&self, route: &str, parts: &[&str], body: Value) -> Value {
        let answer = ask(&self.admin, route, parts, body).await;
        self.look(route, answer, Some(&self.me)).await
    }

    /// As [`Trail::change`], by somebody else.
    pub async fn by(&self, who: &Client, route: &str, parts: &[&str], body: Value) -> Value {
        let answer = ask(who, route, parts, body).await;
        self.look(route, answer, None).await
    }

    /// As [`Trail::change`], with what the administrator was answered.
    pub async fn see(&self, route: &str, answer: Answer) -> Value {
        self.look(route, answer, Some(&self.me)).await
    }

    /// As [`Trail::see`], of somebody whom nobody knows.
    pub async fn see_of_a_stranger(&self, route: &str, answer: Answer) -> Value {
        self.look(route, answer, None).await
    }

    /// Looks for what an answer tells of, and who did it where that is known.
    async fn look(&self, route: &str, answer: Answer, who: Option<&str>) -> Value {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(route.to_owned());
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        if !(200..300).contains(&answer.status) {
            self.is_wrong(route, format!("{} {text}", answer.status));
            return Value::Null;
        }
        let request = answer.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let Some(request) = request else {
            self.is_wrong(route, "the answer does not say which request it is".to_owned());
            return answer.body;
        };
        let came = match answer.status {
            202 => self.admin.job(answer).await,
            _ => answer.body,
        };
        if came["state"] == "failed" {
            self.is_wrong(route, came.to_string());
        }
        if let Err(told) = self.entry(&request, who).await {
            self.is_wrong(route, told);
        }
        came
    }

    /// Whether the trail has a whole entry of a request. Some are written when the answer is out.
    async fn entry(&self, request: &str, who: Option<&str>) -> Result<(), String> {
        let mut newest = Value::Null;
        for _ in 0..30 {
            let list = self.admin.get("/audit?limit=200").await.ok();
            let found = items(&list).iter().find(|entry| entry["request_id"] == request);
            if let Some(entry) = found {
                let has = |member: &str| entry[member].as_str().is_some_and(|text| !text.is_empty());
                let is_whole = ["who", "path", "ip", "action"].into_iter().all(has);
                let is_theirs = who.is_none_or(|who| entry["who"] == who);
                return if is_whole && is_theirs { Ok(()) } else { Err(format!("half an entry: {entry}")) };
            }
            newest = items(&list).first().cloned().unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("no entry of it; the newest is {newest}"))
    }

    fn is_wrong(&self, route: &str, told: String) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).entry(route.to_owned()).or_insert(told);
    }
}

/// Asks for what a route is there for.
async fn ask(who: &Client, route: &str, parts: &[&str], body: Value) -> Answer {
    let (method, pattern) = route.split_once(' ').unwrap();
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = who.request(method, &filled(pattern, parts)).header("if-match", "*");
    let request = if body.is_null() { request } else { request.json(&body) };
    who.send(request).await
}

/// A pattern with parts in the places of its names.
fn filled(pattern: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let named = pattern.split('/').map(|part| match part.starts_with('{') {
        true => *parts.next().unwrap_or_else(|| panic!("{pattern} has more names")),
        false => part,
    });
    let path = named.collect::<Vec<_>>().join("/");
    assert!(parts.next().is_none(), "{pattern} has fewer names");
    path
}

/// The id of what came; nothing where it was refused, which is told at the end.
pub fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or("0sbqd00000001").to_owned()
}

/// The routes that are not for reading, as `METHOD PATH` below `/api/v1`.
fn routes() -> BTreeSet<String> {
    let lines = ROUTES.lines().map(str::trim);
    let routes = lines.filter_map(|line| {
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let path = rest.trim().strip_prefix("\"/api/v1")?.split('"').next()?;
        ["POST", "PUT", "PATCH", "DELETE"].contains(&method).then(|| format!("{method} {path}"))
    });
    routes.collect()
}

/// The list says nothing of what is not there, and everything once.
#[test]
fn what_leaves_no_entry_is_there_and_has_its_reason() {
    let routes = routes();
    assert!(routes.len() > 100, "{routes:?}");
    let mut named = BTreeSet::new();
    for (route, reason) in LEAVES_NONE {
        assert!(routes.contains(route), "{route} is not there any more");
        assert!(!reason.is_empty() && named.insert(route), "{route}");
    }
}

#[tokio::test]
async fn c27_every_change_leaves_an_entry() {
    for database in [Database::Sqlite, Database::Postgres] {
        eprintln!("on {database:?}");
        let mail = MailCatcher::start().await;
        let options = ["--base-url", people::BASE, "--smtp", mail.url(), "--mail-from", "F <f@example.com>"];
        let server = Server::start_with(database, &options).await;
        let admin = server.set_up().await;
        let me = id(&admin.get("/me").await.ok());
        let trail = Trail { admin: admin.clone(), me, asked: Mutex::default(), wrong: Mutex::default() };
        // Whoever set it up could not be asked by the administrator: there was none.
        let first = admin.get("/audit?action=member.create").await.ok();
        let first = items(&first).last().cloned().unwrap_or_default();
        assert!(first["request_id"].is_string() && first["ip"].is_string(), "{first}");
        trail.asked.lock().unwrap().insert("POST /setup".to_owned());

        let workspace = Workspace { admin };
        people::change(&trail, &server, &mail).await;
        designs::change(&trail, &workspace).await;
        records::change(&trail, &workspace).await;

        let wrong = trail.wrong.into_inner().unwrap();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let asked = trail.asked.into_inner().unwrap();
        let leaves_none = |route: &str| LEAVES_NONE.iter().any(|(named, _)| *named == route);
        let forgotten: Vec<String> =
            routes().into_iter().filter(|route| !asked.contains(route) && !leaves_none(route)).collect();
        assert!(forgotten.is_empty(), "ask for them here, or say why they leave no entry: {forgotten:?}");
        let both: Vec<&String> = asked.iter().filter(|route| leaves_none(route)).collect();
        assert!(both.is_empty(), "they leave an entry: {both:?}");
        server.close().await;
    }
}

/// Who signs in at the same server once more.
async fn once_more(server: &Server) -> Client {
    server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await
}

/// No body.
const NOTHING: Value = Value::Null;

/// An empty body.
fn empty() -> Value {
    json!({})
}
