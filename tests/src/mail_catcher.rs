//! A mail server that keeps what it is sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

/// A letter as it came.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The addresses it was sent to.
    pub to: Vec<String>,
    /// Headers and text, with soft line ends taken out.
    pub text: String,
}

/// A running mail server.
pub struct MailCatcher {
    url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
}

impl MailCatcher {
    pub async fn start() -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into()).await
    }

    /// Starts at a given address.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    // Who hangs up has said all.
                    let _ = serve(stream, &kept).await;
                });
            }
        });
        Self { url, letters }
    }

    /// `smtp://127.0.0.1:PORT`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All that came so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    /// Waits until so many letters have come, and gives the last.
    pub async fn wait_for(&self, count: usize) -> Letter {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let letters = self.letters();
            if letters.len() >= count {
                return letters[count - 1].clone();
            }
            assert!(Instant::now() < deadline, "{} letters of {count} have come", letters.len());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn serve(stream: TcpStream, kept: &Mutex<Vec<Letter>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut to = Vec::new();
    stream.write_all(b"220 catcher\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let upper = line.to_uppercase();
        let answer: &[u8] = if upper.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").await?;
            let text = data(&mut stream).await?;
            kept.lock().unwrap().push(Letter { to: std::mem::take(&mut to), text });
            b"250 kept\r\n"
        } else if upper.starts_with("QUIT") {
            return stream.write_all(b"221 bye\r\n").await;
        } else {
            if upper.starts_with("RCPT TO:") {
                to.push(line["RCPT TO:".len()..].trim().trim_matches(['<', '>']).to_owned());
            }
            b"250 ok\r\n"
        };
        stream.write_all(answer).await?;
    }
}

/// What is sent up to a line with a single dot: base64 read, and quoted-printable taken back as far as links need it.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(readable(&text));
        }
        text.push_str(&line);
    }
}

fn readable(text: &str) -> String {
    let (headers, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    if headers.contains("Content-Transfer-Encoding: base64") {
        let letters: String = body.split_whitespace().collect();
        if let Ok(bytes) = data_encoding::BASE64.decode(letters.as_bytes()) {
            return format!("{headers}\r\n\r\n{}", String::from_utf8_lossy(&bytes));
        }
    }
    text.replace("=\r\n", "").replace("=3D", "=")
}
