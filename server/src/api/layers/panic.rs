//! A panic ends its request, not the server.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::service::Refusal;

pub fn answer_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "a panic without words".to_string());
    Problem::from(Refusal::internal(what)).into_response()
}
