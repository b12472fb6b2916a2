//! A bound on what runs at once: past it a request is told to come again, instead of making all of them slow.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::api::Problem;
use crate::service::Refusal;

/// How many requests may run at once.
#[derive(Clone, Debug)]
pub struct Load(Arc<Semaphore>);

impl Load {
    pub fn new(requests: usize) -> Load {
        Load(Arc::new(Semaphore::new(requests)))
    }
}

pub async fn limit_load(State(Load(load)): State<Load>, request: Request, next: Next) -> Response {
    match load.try_acquire() {
        Ok(_permit) => next.run(request).await,
        Err(_) => Problem::from(Refusal::busy()).into_response(),
    }
}
