//! What the server tells those who look on.

use std::time::Duration;

use serde_json::Value;

use crate::client::Client;

/// Long enough for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// A stream of server-sent events.
pub struct News {
    answer: reqwest::Response,
    read: String,
}

impl News {
    pub async fn open(who: &Client, path: &str) -> Self {
        let request = who.request(reqwest::Method::GET, path);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        Self { answer, read: String::new() }
    }

    /// The next event and its data; `None` when the stream has ended, or nothing came for `patience`.
    pub async fn next(&mut self, patience: Duration) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let Some(data) = line("data:") else { continue };
                let name = line("event:").unwrap_or_default().to_owned();
                return Some((name, serde_json::from_str(data).unwrap()));
            }
            let chunk = tokio::time::timeout(patience, self.answer.chunk()).await.ok()?.unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event of a kind, which has to come.
    pub async fn hears(&mut self, kind: &str) -> Value {
        loop {
            let (name, data) = self.next(PATIENCE).await.expect("there is news");
            if name == kind {
                return data;
            }
        }
    }

    /// Longer than the server takes news of records together.
    pub async fn hears_nothing(&mut self) {
        assert_eq!(self.next(Duration::from_millis(600)).await, None);
    }

    /// The server ends the stream, and tells nothing more before.
    pub async fn ends(&mut self) {
        let end = async { while self.answer.chunk().await.unwrap().is_some() {} };
        tokio::time::timeout(PATIENCE, end).await.expect("the stream ends");
    }
}
