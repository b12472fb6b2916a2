//! The product's HTTP API, as far as the commands use it: they do nothing that a third party could not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder};

static CALLS: AtomicU64 = AtomicU64::new(0);

/// A caller, signed in or not.
pub struct Api {
    agent: Agent,
    url: String,
    language: String,
    cookie: Option<String>,
}

impl Api {
    pub fn new(url: &str, language: &str) -> Self {
        // A problem is an answer to read, not a failure of the transport.
        let agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        Self { agent, url: url.to_owned(), language: language.to_owned(), cookie: None }
    }

    pub fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(self.address(path)).header("accept-language", &self.language);
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        body(path, request.call()?)
    }

    pub fn post(&self, path: &str, content: &Value) -> Result<Value> {
        body(path, self.send(path, content)?)
    }

    /// Sends a file for a record; the answer says its id.
    pub fn upload(&self, name: &str, media_type: &str, bytes: &[u8]) -> Result<Value> {
        let request = self.request("/files").header("content-type", media_type);
        let request = request.header("content-disposition", format!("attachment; filename=\"{name}\""));
        body("/files", request.send(bytes)?)
    }

    pub fn sign_in(&mut self, email: &str, password: &str) -> Result<()> {
        let answer = self.send("/auth/login", &json!({"email": email, "password": password}))?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let pairs: Vec<_> =
            cookies.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect();
        body("/auth/login", answer)?;
        self.cookie = Some(pairs.join("; "));
        Ok(())
    }

    /// Waits for the job that an answer names, showing how far it is, and gives its result.
    pub fn job(&self, started: &Value, what: &str) -> Result<Value> {
        let id = started["job"].as_str().context("the server named no job")?;
        let style = ProgressStyle::with_template("    {msg} {bar:24} {pos}/{len}")?;
        let bar = ProgressBar::new(0).with_message(what.to_owned()).with_style(style);
        loop {
            let job = self.get(&format!("/jobs/{id}"))?;
            let number = |member: &str| job.get(member).and_then(Value::as_u64).unwrap_or_default();
            bar.set_length(number("total"));
            bar.set_position(number("done"));
            match job.get("state").and_then(Value::as_str) {
                Some("queued" | "running") => thread::sleep(Duration::from_millis(150)),
                Some("done") => {
                    bar.finish_and_clear();
                    return Ok(job.get("result").cloned().unwrap_or_default());
                }
                _ => bail!("{what} failed: {}", job.get("problem").unwrap_or(&Value::Null)),
            }
        }
    }

    fn send(&self, path: &str, content: &Value) -> Result<Response<ureq::Body>> {
        Ok(self.request(path).send_json(content)?)
    }

    /// What is asked once, however often it is sent.
    fn request(&self, path: &str) -> RequestBuilder<WithBody> {
        let key = format!("xtask-{}-{}", std::process::id(), CALLS.fetch_add(1, Ordering::Relaxed));
        let mut request = self.agent.post(self.address(path)).header("accept-language", &self.language);
        request = request.header("idempotency-key", &key).header("origin", &self.url);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        request
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }
}

/// The answer's JSON; a problem document becomes an error that says what it says.
fn body(path: &str, mut answer: Response<ureq::Body>) -> Result<Value> {
    let status = answer.status();
    let text = answer.body_mut().with_config().limit(100_000_000).read_to_string()?;
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    if !status.is_success() {
        let say = |member: &str| json.get(member).and_then(Value::as_str);
        let said = say("detail").or_else(|| say("title")).unwrap_or(&text);
        bail!("{path}: {status} {said} {}", json.get("errors").unwrap_or(&Value::Null));
    }
    Ok(json)
}
