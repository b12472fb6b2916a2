//! The OpenAPI document taken at its word: every operation is asked by every role, with requests made from its own
//! description, right ones and spoiled ones. No answer is the server's fault, none has a status that is not described, none
//! is a long error or tells what is inside, and what is answered well has the form that is described.

mod answers;
mod requests;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use tests::dice::seed_of_this_run;
use tests::{Client, Dice, Workspace, on_both, together};

use answers::{Came, Judge};
use requests::{Generator, Operation, Request, Sent};

use crate::canary::world::{Canary, World};

/// Requests to an operation by each of six roles, unless `FORMWORK_API_CASES` says otherwise: more than fifty for each operation.
const CASES: usize = 9;
/// Operations that are asked at once.
const AT_ONCE: usize = 4;

/// Streams have no end, and a story of events tells of them.
fn is_asked(operation: &Operation) -> bool {
    !operation.path.ends_with("/events")
}

fn cases() -> usize {
    std::env::var("FORMWORK_API_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

/// The operations, those last after which little is left.
fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, described) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters")
        {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            operations.push(Operation { method, path: path.clone(), described: described.clone() });
        }
    }
    operations.retain(is_asked);
    operations.sort_by_key(Operation::ruins);
    operations
}

/// Who asks, and about which world: who may break much has one of their own.
struct Role {
    name: &'static str,
    who: Client,
    http: reqwest::Client,
    world: usize,
}

async fn roles(workspace: &Workspace, worlds: &[World]) -> Vec<Role> {
    let (admin, url) = (&workspace.admin, workspace.admin.url());
    let token = worlds[0].mei.post("/tokens", json!({"name": "reader", "scopes": ["read"]})).await.created();
    let designer = workspace.person("designer").await;
    let app = format!("/apps/{}", worlds[1].apps[0]);
    let admins = admin.request(Method::PATCH, &app).header("if-match", "*");
    admin.send(admins.json(&json!({"admins": [{"members": [designer.id]}]}))).await.ok();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let role = |name, who: Client, world| Role { name, who, http: http.clone(), world };
    vec![
        role("nobody", admin.stranger(), 0),
        role("a member of no group", (*worlds[0].tom).clone(), 0),
        role("a program", Client::with_token(url, token["token"].as_str().unwrap()), 0),
        role("a member who sees some", (*worlds[0].mei).clone(), 0),
        role("an app's administrator", (*designer).clone(), 1),
        role("an administrator", admin.clone(), 2),
    ]
}

#[tokio::test]
async fn what_the_api_says_of_itself_holds_for_each_role() {
    let (seed, wanted) = (seed_of_this_run(), cases());
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let mut dice = Dice::new(seed);
        let mut worlds = Vec::new();
        // All of them first: nobody signs in any more once signing in was tried out of all measure.
        for _ in 0..3 {
            let canary = Canary::new(&mut dice);
            worlds.push(World::new(&workspace, &canary).await);
        }
        let document = workspace.admin.get("/openapi.json").await.ok();
        let operations = operations(&document);
        assert!(operations.len() > 150, "{}", operations.len());
        let mut judge = Judge::new(&document);
        let (mut wrong, mut statuses) = (BTreeMap::new(), BTreeMap::<u16, usize>::new());
        let mut answered = BTreeSet::new();
        for role in roles(&workspace, &worlds).await {
            let generator = Generator::new(&document, &worlds[role.world]);
            for some in operations.chunks(AT_ONCE) {
                for _ in 0..wanted {
                    let requests: Vec<Request> =
                        some.iter().map(|operation| generator.request(&mut dice, operation)).collect();
                    let asked = some.iter().zip(&requests);
                    let came =
                        together(asked.map(|(operation, request)| ask(&role, operation, request))).await;
                    for ((operation, request), came) in some.iter().zip(&requests).zip(came) {
                        *statuses.entry(came.status).or_default() += 1;
                        if came.status < 400 {
                            answered.insert(operation.name());
                        }
                        if let Err(told) = judge.judge(operation, &came) {
                            let place = format!("{} by {}: {told}", operation.name(), role.name);
                            let said =
                                String::from_utf8_lossy(&came.bytes).chars().take(600).collect::<String>();
                            wrong.entry(place).or_insert(format!("{request:?} gives {} {said}", came.status));
                        }
                    }
                }
            }
        }
        eprintln!("{statuses:?}; {} of {} operations answered well", answered.len(), operations.len());
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Nothing is shown where all is refused.
        assert!(answered.len() * 3 > operations.len(), "{answered:?}");
        let all: usize = statuses.values().sum();
        let busy = statuses.get(&503).copied().unwrap_or_default();
        assert!(busy * 100 <= all, "{busy} of {all} were told to come again");
    })
    .await;
}

async fn ask(role: &Role, operation: &Operation, request: &Request) -> Came {
    let url = format!("{}{}", role.who.url(), request.path);
    let mut sent = role.who.request(operation.method.clone(), "");
    if let Some(version) = request.if_match {
        sent = sent.header("if-match", version);
    }
    if let Some(key) = &request.key {
        sent = sent.header("idempotency-key", key);
    }
    sent = match &request.sent {
        Sent::Nothing => sent,
        Sent::Json(body) => sent.json(body),
        Sent::Raw(kind, bytes) => sent.header("content-type", *kind).body(bytes.clone()),
    };
    let mut sent = sent.build().unwrap();
    *sent.url_mut() = url.parse().unwrap();
    let place = format!("{} {request:?} by {}", operation.name(), role.name);
    // A connection that the server closes while something is on its way on it is one that nobody has used: once more.
    let again = sent.try_clone();
    let answer = match (role.http.execute(sent).await, again) {
        (Err(error), Some(again)) if error.is_request() => role.http.execute(again).await,
        (answer, _) => answer,
    };
    let answer = answer.unwrap_or_else(|error| panic!("{place}: {error}"));
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap_or_else(|error| panic!("{place}: {error}"));
    Came { status, headers, bytes: bytes.to_vec() }
}
