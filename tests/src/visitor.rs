//! Somebody without an account who has a public link of a form.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::workspace::Form;

/// A public form that somebody has opened.
#[derive(Clone, Debug)]
pub struct Visit {
    pub who: Client,
    pub token: String,
    /// As it came, with its ticket.
    pub form: Value,
}

impl Form {
    /// The administrator makes a public link.
    pub async fn public(&self, link: Value) -> Value {
        self.admin.post(&self.path("/links"), link).await.created()
    }
}

impl Visit {
    /// Opens the form of a link.
    pub async fn open(who: &Client, link: &Value) -> Visit {
        let token = link["token"].as_str().expect("a link has a token").to_owned();
        let form = who.get(&format!("/public/{token}")).await.ok();
        Visit { who: who.stranger(), token, form }
    }

    /// A path below the link.
    pub fn path(&self, rest: &str) -> String {
        format!("/public/{}{rest}", self.token)
    }

    /// A request with the ticket.
    pub fn request(&self, method: Method, rest: &str) -> reqwest::RequestBuilder {
        let ticket = self.form["ticket"].as_str().expect("a form has a ticket");
        self.who.request(method, &self.path(rest)).header("x-ticket", ticket)
    }

    /// Waits as long as a person takes.
    pub async fn wait(&self) {
        let wait = self.form["wait"].as_u64().expect("a form says how long it takes");
        tokio::time::sleep(Duration::from_millis(wait * 1_000 + 100)).await;
    }

    /// Sends an answer at once.
    pub async fn send(&self, fields: Value) -> Answer {
        self.who.send(self.request(Method::POST, "/answers").json(&json!({"fields": fields}))).await
    }

    /// Sends an answer as fast as a person does.
    pub async fn answer(&self, fields: Value) -> Answer {
        self.wait().await;
        self.send(fields).await
    }

    /// What a field offers for what somebody has typed.
    pub async fn choices(&self, field: &str, typed: &str) -> Answer {
        // As an address carries it, whatever it is.
        let typed: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
        self.who.send(self.request(Method::GET, &format!("/fields/{field}/options?q={typed}"))).await
    }

    /// Sends a file.
    pub async fn upload(&self, name: &str, media_type: &str, content: Vec<u8>) -> Answer {
        let disposition = format!("attachment; filename=\"{name}\"");
        let request = self.request(Method::POST, "/files").header("content-type", media_type);
        self.who.send(request.header("content-disposition", disposition).body(content)).await
    }
}
