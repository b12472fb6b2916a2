//! What stories work with: a workspace with its administrator, the people and the apps that a story makes in it.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::design::{Design, Group};
use crate::server::ADMIN_PASSWORD;

/// An id that nothing has.
pub const UNKNOWN: &str = "0sbqd00000001";

static PEOPLE: AtomicU32 = AtomicU32::new(0);

/// A workspace seen by its administrator.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub admin: Client,
}

/// A member who has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub email: String,
    client: Client,
}

impl std::ops::Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Workspace {
    /// Adds a member, under an address that nobody else has, and signs in as that member.
    pub async fn person(&self, name: &str) -> Person {
        let email = format!("{name}-{}@example.com", PEOPLE.fetch_add(1, Ordering::Relaxed));
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD});
        let member = self.admin.post("/members", member).await.created();
        let mut client = self.admin.stranger();
        client.sign_in(&email, ADMIN_PASSWORD).await.ok();
        Person { id: id_of(&member), email, client }
    }

    pub async fn app(&self, label: &str) -> App {
        let app = self.admin.post("/apps", json!({"label": label})).await.created();
        App { id: id_of(&app), key: app["key"].as_str().unwrap().to_owned(), admin: self.admin.clone() }
    }

    /// A form alone in an app of its own.
    pub async fn form(&self, design: Design) -> Form {
        self.app("Story").await.form(design).await
    }
}

/// An app, seen by its administrator.
#[derive(Clone, Debug)]
pub struct App {
    pub id: String,
    pub key: String,
    admin: Client,
}

impl App {
    pub fn path(&self, rest: &str) -> String {
        format!("/apps/{}{rest}", self.id)
    }

    /// Publishes a form.
    pub async fn form(&self, design: Design) -> Form {
        let form = self.admin.post(&self.path("/forms"), design.document()).await.created();
        Form { id: id_of(&form), admin: self.admin.clone() }
    }

    /// Tries to publish a form that should be refused; gives the problem.
    pub async fn refused_form(&self, design: Design) -> Answer {
        self.admin.post(&self.path("/forms"), design.document()).await
    }

    /// Makes an aggregate table and gives its id.
    pub async fn aggregate(&self, document: Value) -> String {
        id_of(&self.admin.post(&self.path("/aggregates"), document).await.created())
    }
}

/// A published form, seen by its app's administrator.
#[derive(Clone, Debug)]
pub struct Form {
    pub id: String,
    pub admin: Client,
}

impl Form {
    /// A path below the form.
    pub fn path(&self, rest: &str) -> String {
        format!("/forms/{}{rest}", self.id)
    }

    /// The path of a record.
    pub fn at(&self, record: &Value) -> String {
        self.path(&format!("/records/{}", id_of(record)))
    }

    /// Somebody creates a record.
    pub async fn create(&self, who: &Client, fields: Value) -> Answer {
        who.post(&self.path("/records"), json!({"fields": fields})).await
    }

    /// The administrator adds a record.
    pub async fn add(&self, fields: Value) -> Value {
        self.create(&self.admin, fields).await.created()
    }

    /// The administrator adds many records at once.
    pub async fn add_all(&self, rows: impl IntoIterator<Item = Value>) -> Vec<String> {
        let rows: Vec<_> = rows.into_iter().map(|fields| json!({"fields": fields})).collect();
        let answer = self.admin.post(&self.path("/records/bulk"), json!({"create": rows})).await.ok();
        answer["results"].as_array().unwrap().iter().map(id_of).collect()
    }

    /// Somebody changes fields of a record that they have just seen.
    pub async fn edit(&self, who: &Client, seen: &Value, fields: Value) -> Answer {
        who.patch(&self.at(seen), version_of(seen), json!({"fields": fields})).await
    }

    /// The record as somebody sees it now.
    pub async fn read(&self, who: &Client, record: &Value) -> Answer {
        who.get(&self.at(record)).await
    }

    pub async fn query(&self, who: &Client, query: Value) -> Answer {
        who.post(&self.path("/records/query"), query).await
    }

    /// Adds up records.
    pub async fn add_up(&self, who: &Client, asked: Value) -> Answer {
        who.post(&self.path("/aggregate"), asked).await
    }

    /// Gives people rights.
    pub async fn allow(&self, group: Group) {
        self.admin.post(&self.path("/permissions"), group.document()).await.created();
    }

    /// Publishes a flow of these steps.
    pub async fn flow(&self, steps: Value) {
        self.flow_with(
            json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": steps}),
        )
        .await;
    }

    /// Publishes a whole Flow document.
    pub async fn flow_with(&self, document: Value) {
        self.admin.put(&self.path("/flow/draft"), "*", document).await.ok();
        self.admin.post(&self.path("/flow/publish"), json!({})).await.ok();
    }

    /// Adds a field to the published form and publishes it again.
    pub async fn extend(&self, edits: Value) {
        let draft = self.admin.get(&self.path("/draft")).await.ok();
        let edits = json!({"base": draft["base"], "edits": edits});
        self.admin.post(&self.path("/draft/edits"), edits).await.ok();
        self.admin.post(&self.path("/publish"), json!({})).await.ok();
    }
}

/// The id of a thing.
#[track_caller]
pub fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id in {thing}")).to_owned()
}

#[track_caller]
pub fn version_of(record: &Value) -> i64 {
    record["version"].as_i64().unwrap_or_else(|| panic!("no version in {record}"))
}

/// The values of one field, in the order of a list's items.
#[track_caller]
pub fn values_of<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    items(list).iter().map(|record| record["fields"][field].as_str().unwrap_or("")).collect()
}

/// The items of a list.
#[track_caller]
pub fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("no items in {list}"))
}

/// What is wrong, as `path: code`.
#[track_caller]
pub fn faults(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors in {problem}"));
    let text = |error: &Value, member: &str| error[member].as_str().unwrap_or_default().to_owned();
    for error in errors {
        assert!(!text(error, "message").is_empty(), "no message in {problem}");
    }
    errors.iter().map(|error| format!("{}: {}", text(error, "path"), text(error, "code"))).collect()
}
