//! Another system that sends messages to an inbound hook of a form.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE64;
use reqwest::{Method, RequestBuilder};
use ring::hmac;
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::workspace::Form;

static NAMES: AtomicU32 = AtomicU32::new(1);

/// A system that knows the address of a hook and its secret.
#[derive(Clone, Debug)]
pub struct Sender {
    pub who: Client,
    pub token: String,
    pub secret: String,
}

impl Form {
    /// The administrator makes an inbound hook; its secret is in what comes back.
    pub async fn hook(&self, hook: Value) -> Value {
        self.admin.post(&self.path("/hooks"), hook).await.created()
    }

    /// The address of a hook below the form.
    pub fn hook_path(&self, hook: &Value) -> String {
        self.path(&format!("/hooks/{}", hook["id"].as_str().expect("a hook has an id")))
    }
}

/// Seconds of now, with as many added.
pub fn seconds(more: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_secs();
    (i64::try_from(now).expect("it is no later than the sun") + more).to_string()
}

/// What Standard Webhooks put into `webhook-signature`.
pub fn signature(secret: &str, (name, at): (&str, &str), body: &str) -> String {
    let key = BASE64.decode(secret.trim_start_matches("whsec_").as_bytes()).expect("a secret is base64");
    let signed = format!("{name}.{at}.{body}");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    format!("v1,{}", BASE64.encode(tag.as_ref()))
}

impl Sender {
    /// Knows what a hook has told when it was made.
    pub fn of(who: &Client, hook: &Value) -> Sender {
        let text = |member: &str| hook[member].as_str().expect("a new hook tells it").to_owned();
        Sender { who: who.stranger(), token: text("token"), secret: text("secret") }
    }

    /// A name that no message has.
    pub fn fresh() -> String {
        format!("msg_{}_{}", std::process::id(), NAMES.fetch_add(1, Ordering::Relaxed))
    }

    /// A message without anything that shows where it comes from.
    pub fn unproven(&self, body: &Value) -> RequestBuilder {
        // As programs send it: they say nothing of a page that they are on.
        reqwest::Client::new()
            .request(Method::POST, format!("{}/api/v1/hooks/{}", self.who.url(), self.token))
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// A message that is signed at a time.
    pub fn signed(&self, (name, at): (&str, &str), body: &Value) -> RequestBuilder {
        let signature = signature(&self.secret, (name, at), &body.to_string());
        self.unproven(body)
            .header("webhook-id", name)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature)
    }

    /// Sends a signed message under a name.
    pub async fn send_as(&self, name: &str, body: Value) -> Answer {
        self.who.send(self.signed((name, &seconds(0)), &body)).await
    }

    /// Sends a signed message.
    pub async fn send(&self, body: Value) -> Answer {
        self.send_as(&Sender::fresh(), body).await
    }

    /// Sends a signed message that answers a call to which so many have led.
    pub async fn send_after(&self, hops: &str, body: Value) -> Answer {
        let request = self.signed((&Sender::fresh(), &seconds(0)), &body).header("formwork-hops", hops);
        self.who.send(request).await
    }

    /// Sends a message with the secret in its header.
    pub async fn bring(&self, body: Value) -> Answer {
        self.who.send(self.unproven(&body).header("authorization", format!("Bearer {}", self.secret))).await
    }
}
