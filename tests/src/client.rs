//! A client of the HTTP API: a session or a token, JSON in and out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, SET_COOKIE};
use serde_json::{Value, json};

static KEYS: AtomicU64 = AtomicU64::new(0);

/// Somebody who calls the API. Cheap to clone; a clone shares the session.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    /// `Cookie` or `Authorization`, with its value.
    identity: Option<(&'static str, String)>,
    language: &'static str,
    /// Whether it comes again when the server is busy with what others have it do.
    is_patient: bool,
}

/// How often a patient client comes again.
const AGAIN: usize = 5;

impl Client {
    /// Nobody yet, at `http://127.0.0.1:PORT`.
    pub fn new(url: &str) -> Self {
        // The server closes idle connections when it is killed; a test must not find an old one in a pool.
        let http = reqwest::Client::builder().pool_idle_timeout(Duration::from_secs(5)).build().unwrap();
        Self { http, url: url.to_owned(), identity: None, language: "en", is_patient: false }
    }

    /// Somebody else, not signed in.
    pub fn stranger(&self) -> Self {
        Self { is_patient: self.is_patient, ..Self::new(&self.url).speaking(self.language) }
    }

    /// The same caller, who comes again as `Retry-After` says where the server is busy: for stories that share it with others.
    pub fn patient(&self) -> Self {
        Self { is_patient: true, ..self.clone() }
    }

    /// The same caller with connections of its own.
    pub fn reconnected(&self) -> Self {
        Self { identity: self.identity.clone(), ..self.stranger() }
    }

    /// The address of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same caller on a server that was started again.
    pub fn moved_to(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// The same caller, answered in another language.
    pub fn speaking(&self, language: &'static str) -> Self {
        Self { language, ..self.clone() }
    }

    /// A caller with an API token.
    pub fn with_token(url: &str, token: &str) -> Self {
        Self { identity: Some(("authorization", format!("Bearer {token}"))), ..Self::new(url) }
    }

    /// Signs in; later calls carry the session's cookie.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.sign_in_by(json!({"email": email, "password": password})).await
    }

    /// As [`Client::sign_in`], with a code for the second step.
    pub async fn sign_in_with(&mut self, email: &str, password: &str, code: &str) -> Answer {
        self.sign_in_by(json!({"email": email, "password": password, "code": code})).await
    }

    /// The same caller with this cookie, `NAME=VALUE`.
    pub fn with_cookie(url: &str, cookie: &str) -> Self {
        Self { identity: Some(("cookie", cookie.to_owned())), ..Self::new(url) }
    }

    async fn sign_in_by(&mut self, body: Value) -> Answer {
        let answer = self.post("/auth/login", body).await;
        let cookies = answer.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let pairs: Vec<_> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        if answer.status < 300 {
            assert!(!pairs.is_empty(), "signing in set no cookie");
            self.identity = Some(("cookie", pairs.join("; ")));
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A list as a whole: its pages one after the other.
    pub async fn whole(&self, path: &str) -> Value {
        let (mut all, mut from) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}?limit=500{from}")).await.ok();
            all.extend(page["items"].as_array().expect("a list").clone());
            match page["next"].as_str() {
                Some(next) => from = format!("&cursor={next}"),
                None => return json!({"items": all}),
            }
        }
    }

    /// POST with an idempotency key of its own.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let key = format!("test-{}-{}", std::process::id(), KEYS.fetch_add(1, Ordering::Relaxed));
        self.post_once(path, &key, body).await
    }

    /// POST with a given idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("idempotency-key", key).json(&body)).await
    }

    /// PATCH of the version that the caller saw.
    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).header("if-match", format!("\"{version}\"")).json(&body))
            .await
    }

    pub async fn put(&self, path: &str, if_match: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).header("if-match", if_match).json(&body)).await
    }

    pub async fn delete(&self, path: &str, version: i64) -> Answer {
        self.send(self.request(Method::DELETE, path).header("if-match", format!("\"{version}\""))).await
    }

    /// Uploads a file and gives its id.
    pub async fn upload(&self, name: &str, media_type: &str, content: Vec<u8>) -> String {
        let disposition = format!("attachment; filename=\"{name}\"");
        let request = self.request(Method::POST, "/files").header("content-type", media_type);
        let answer = self.send(request.header("content-disposition", disposition).body(content)).await;
        answer.created()["id"].as_str().expect("a file has an id").to_owned()
    }

    /// Waits for a job, given the answer that named it, and gives the job as it ended.
    pub async fn job(&self, started: Answer) -> Value {
        let started = started.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().expect("the answer names a job"));
        for _ in 0..1200 {
            let job = self.get(&path).await.ok();
            match job["state"].as_str() {
                Some("queued" | "running") => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => return job,
            }
        }
        panic!("{path} did not end within a minute");
    }

    /// A request with this caller's identity, for headers and bodies that the methods above have not.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.url))
            .header("accept-language", self.language)
            // What a browser says of a call by our own pages.
            .header("origin", &self.url)
            .header("sec-fetch-site", "same-origin");
        if let Some((header, value)) = &self.identity {
            request = request.header(*header, value);
        }
        request
    }

    /// Sends a request as it is, such as one whose headers no page of ours would send.
    pub async fn execute(&self, request: reqwest::Request) -> Answer {
        self.send(reqwest::RequestBuilder::from_parts(self.http.clone(), request)).await
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_send(request).await.expect("the server answers")
    }

    /// For tests in which the server dies: no answer is an answer too.
    pub async fn try_send(&self, mut request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let mut left = if self.is_patient { AGAIN } else { 0 };
        loop {
            let again = request.try_clone().filter(|_| left > 0);
            let answer = read(request.send().await?).await?;
            match again {
                Some(again) if answer.is_busy() => request = again,
                _ => return Ok(answer),
            }
            left -= 1;
            eprintln!("the server is busy with what others have it do");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn read(answer: reqwest::Response) -> Result<Answer, reqwest::Error> {
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.bytes().await?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Answer { status, headers, body, bytes: bytes.to_vec() })
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as JSON; null when it is none.
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self.body
    }

    /// The body of a 201.
    #[track_caller]
    pub fn created(self) -> Value {
        self.with_status(201)
    }

    #[track_caller]
    pub fn with_status(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.body
    }

    /// The problem document of a refusal with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text());
        self.body
    }

    fn is_busy(&self) -> bool {
        (self.status, self.body["code"].as_str()) == (503, Some("busy"))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}
