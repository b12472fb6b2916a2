//! Who connects and is slow, or says too much before they have said anything.

use std::net::SocketAddr;
use std::time::Duration;

use tests::{Client, Database, Server, together};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use super::address_of;

/// The head of a request that is this long, with all its lines.
fn head(length: usize) -> String {
    let (start, end) = ("GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nx-long: ", "\r\n\r\n");
    format!("{start}{}{end}", "x".repeat(length - start.len() - end.len()))
}

/// The status that a head is answered with.
async fn status(server: &Server, head: &str) -> u16 {
    let mut stream = TcpStream::connect(address_of(server)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.split(' ').nth(1).unwrap_or_else(|| panic!("no status in {answer:?}")).parse().unwrap()
}

#[tokio::test]
async fn a_head_is_as_long_as_it_may_be_and_has_as_many_lines() {
    let server = Server::start(Database::Sqlite).await;
    assert_eq!(status(&server, &head(64 << 10)).await, 204);
    assert_eq!(status(&server, &head((64 << 10) + 1)).await, 431);
    let lines = |count: usize| {
        let others: String = (0..count - 2).map(|n| format!("x-{n}: y\r\n")).collect();
        format!("GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n{others}\r\n")
    };
    assert_eq!(status(&server, &lines(100)).await, 204);
    assert_eq!(status(&server, &lines(101)).await, 431);
    server.close().await;
}

#[tokio::test]
async fn t69_many_who_are_slow_hold_up_nobody_and_are_hung_up_on() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let address = address_of(&server);
    let began = Instant::now();
    let slow = together((0..200).map(|_| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ").await.unwrap();
        stream
    }))
    .await;
    for _ in 0..20 {
        let asked = Instant::now();
        admin.get("/me").await.ok();
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }
    let ended = together(slow.into_iter().map(|mut stream| async move {
        let mut rest = Vec::new();
        // Whatever it says for good-bye, it ends.
        timeout(Duration::from_secs(30), stream.read_to_end(&mut rest)).await.is_ok()
    }))
    .await;
    assert!(ended.iter().all(|ended| *ended));
    let waited = began.elapsed();
    assert!((Duration::from_secs(9)..Duration::from_secs(25)).contains(&waited), "{waited:?}");
    admin.reconnected().get("/me").await.ok();
    server.close().await;
}

/// Connections of one household that say nothing to the end, and those that are made at one time.
const OF_A_HOUSEHOLD: usize = 1_000;
const AT_ONCE: usize = 250;

/// Somebody of a household of this machine who begins a request.
async fn begin(address: SocketAddr, household: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, household], 0).into()).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    stream.write_all(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ").await.unwrap();
    stream
}

/// The slowest but one of a hundred answers.
async fn slow_answer(admin: &Client) -> Duration {
    let mut took = Vec::new();
    for _ in 0..100 {
        let asked = Instant::now();
        admin.get("/me").await.ok();
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    took[98]
}

/// As many as T69 says, of five households that hold all the connections that they may.
#[tokio::test]
#[ignore = "five thousand connections"]
async fn t69_five_thousand_who_are_slow_take_little_memory_and_hold_up_nobody() {
    // What other tests of this machine do meanwhile.
    const BLUR: Duration = Duration::from_millis(20);
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let address = address_of(&server);
    let calm = slow_answer(&admin).await;
    let before = server.most_memory();
    let mut slow = Vec::new();
    for household in 2..7 {
        for _ in 0..OF_A_HOUSEHOLD / AT_ONCE {
            slow.extend(together((0..AT_ONCE).map(|_| begin(address, household))).await);
        }
    }
    assert_eq!(slow.len(), 5_000);
    let meanwhile = slow_answer(&admin).await;
    assert!(meanwhile <= calm * 2 + BLUR, "{meanwhile:?}, calm {calm:?}");
    let grown = server.most_memory() - before;
    assert!(grown < 100 * 1024, "{grown} KiB");
    admin.reconnected().get("/me").await.ok();
    drop(slow);
    server.close().await;
}

#[tokio::test]
async fn k8_a_server_that_stops_answers_what_has_begun() {
    let mut server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let address = address_of(&server);
    // One that says nothing, and one in the middle of its request.
    let _idle = TcpStream::connect(address).await.unwrap();
    let mut begun = TcpStream::connect(address).await.unwrap();
    begun.write_all(b"POST /api/v1/auth/login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{")
        .await
        .unwrap();
    admin.get("/me").await.ok();
    let answered = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        begun.write_all(b"}").await.unwrap();
        let mut answer = Vec::new();
        let _ = begun.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    });
    let asked = Instant::now();
    server.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    let answer = answered.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
}

/// Who sends on for ever, a byte at a time and just fast enough, is cut off: the stop has an end.
#[tokio::test]
async fn k8_a_server_that_stops_is_not_held_by_whom_it_answers() {
    let mut server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let mut sending = TcpStream::connect(address_of(&server)).await.unwrap();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{";
    sending.write_all(head.as_bytes()).await.unwrap();
    admin.get("/me").await.ok();
    let sender = tokio::spawn(async move {
        while sending.write_all(&[b' '; 64]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
    });
    let asked = Instant::now();
    server.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(45), "{:?}", asked.elapsed());
    timeout(Duration::from_secs(10), sender).await.unwrap().unwrap();
}
