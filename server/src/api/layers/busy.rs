//! A bound on what runs at once: past it a request is told to come again, instead of making all of them slow. One household
//! gets a part of it: who sends many requests that take long to arrive keeps nobody else out.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::Peer;
use crate::api::Problem;
use crate::api::crowd::Crowd;
use crate::service::Refusal;

/// How many requests may run at once.
#[derive(Clone, Debug)]
pub struct Load {
    all: Arc<Semaphore>,
    households: Crowd,
}

impl Load {
    /// `requests` at once, `of_one` of them from one household.
    pub fn new(requests: usize, of_one: usize) -> Load {
        Load { all: Arc::new(Semaphore::new(requests)), households: Crowd::new(of_one) }
    }
}

pub async fn limit_load(State(load): State<Load>, request: Request, next: Next) -> Response {
    let place = match request.extensions().get::<Peer>() {
        Some(peer) => load.households.enter(peer.0).map(Some),
        None => Some(None),
    };
    match (load.all.try_acquire(), place) {
        (Ok(_permit), Some(_place)) => next.run(request).await,
        (_, _) => Problem::from(Refusal::busy()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::get;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;
    use crate::api::problem;

    /// Asks as this address does.
    async fn ask(router: Router, path: &str, address: [u8; 4]) -> StatusCode {
        let mut request = axum::http::Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(IpAddr::from(address)));
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn one_household_does_not_take_all_there_is() {
        let (begun, over) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (begins, ends) = (Arc::clone(&begun), Arc::clone(&over));
        let slow = get(move || {
            let (begins, ends) = (Arc::clone(&begins), Arc::clone(&ends));
            async move {
                begins.notify_one();
                ends.notified().await;
            }
        });
        let layers = tower::ServiceBuilder::new()
            .layer(from_fn(problem::render))
            .layer(from_fn_with_state(Load::new(3, 1), limit_load));
        let router = Router::new().route("/slow", slow).route("/", get(|| async {})).layer(layers);
        let (here, there) = ([203, 0, 113, 9], [203, 0, 113, 10]);
        let held = tokio::spawn(ask(router.clone(), "/slow", here));
        begun.notified().await;
        assert_eq!(ask(router.clone(), "/", here).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(router.clone(), "/", there).await, StatusCode::OK);
        over.notify_one();
        assert_eq!(held.await.unwrap(), StatusCode::OK);
        assert_eq!(ask(router, "/", here).await, StatusCode::OK);
    }
}
