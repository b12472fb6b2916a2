//! Another system that keeps what it is called with, and answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Caught {
    pub method: Method,
    /// With what stands behind the question mark.
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Caught {
    /// The header of this name; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The running system.
#[derive(Clone)]
pub struct HttpCatcher {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

struct Kept {
    caught: Vec<Caught>,
    status: StatusCode,
}

impl HttpCatcher {
    pub async fn start() -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into()).await
    }

    /// Starts at a given address.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Mutex::new(Kept { caught: Vec::new(), status: StatusCode::OK }));
        let router = Router::new().fallback(catch).with_state(Arc::clone(&kept));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, kept }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says what is answered from now on.
    pub fn answer(&self, status: u16) {
        self.kept.lock().unwrap().status = StatusCode::from_u16(status).unwrap();
    }

    /// All that came so far.
    pub fn caught(&self) -> Vec<Caught> {
        self.kept.lock().unwrap().caught.clone()
    }

    /// Waits until so many requests have come, and gives the last.
    pub async fn wait_for(&self, count: usize) -> Caught {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let caught = self.caught();
            if caught.len() >= count {
                return caught[count - 1].clone();
            }
            assert!(Instant::now() < deadline, "{} requests of {count} have come", caught.len());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn catch(
    State(kept): State<Arc<Mutex<Kept>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let mut kept = kept.lock().unwrap();
    kept.caught.push(Caught { method, path, headers, body });
    (kept.status, "caught")
}
