//! Requests of the product to other machines: one client, which looks at the address that it connects to, follows no redirect,
//! takes no proxy from the environment, waits a short time and reads up to a limit.
//!
//! What an operator has named is asked wherever it lies. What somebody else has named (an endpoint that a provider's document
//! leads to) is asked on the internet alone, and on what the operator has allowed.

mod addresses;
mod guard;
mod literal;
#[cfg(test)]
mod rebinding;

use std::io::Read;
use std::time::Duration;

use serde_json::Value as Json;
use ureq::Agent;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::{Connector, DefaultConnector};

use crate::settings::Network;
use guard::Guard;

pub use literal::is_closed;

/// To connect, and for all of it.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: u64 = 256 << 10;
/// What is kept of an answer that nobody works with.
const KEPT: u64 = 2 << 10;

/// Why nothing came of a request.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("{0}")]
    Failed(#[from] ureq::Error),
    #[error("the answer has status {0}")]
    Status(u16),
    #[error("the answer is no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("{0}")]
    Ended(#[from] tokio::task::JoinError),
    #[error("this can't be asked: {0}")]
    Unusable(#[from] ureq::http::Error),
}

/// A request as it goes out.
#[derive(Clone)]
pub struct Outgoing {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// What was answered: whatever it says, it is an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    /// The beginning of it, without what is no text.
    pub text: String,
}

/// The client.
#[derive(Clone, Debug)]
pub struct Outbound(Agent);

impl Outbound {
    /// `named` is the address that the operator has named, `allowed` the private networks where others may lead to, too.
    pub fn new(named: &str, allowed: &[Network]) -> Outbound {
        Self::over(DefaultConnector::default(), Guard::new(named, allowed))
    }

    /// Finds addresses by `resolver`, and reaches them over `connector`.
    fn over(connector: impl Connector, resolver: impl Resolver) -> Outbound {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT_PATIENCE))
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .proxy(None)
            .build();
        Outbound(Agent::with_parts(config, connector, resolver))
    }

    /// A client for what designers name: on the internet alone, and on the private networks that are `allowed`. Whatever is
    /// answered is told, and of that no more than the beginning is read.
    pub fn of_designers(allowed: &[Network]) -> Outbound {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT_PATIENCE))
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("Formwork")
            .accept_encoding("")
            .proxy(None)
            .build();
        Outbound(Agent::with_parts(config, DefaultConnector::default(), Guard::new("", allowed)))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// Where nothing is answered in time, or it may not be asked.
    pub async fn send(&self, outgoing: Outgoing) -> Result<Answered, OutboundError> {
        let agent = self.0.clone();
        run(move || {
            let mut request =
                ureq::http::Request::builder().method(outgoing.method).uri(outgoing.url.as_str());
            for (name, value) in &outgoing.headers {
                request = request.header(name.as_str(), value.as_str());
            }
            let mut response = match outgoing.body {
                Some(body) => agent.run(request.body(body)?)?,
                None => agent.run(request.body(())?)?,
            };
            let status = response.status().as_u16();
            let mut beginning = Vec::new();
            // What comes of it is what came until the time was over.
            let _ = response.body_mut().as_reader().take(KEPT).read_to_end(&mut beginning);
            let text = String::from_utf8_lossy(&beginning);
            let text = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
            Ok(Answered { status, text })
        })
        .await
    }

    /// The JSON behind an address.
    ///
    /// # Errors
    /// Where it can't be had.
    pub async fn get(&self, url: String) -> Result<Json, OutboundError> {
        let agent = self.0.clone();
        run(move || {
            let mut response = agent.get(&url).header("accept", "application/json").call()?;
            read(&mut response)
        })
        .await
    }

    /// The JSON that answers a form.
    ///
    /// # Errors
    /// Where it can't be had, also where it is answered with a refusal.
    pub async fn post(
        &self,
        url: String,
        authorization: Option<String>,
        form: Vec<(&'static str, String)>,
    ) -> Result<Json, OutboundError> {
        let agent = self.0.clone();
        run(move || {
            let mut request = agent.post(&url).header("accept", "application/json");
            if let Some(authorization) = &authorization {
                request = request.header("authorization", authorization.as_str());
            }
            let mut response = request.send_form(form)?;
            read(&mut response)
        })
        .await
    }
}

fn read(response: &mut ureq::http::Response<ureq::Body>) -> Result<Json, OutboundError> {
    // A redirect is no answer.
    if !response.status().is_success() {
        return Err(OutboundError::Status(response.status().as_u16()));
    }
    let text = response.body_mut().with_config().limit(LARGEST).read_to_string()?;
    Ok(serde_json::from_str(&text)?)
}

async fn run<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, OutboundError> + Send + 'static,
) -> Result<T, OutboundError> {
    let answer = tokio::task::spawn_blocking(ask).await;
    answer.unwrap_or_else(|error| Err(OutboundError::Ended(error)))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Instant;

    use super::*;

    /// A server that gives every request this answer, one piece after another, and counts who came.
    fn server(pieces: Vec<&'static [u8]>, pause: Duration) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let (mut stream, pieces) = (stream.unwrap(), pieces.clone());
                thread::spawn(move || {
                    let _ = stream.read(&mut [0; 4096]);
                    for piece in pieces {
                        if stream.write_all(piece).is_err() {
                            return;
                        }
                        thread::sleep(pause);
                    }
                });
            }
        });
        (url, count)
    }

    fn at_once(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
        server(vec![answer], Duration::ZERO)
    }

    const GOOD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

    #[tokio::test]
    async fn what_the_operator_named_is_asked_and_what_others_named_is_not_if_it_is_private() {
        let ((named, asked), (other, spared)) = (at_once(GOOD), at_once(GOOD));
        let outbound = Outbound::new(&named, &[]);
        outbound.get(format!("{named}/keys")).await.unwrap();
        let refused = outbound.get(format!("{other}/keys")).await.unwrap_err().to_string();
        assert!(refused.contains("may not be asked"), "{refused}");
        assert!(outbound.post(other.clone(), None, Vec::new()).await.is_err());
        assert_eq!((asked.load(Ordering::SeqCst), spared.load(Ordering::SeqCst)), (1, 0));
        let allowed = Outbound::new(&named, &["127.0.0.0/8".parse().unwrap()]);
        allowed.get(format!("{other}/keys")).await.unwrap();
    }

    #[tokio::test]
    async fn t59_a_redirect_is_not_followed() {
        let (target, spared) = at_once(GOOD);
        for status in ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"] {
            let answer = format!(
                "HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
            );
            let (url, _) = at_once(answer.leak().as_bytes());
            assert!(Outbound::new(&url, &["127.0.0.0/8".parse().unwrap()]).get(url.clone()).await.is_err());
        }
        assert_eq!(spared.load(Ordering::SeqCst), 0);
    }

    fn asking(url: &str) -> Outgoing {
        let body = Some("{}".to_string());
        Outgoing { method: "POST", url: url.to_string(), headers: Vec::new(), body }
    }

    #[tokio::test]
    async fn t58_what_a_designer_names_is_asked_on_the_internet_alone() {
        let (url, asked) = at_once(GOOD);
        let refused = Outbound::of_designers(&[]).send(asking(&url)).await.unwrap_err().to_string();
        assert!(refused.contains("may not be asked"), "{refused}");
        assert_eq!(asked.load(Ordering::SeqCst), 0);
        let allowed = Outbound::of_designers(&["127.0.0.0/8".parse().unwrap()]);
        let answered = allowed.send(asking(&url)).await.unwrap();
        assert_eq!(answered, Answered { status: 200, text: "{}".to_string() });
    }

    #[tokio::test]
    async fn what_is_answered_is_told_whatever_it_is_and_no_more_than_its_beginning() {
        let outbound = Outbound::of_designers(&["127.0.0.0/8".parse().unwrap()]);
        let long = "x".repeat(5_000);
        let refused = format!("HTTP/1.1 422 No\r\ncontent-length: 5000\r\nconnection: close\r\n\r\n{long}");
        let (url, _) = at_once(refused.leak().as_bytes());
        let answered = outbound.send(asking(&url)).await.unwrap();
        assert_eq!((answered.status, answered.text.len()), (422, 2_048));
        let (target, spared) = at_once(GOOD);
        let moved = format!(
            "HTTP/1.1 307 Go\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (url, _) = at_once(moved.leak().as_bytes());
        assert_eq!(outbound.send(asking(&url)).await.unwrap().status, 307);
        assert_eq!(spared.load(Ordering::SeqCst), 0, "a redirect is not followed");
    }

    #[tokio::test]
    async fn t61_an_answer_is_read_up_to_a_limit_and_waited_for_a_while() {
        let answer = |length: usize| {
            let body = format!("\"{}\"", "x".repeat(length - 2));
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            at_once(format!("{head}{body}").leak().as_bytes()).0
        };
        let largest = usize::try_from(LARGEST).unwrap();
        let (fits, too_long) = (answer(largest), answer(largest + 1));
        assert!(Outbound::new(&fits, &[]).get(fits.clone()).await.is_ok());
        assert!(Outbound::new(&too_long, &[]).get(too_long.clone()).await.is_err());

        // One byte after another, for ever.
        let piece: &'static [u8] = b"HTTP/1.1 200 OK\r\n\r\n{";
        let (slow, _) = server(vec![piece; 1_000], Duration::from_millis(100));
        let began = Instant::now();
        assert!(Outbound::new(&slow, &[]).get(slow.clone()).await.is_err());
        assert!(began.elapsed() < PATIENCE + Duration::from_secs(5), "{:?}", began.elapsed());
    }
}
