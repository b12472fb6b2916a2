//! Approval flows as the people in them meet them.

mod acting;
mod ahead;
mod at_once;
mod children;
mod circles;
mod deciding;
mod delegating;
mod deletion;
mod designing;
mod figures;
mod going_back;
mod inbox;
mod linking;
mod logged;
mod meeting;
mod moving;
mod notices;
mod refusing;
mod saying;
mod seeing;
mod sending;
mod starting;
mod trying;
mod waiting;
mod ways;

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{form, group, number, serial, text};
use tests::workspace::{id_of, items};
use tests::{Client, Form, Person, Workspace};

/// A request for money by `mei`, with whatever flow a story gives it.
struct Requests {
    form: Form,
    mei: Person,
    one: Person,
    two: Person,
    three: Person,
}

async fn requests(workspace: &Workspace) -> Requests {
    let request = form(
        "request",
        [serial("no", "R-"), text("what").required(), number("amount", 2), text("note"), number("cost", 2)],
    );
    let form = workspace.form(request.with("title", "{what}")).await;
    let mei = workspace.person("mei").await;
    form.allow(group("askers", &[&mei.id])).await;
    let (one, two, three) =
        (workspace.person("one").await, workspace.person("two").await, workspace.person("three").await);
    Requests { form, mei, one, two, three }
}

impl Requests {
    async fn ask(&self, amount: i64) -> Value {
        self.form.create(&self.mei, json!({"what": "Chairs", "amount": amount, "cost": 1})).await.created()
    }

    async fn instance(&self, record: &Value) -> Value {
        self.mei.get(&format!("/instances/{}", record["instance"]["id"].as_str().unwrap())).await.ok()
    }

    async fn state(&self, record: &Value) -> (String, Vec<String>) {
        let instance = self.instance(record).await;
        let steps =
            instance["steps"].as_array().unwrap().iter().map(|step| step.as_str().unwrap().to_owned());
        (instance["state"].as_str().unwrap().to_owned(), steps.collect())
    }
}

/// The ids of the tasks that wait for somebody.
async fn todo(who: &Client) -> Vec<String> {
    items(&who.get("/tasks?box=todo").await.ok()).iter().map(id_of).collect()
}

/// The only task that waits for somebody.
async fn task(who: &Client) -> String {
    let mut waiting = todo(who).await;
    assert_eq!(waiting.len(), 1, "one task");
    waiting.remove(0)
}

async fn act(who: &Client, task: &str, action: &str, body: Value) -> tests::Answer {
    who.post(&format!("/tasks/{task}/{action}"), body).await
}

fn state(record: &Value) -> (&str, Vec<&str>) {
    let instance = &record["instance"];
    (
        instance["state"].as_str().unwrap(),
        instance["steps"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect(),
    )
}

/// Waits until something is so, for what happens at its time or beside a request.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    const TRIES: usize = 800;
    for _ in 0..TRIES {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: not within forty seconds");
}

/// The lines of an instance's log that tell of this action.
fn lines<'i>(instance: &'i Value, action: &str) -> Vec<&'i Value> {
    let log = instance["log"].as_array().unwrap();
    log.iter().filter(|line| line["action"] == action).collect()
}
