//! Connections: HTTP/1.1 over TCP, with TLS where an operator gave a certificate. Who is slow is hung up on, who says what they
//! want at too great a length is refused, and one household holds only so many, before anything of ours has run.

mod pace;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::Service;

use super::crowd::{Crowd, Place};
use super::layers::Proxies;
use crate::settings::Network;
use pace::{Answer, Pace, Paced, Requests, Sent};

/// How many connections one household may hold. Many who work in one place may share an address.
const OF_ONE_HOUSEHOLD: usize = 1_000;
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Of the request line with all headers. There may be 100 of these.
const LONGEST_HEAD: usize = 64 << 10;
/// After an error that is none of one connection, such as too many open files.
const REST: Duration = Duration::from_secs(1);

/// Serves until `stopped`, and then ends when the requests that have begun are answered. Who comes by the proxies in `trusted` is
/// not counted by the address of these.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    trusted: Vec<Network>,
    stopped: impl Future<Output = ()>,
) {
    let (crowd, proxies) = (Crowd::new(OF_ONE_HOUSEHOLD), Proxies::of(&trusted));
    // Its receivers are the connections: they hear when it is over, and it is known when the last of them is gone.
    let (over, _) = watch::channel(());
    let mut stopped = pin!(stopped);
    loop {
        let accepted = tokio::select! {
            () = &mut stopped => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let place = match proxies.trust(peer.ip()) {
                    true => None,
                    false => match crowd.enter(peer.ip()) {
                        Some(place) => Some(place),
                        // Hung up on: there is no end to what an answer could be asked for.
                        None => continue,
                    },
                };
                let (tls, router, over) = (tls.clone(), router.clone(), over.subscribe());
                tokio::spawn(welcome((stream, peer, place), tls, router, over));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken in");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    over.send_replace(());
    over.closed().await;
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn welcome(
    (stream, peer, _place): (TcpStream, SocketAddr, Option<Place>),
    tls: Option<TlsAcceptor>,
    router: Router,
    over: watch::Receiver<()>,
) {
    // Answers are written whole: nothing is gained by waiting for more to send.
    let _ = stream.set_nodelay(true);
    let pace = Pace::default();
    let Some(tls) = tls else { return answer(stream, peer, router, pace, over).await };
    match tokio::time::timeout(HANDSHAKE_PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => answer(stream, peer, router, pace, over).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!(%peer, "a TLS handshake took too long"),
    }
}

/// Answers the requests of one connection.
async fn answer<S>(stream: S, peer: SocketAddr, router: Router, pace: Pace, mut over: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let requests = Requests::default();
    let stream = Paced::new(stream, requests.clone(), pace);
    let service = service_fn(move |request: Request<Incoming>| {
        let under_way = requests.begin();
        let mut router = router.clone();
        let mut request = request.map(|body| Body::new(Sent::new(body, pace)));
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            let response = router.call(request).await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(response.map(|body| Answer::new(body, under_way)))
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(pace.rest).max_header_size(LONGEST_HEAD);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let mut ended = pin!(async move {
        // An error means that nobody will say so any more.
        let _ = over.changed().await;
        over
    });
    // Until the connection is gone: who stops waits for it.
    let mut held = None;
    loop {
        tokio::select! {
            done = connection.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!(%peer, %error, "a connection broke off");
                }
                break;
            }
            over = &mut ended, if held.is_none() => {
                held = Some(over);
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep};

    use super::*;

    const SHORT: Duration = Duration::from_millis(300);
    const LONG: Duration = Duration::from_secs(20);
    const LIVE: &[u8] = b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n";

    /// Ours of a connection to a small server; the task ends when it has hung up.
    fn connect(pace: Pace, room: usize) -> (DuplexStream, JoinHandle<()>, watch::Sender<()>) {
        let router = Router::new()
            .route("/live", get(|| async { "yes" }))
            .route("/large", get(|| async { "x".repeat(1 << 20) }))
            .route("/body", post(|body: Bytes| async move { body.len().to_string() }));
        let (ours, theirs) = duplex(room);
        let (over, hears) = watch::channel(());
        let peer = SocketAddr::from(([203, 0, 113, 9], 1));
        (ours, tokio::spawn(answer(theirs, peer, router, pace, hears)), over)
    }

    fn pace() -> Pace {
        Pace { head: LONG, rest: LONG, body: LONG, taking: LONG }
    }

    /// What comes within some time.
    async fn some(stream: &mut DuplexStream) -> String {
        let mut bytes = [0; 1 << 10];
        let count = stream.read(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    }

    /// Whatever comes until the server hangs up, which is soon.
    async fn rest(mut stream: DuplexStream) -> String {
        let (began, mut bytes) = (Instant::now(), Vec::new());
        let _ = stream.read_to_end(&mut bytes).await;
        assert!(began.elapsed() < LONG / 2, "{:?}", began.elapsed());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn t69_a_connection_rests_longer_than_a_head_may_take() {
        let (mut stream, served, _over) = connect(Pace { head: SHORT, ..pace() }, 1 << 16);
        for _ in 0..2 {
            stream.write_all(LIVE).await.unwrap();
            assert!(some(&mut stream).await.starts_with("HTTP/1.1 200"));
            sleep(SHORT * 3).await;
        }
        stream.write_all(&LIVE[..20]).await.unwrap();
        assert_eq!(rest(stream).await, "");
        served.await.unwrap();
    }

    #[tokio::test]
    async fn t69_who_says_nothing_or_rests_too_long_is_hung_up_on() {
        let (stream, served, _over) = connect(Pace { head: SHORT, ..pace() }, 1 << 16);
        assert_eq!(rest(stream).await, "");
        served.await.unwrap();
        let (mut stream, served, _over) = connect(Pace { rest: SHORT, ..pace() }, 1 << 16);
        stream.write_all(LIVE).await.unwrap();
        assert!(some(&mut stream).await.starts_with("HTTP/1.1 200"));
        assert_eq!(rest(stream).await, "");
        served.await.unwrap();
    }

    #[tokio::test]
    async fn t69_who_trickles_a_head_has_no_more_time_for_it() {
        let (mut stream, served, _over) = connect(Pace { head: SHORT, ..pace() }, 1 << 16);
        let began = Instant::now();
        stream.write_all(b"GET /live HTTP/1.1\r\nx: ").await.unwrap();
        while stream.write_all(b"y").await.is_ok() {
            assert!(began.elapsed() < LONG / 2);
            sleep(SHORT / 10).await;
        }
        served.await.unwrap();
    }

    #[tokio::test]
    async fn t69_a_body_that_does_not_go_on_is_given_up() {
        let (mut stream, served, _over) = connect(Pace { body: SHORT, ..pace() }, 1 << 16);
        stream.write_all(b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc").await.unwrap();
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        served.await.unwrap();
    }

    #[tokio::test]
    async fn t69_who_takes_nothing_of_an_answer_is_hung_up_on() {
        let (mut stream, served, _over) = connect(Pace { taking: SHORT, ..pace() }, 1 << 10);
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        tokio::time::timeout(LONG / 2, served).await.unwrap().unwrap();
        drop(stream);
    }

    #[tokio::test]
    async fn a_connection_that_rests_ends_at_once_when_the_server_stops() {
        let (mut stream, served, over) = connect(pace(), 1 << 16);
        stream.write_all(LIVE).await.unwrap();
        assert!(some(&mut stream).await.starts_with("HTTP/1.1 200"));
        over.send_replace(());
        assert_eq!(rest(stream).await, "");
        served.await.unwrap();
    }
}
