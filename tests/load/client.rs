//! Many requests by few clients, each on a connection that stays open.
//!
//! Written on the socket itself: what the client costs is in every figure, and an HTTP library costs as much as the
//! fastest answers do.

use std::path::Path;
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
    /// Whether it says when to come again.
    pub says_when: bool,
    /// Whether the server hangs up after it.
    pub closes: bool,
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
        self.answer().await
    }

    /// Sends a file as the body. `headers` end with a line break each.
    pub async fn send(&mut self, path: &str, headers: &str, file: &Path) -> std::io::Result<Answer> {
        let mut file = tokio::fs::File::open(file).await?;
        let length = file.metadata().await?.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}content-length: {length}\r\n\r\n");
        self.stream.write_all(head.as_bytes()).await?;
        tokio::io::copy(&mut file, &mut self.stream).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> std::io::Result<Answer> {
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let Head { status, length, says_when, closes } = Head::read(&self.buffer[..head]);
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec(), says_when, closes })
    }

    async fn read_more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// What the head of an answer says.
struct Head {
    status: u16,
    /// Of the body.
    length: usize,
    says_when: bool,
    closes: bool,
}

impl Head {
    fn read(head: &[u8]) -> Head {
        let text = String::from_utf8_lossy(head);
        let status: u16 = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let header = |wanted: &str| {
            text.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(wanted).then(|| value.trim())
            })
        };
        let length = header("content-length").and_then(|length| length.parse().ok());
        // What has no body need not say how long it is.
        let length = if status == 204 { 0 } else { length.expect("every answer says how long it is") };
        let closes = header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        Head { status, length, says_when: header("retry-after").is_some(), closes }
    }
}

/// Server-sent events, one after the other.
pub struct News {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl News {
    pub async fn open(port: u16, request: &Request) -> std::io::Result<News> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(&request.0).await?;
        let mut news = News { stream, buffer: Vec::new() };
        let status = news.line().await?;
        if status.split(' ').nth(1) == Some("200") { Ok(news) } else { Err(std::io::Error::other(status)) }
    }

    /// What the next event says. Lines of the transfer's own, such as how long a piece is, say nothing.
    pub async fn heard(&mut self) -> std::io::Result<String> {
        loop {
            let line = self.line().await?;
            if let Some(data) = line.strip_prefix("data:") {
                return Ok(data.trim().to_owned());
            }
        }
    }

    async fn line(&mut self) -> std::io::Result<String> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// What came of a load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    pub per_second: f64,
    pub p50_ms: f64,
    /// What 95 of a hundred answers take at most.
    pub p95_ms: f64,
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
        p95_ms: took[took.len() * 95 / 100].as_secs_f64() * 1000.0,
        failed,
        answers: took.len(),
    }
}
