//! Many requests by few clients, each on a connection that stays open.
//!
//! Written on the socket itself: what the client costs is in every figure, and an HTTP library costs as much as the
//! fastest answers do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as it goes over the wire.
pub struct Request(Vec<u8>);

impl Request {
    /// `headers` end with a line break each.
    pub fn new(method: &str, path: &str, headers: &str, body: Option<&[u8]>) -> Request {
        let length = body.map(|body| format!("content-length: {}\r\n", body.len())).unwrap_or_default();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}{length}\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        Request(bytes)
    }
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body of a success.
    pub fn json(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(port: u16) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    pub async fn ask(&mut self, request: &Request) -> std::io::Result<Answer> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let (status, length) = read_head(&self.buffer[..head]);
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec() })
    }

    async fn read_more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> (u16, usize) {
    let text = String::from_utf8_lossy(head);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    });
    (status, length.expect("every answer says how long it is"))
}

/// What came of a load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    pub per_second: f64,
    pub p50_ms: f64,
    /// Answers that were no success.
    pub failed: usize,
    pub answers: usize,
}

/// Sends `requests` round and round by so many clients, for so long.
pub async fn replay(port: u16, requests: &Arc<Vec<Request>>, clients: usize, time: Duration) -> Load {
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut sending = Vec::with_capacity(clients);
    for _ in 0..clients {
        let (requests, next) = (requests.clone(), next.clone());
        sending.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await.unwrap();
            let (mut took, mut failed) = (Vec::new(), 0);
            while started.elapsed() < time {
                let request = &requests[next.fetch_add(1, Ordering::Relaxed) % requests.len()];
                let sent = Instant::now();
                let answer = connection.ask(request).await.unwrap();
                took.push(sent.elapsed());
                failed += usize::from(!(200..300).contains(&answer.status));
            }
            (took, failed)
        }));
    }
    let (mut took, mut failed) = (Vec::new(), 0);
    for client in sending {
        let (its, failures) = client.await.unwrap();
        took.extend(its);
        failed += failures;
    }
    took.sort_unstable();
    Load {
        per_second: took.len() as f64 / started.elapsed().as_secs_f64(),
        p50_ms: took[took.len() / 2].as_secs_f64() * 1000.0,
        failed,
        answers: took.len(),
    }
}
