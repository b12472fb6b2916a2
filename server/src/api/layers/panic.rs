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

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use serde_json::Value as Json;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;
    use crate::api::problem;

    async fn broken() -> &'static str {
        panic!("of the database, with a secret")
    }

    #[tokio::test]
    async fn k14_a_handler_that_panics_is_answered_without_what_it_said_and_the_next_one_goes_on() {
        let layers = tower::ServiceBuilder::new()
            .layer(from_fn(problem::render))
            .layer(CatchPanicLayer::custom(answer_panic as fn(Box<dyn Any + Send>) -> Response));
        let router = Router::new().route("/broken", get(broken)).route("/", get(|| async { "well" }));
        let router = router.layer(layers);
        for _ in 0..3 {
            let request = Request::get("/broken").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let told: Json = serde_json::from_slice(&body).unwrap();
            assert_eq!(told["code"], "internal");
            assert!(!told.to_string().contains("secret"), "{told}");
            let request = Request::get("/").body(Body::empty()).unwrap();
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), StatusCode::OK);
        }
    }
}
