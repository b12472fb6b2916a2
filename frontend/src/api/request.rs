//! One call: its method, address, body and conditions, sent and read.

use std::time::Duration;

use gloo_net::http::{Headers, Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::RequestCredentials;

use super::{Problem, connection, problem, session};
use crate::{browser, i18n};

const BASE: &str = "/api/v1";
/// The code of a refusal: the same call came before and is not over.
const IN_PROGRESS: &str = "idempotency_in_progress";
/// After how long such a call is sent again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// A call that is being put together.
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    if_match: Option<String>,
    idempotency_key: Option<String>,
    /// What a visitor with a public link shows.
    ticket: Option<String>,
    /// Whether an ended session is met with the sign-in dialog.
    renews_session: bool,
    /// Whether it goes on until it is answered.
    persists: bool,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Call {
        Call {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            if_match: None,
            idempotency_key: None,
            ticket: None,
            renews_session: true,
            persists: false,
        }
    }

    /// A read. `path` starts after `/api/v1`.
    pub fn get(path: impl Into<String>) -> Call {
        Call::new(Method::GET, path)
    }

    /// A read of what is said about a thing, without the thing.
    pub fn head(path: impl Into<String>) -> Call {
        Call::new(Method::HEAD, path)
    }

    /// A create or an action; carries an idempotency key of its own.
    pub fn post(path: impl Into<String>) -> Call {
        let key = Some(browser::random_key());
        Call { idempotency_key: key, ..Call::new(Method::POST, path) }
    }

    pub fn put(path: impl Into<String>) -> Call {
        Call::new(Method::PUT, path)
    }

    pub fn patch(path: impl Into<String>) -> Call {
        Call::new(Method::PATCH, path)
    }

    pub fn delete(path: impl Into<String>) -> Call {
        Call::new(Method::DELETE, path)
    }

    pub fn query(mut self, name: &'static str, value: impl ToString) -> Call {
        self.query.push((name, value.to_string()));
        self
    }

    /// A JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Call {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// Only if the thing still has this version.
    pub fn if_match(mut self, version: u64) -> Call {
        self.if_match = Some(format!("\"{version}\""));
        self
    }

    /// Whatever the version is now.
    pub fn if_match_any(mut self) -> Call {
        self.if_match = Some("*".to_string());
        self
    }

    /// The key under which the server knows a repetition: keep it over the tries of one submit.
    pub fn idempotency_key(mut self, key: &str) -> Call {
        self.idempotency_key = Some(key.to_string());
        self
    }

    /// What a visitor with a public link was given with the form.
    pub(super) fn ticket(mut self, ticket: &str) -> Call {
        self.ticket = Some(ticket.to_string());
        self
    }

    /// While the server is gone the call waits, and is then sent again until an answer comes. For what carries a key, or the
    /// version that it changes: by these the server knows a repetition, so that nothing is done twice.
    pub fn until_answered(mut self) -> Call {
        self.persists = true;
        self
    }

    /// A 401 is the caller's to handle: signing in itself, and the first question of the page.
    pub(super) fn without_renewal(mut self) -> Call {
        self.renews_session = false;
        self
    }

    /// Sends the call and reads the answer.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Problem> {
        let (status, body, _) = self.whole().await?;
        read(status, &body)
    }

    /// Sends a call whose answer has no body that matters.
    pub async fn send_unit(self) -> Result<(), Problem> {
        self.answer().await.map(|_| ())
    }

    /// Sends the call; the answer with its headers.
    pub async fn send_with_headers<T: DeserializeOwned>(self) -> Result<(T, Headers), Problem> {
        let (status, body, headers) = self.whole().await?;
        Ok((read(status, &body)?, headers))
    }

    /// Sends the call; what the answer's headers say.
    pub async fn send_for_headers(self) -> Result<Headers, Problem> {
        Ok(self.answer().await?.headers())
    }

    /// Sends the call; the bytes of the answer.
    pub async fn send_for_bytes(self) -> Result<Vec<u8>, Problem> {
        self.answer().await?.binary().await.map_err(|_| problem::unreachable())
    }

    /// Sends the call; the answer as the text that it is.
    pub async fn send_for_text(self) -> Result<String, Problem> {
        self.answer().await?.text().await.map_err(|_| problem::unreachable())
    }

    /// Sends the call; the status, the text and the headers of its answer.
    async fn whole(self) -> Result<(u16, String, Headers), Problem> {
        loop {
            let response = self.clone().answer().await?;
            let (status, headers) = (response.status(), response.headers());
            match response.text().await {
                Ok(body) => return Ok((status, body, headers)),
                // The answer broke off; what it says is told again.
                Err(_) if self.persists => {
                    connection::lost();
                    connection::back().await;
                }
                Err(_) => return Err(problem::unreachable()),
            }
        }
    }

    async fn answer(self) -> Result<Response, Problem> {
        loop {
            let Some(response) = self.once().await else {
                connection::lost();
                if self.persists || matches!(self.method, Method::GET | Method::HEAD) {
                    connection::back().await;
                    continue;
                }
                return Err(problem::unreachable());
            };
            connection::held();
            match response.status() {
                200..=299 => return Ok(response),
                401 if self.renews_session => session::renewed().await,
                status => {
                    let later = response.headers().get("retry-after");
                    let problem = problem::read(status, &response.text().await.unwrap_or_default());
                    let problem = problem::come_again(problem, later);
                    if !(self.persists && problem.code == IN_PROGRESS) {
                        return Err(problem);
                    }
                    // The server is still at work with what it got before the connection broke.
                    gloo_timers::future::sleep(ASK_AGAIN).await;
                }
            }
        }
    }

    /// One try; `None` when there was no answer.
    async fn once(&self) -> Option<Response> {
        let mut request = RequestBuilder::new(&format!("{BASE}{}", self.path))
            .method(self.method.clone())
            .credentials(RequestCredentials::SameOrigin)
            .header("accept", "application/json")
            .header("accept-language", i18n::language_now().tag());
        if !self.query.is_empty() {
            request = request.query(self.query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        if let Some(version) = &self.if_match {
            request = request.header("if-match", version);
        }
        if let Some(key) = &self.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(ticket) = &self.ticket {
            request = request.header("x-ticket", ticket);
        }
        let request = match &self.body {
            Some(body) => request.header("content-type", "application/json").body(body.clone()).ok()?,
            None => request.build().ok()?,
        };
        request.send().await.ok()
    }
}

fn read<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(|error| {
        leptos::logging::error!("an answer was not understood: {error}");
        problem::not_understood(status)
    })
}

/// A part of a path, escaped.
pub fn segment(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_is_escaped() {
        assert_eq!(segment("crm.order-1_a~"), "crm.order-1_a~");
        assert_eq!(segment("a/b?c=d&e f"), "a%2Fb%3Fc%3Dd%26e%20f");
        assert_eq!(segment("客"), "%E5%AE%A2");
    }
}
