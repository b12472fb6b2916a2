//! HTTPS by a certificate of the server's own, and plain HTTP that says what it is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, binary};
use tests::{Database, Server};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tls").join(name)
}

/// A server with the certificate of the tests.
struct Https {
    _process: Child,
    _folder: tempfile::TempDir,
    lines: Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
}

fn serve(folder: &Path, certificate: &Path, key: &Path) -> Command {
    let mut command = Command::new(binary());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
    command.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Https {
    async fn start() -> Self {
        Self::start_with(&data("certificate.pem"), &data("key.pem")).await
    }

    async fn start_with(certificate: &Path, key: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("formwork-test-").tempdir().unwrap();
        let mut command = serve(folder.path(), certificate, key);
        let mut process = command.stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the server says where it listens");
        let address = line.split("https://").nth(1).unwrap_or_else(|| panic!("no HTTPS in {line}"));
        Self { address: address.trim().parse().unwrap(), _process: process, _folder: folder, lines }
    }

    async fn set_up_code(&mut self) -> String {
        loop {
            let line = self.lines.next_line().await.unwrap().expect("there is a set-up code");
            if line.starts_with("Set-up code") {
                return line.split_whitespace().last().unwrap().to_owned();
            }
        }
    }

    /// A connection for who trusts this certificate alone.
    async fn connect(&self, trusted: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(data(trusted)).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// Asks over TLS; gives the whole answer as text.
    async fn ask(&self, method: &str, path: &str, headers: &str, body: &Value) -> String {
        let mut stream = self.connect("certificate.pem").await.unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        let mut answer = Vec::new();
        // However the connection ends, what was said until then counts.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }
}

#[tokio::test]
async fn t43_t55_with_a_certificate_the_server_speaks_https_and_its_cookie_goes_nowhere_else() {
    let mut server = Https::start().await;
    let code = server.set_up_code().await;
    let asked = json!({"code": code, "email": ADMIN_EMAIL, "name": "Ada", "password": ADMIN_PASSWORD});
    let answer = server.ask("POST", "/setup", "", &asked).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let header = |name: &str| {
        let line = answer.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.unwrap_or_else(|| panic!("no {name} in {answer}")).split_once(':').unwrap().1.trim().to_owned()
    };
    let cookie = header("set-cookie");
    assert!(cookie.starts_with("__Host-sid="), "{cookie}");
    for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    let age = header("strict-transport-security");
    let age: u64 = age.split("max-age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    assert!(age >= 31_536_000, "{age}");

    let sid = format!("cookie: {}\r\n", cookie.split(';').next().unwrap());
    let me = server.ask("GET", "/me", &sid, &Value::Null).await;
    assert!(me.starts_with("HTTP/1.1 200") && me.contains("\"plain_http\":false"), "{me}");

    // Who speaks plain HTTP there is not answered in it, and disturbs nobody.
    let mut plain = TcpStream::connect(server.address).await.unwrap();
    plain.write_all(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said).await;
    assert!(!said.starts_with(b"HTTP/"), "{said:?}");
    assert!(server.ask("GET", "/me", &sid, &Value::Null).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = folder.path().join("nothing.pem");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate\n").unwrap();
    for (certificate, key) in [
        (nothing.as_path(), data("key.pem")),
        (empty.as_path(), data("key.pem")),
        (data("certificate.pem").as_path(), data("certificate.pem")),
    ] {
        let output = serve(folder.path(), certificate, &key).output().await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", certificate.display());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("formwork: ") && told.contains(".pem"), "{told}");
    }
}

/// Longer than the server takes to look again.
const SOON: Duration = Duration::from_secs(30);

async fn live(stream: &mut TlsStream<TcpStream>) -> bool {
    stream.write_all(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    stream.flush().await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.is_ok() && &answer == b"HTTP/1.1 204"
}

#[tokio::test]
async fn t55_a_new_certificate_is_shown_without_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let put = |name: &str, place: &Path| std::fs::copy(data(name), place).unwrap();
    put("certificate.pem", &certificate);
    put("key.pem", &key);
    let server = Https::start_with(&certificate, &key).await;
    let mut before = server.connect("certificate.pem").await.unwrap();
    assert!(live(&mut before).await);
    assert!(server.connect("renewed-certificate.pem").await.is_err());

    // One file after the other: until both are there the old one is shown.
    put("renewed-certificate.pem", &certificate);
    sleep(Duration::from_secs(7)).await;
    assert!(server.connect("certificate.pem").await.is_ok());
    put("renewed-key.pem", &key);
    let until = Instant::now() + SOON;
    while server.connect("renewed-certificate.pem").await.is_err() {
        assert!(Instant::now() < until, "the new certificate is not shown");
        sleep(Duration::from_millis(200)).await;
    }
    assert!(server.connect("certificate.pem").await.is_err());

    // What is no certificate changes nothing.
    std::fs::write(&certificate, "no certificate\n").unwrap();
    sleep(Duration::from_secs(7)).await;
    let mut after = server.connect("renewed-certificate.pem").await.unwrap();
    assert!(live(&mut after).await);
}

#[tokio::test]
async fn plain_http_that_was_insisted_on_is_told_to_people() {
    let server = Server::start_with(Database::Sqlite, &["--insecure-http"]).await;
    let admin = server.set_up().await;
    assert_eq!(server.client().get("/auth/ways").await.ok()["plain_http"], true);
    assert_eq!(admin.get("/me").await.ok()["plain_http"], true);
    server.close().await;
    // Nobody is alarmed at home, where nobody reads along.
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    assert_eq!(admin.get("/me").await.ok()["plain_http"], false);
    server.close().await;
}
