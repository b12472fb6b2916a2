//! An end to waiting. Writes go on in their own task; only the answer is given up.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::api::routes::is_upload;
use crate::service::{Cause, Refusal};

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    usual: Duration,
    /// A large file over a thin line.
    upload: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { usual: Duration::from_secs(30), upload: Duration::from_secs(30 * 60) }
    }
}

pub async fn limit_time(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    let longest = if is_upload(request.uri().path()) { patience.upload } else { patience.usual };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let refusal = Refusal { retry_after: Some(5), ..Refusal::new(Cause::Busy, "timeout") };
            Problem::from(refusal).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Method, StatusCode, header};
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::any;
    use serde_json::{Value as Json, json};
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;
    use crate::api::routes::UPLOADS;
    use crate::api::{problem, router_with};
    use crate::service::Installation;
    use crate::service::people::tokens;
    use crate::service::testing::{app, form, on_an_installation};

    const GIVEN_UP: (StatusCode, Option<&str>) = (StatusCode::SERVICE_UNAVAILABLE, Some("timeout"));
    const GOES_ON: (StatusCode, Option<&str>) = (StatusCode::CONFLICT, Some("idempotency_in_progress"));

    async fn answer(router: &Router, request: Request) -> (StatusCode, Json) {
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_given_up_and_an_upload_later() {
        let patience = Patience { usual: Duration::from_millis(20), upload: Duration::from_secs(10) };
        let slow = any(|| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "done"
        });
        let layers = tower::ServiceBuilder::new()
            .layer(from_fn(problem::render))
            .layer(from_fn_with_state(patience, limit_time));
        let router = Router::new().route("/slow", slow.clone()).route(UPLOADS, slow).layer(layers);
        let get = |path: &str| axum::http::Request::get(path).body(Body::empty()).unwrap();
        let (status, told) = answer(&router, get("/slow")).await;
        assert_eq!((status, told["code"].as_str()), GIVEN_UP);
        assert_eq!(answer(&router, get(UPLOADS)).await.0, StatusCode::OK);
        assert_eq!(Patience::default().usual, Duration::from_secs(30));
    }

    /// The save waits for the writer when its request is given up; it is carried out all the same.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn c21_a_save_whose_request_is_given_up_is_carried_out() {
        on_an_installation("timeout", async |installation, caller| {
            let app = app(installation, caller).await;
            let orders = json!({"key": "orders", "label": "o", "fields": [{"key": "name", "label": "n", "kind": "text"}]});
            let path = format!("/api/v1/forms/{}/records", form(installation, caller, &app, orders).await);
            let token = serde_json::from_value(json!({"name": "robot"})).unwrap();
            let (_, secret) = tokens::make(installation, caller, token).await.unwrap();
            let patience = Patience { usual: Duration::from_secs(4), ..Patience::default() };
            let router = router_with(installation.clone(), patience);
            let ask = |method: Method, body: Json| {
                axum::http::Request::builder()
                    .method(method)
                    .uri(path.as_str())
                    .header(header::HOST, "127.0.0.1")
                    .header(header::AUTHORIZATION, format!("Bearer {secret}"))
                    .header(header::CONTENT_TYPE, "application/json")
                    .header("idempotency-key", "once")
                    .body(Body::from(body.to_string()))
                    .unwrap()
            };
            let stored = async || {
                let (status, list) = answer(&router, ask(Method::GET, Json::Null)).await;
                assert_eq!(status, StatusCode::OK, "{list}");
                list["items"].as_array().unwrap().len()
            };
            // The first use of the token is noted here, before anything has to wait.
            assert_eq!(stored().await, 0);

            let (held, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let holding = tokio::spawn(hold_the_writer(installation.clone(), held.clone(), go_on.clone()));
            held.notified().await;
            let new = json!({"fields": {"name": "kept"}});
            let (status, told) = answer(&router, ask(Method::POST, new.clone())).await;
            assert_eq!((status, told["code"].as_str()), GIVEN_UP);
            assert_eq!(stored().await, 0);
            // Who asks again is told that it goes on, and does not wait.
            let (status, told) = answer(&router, ask(Method::POST, new.clone())).await;
            assert_eq!((status, told["code"].as_str()), GOES_ON);
            go_on.notify_one();
            holding.await.unwrap();
            for _ in 0..200 {
                if stored().await > 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert_eq!(stored().await, 1);
            // Afterwards they are told what came of it, and nothing more is made.
            let mut again = answer(&router, ask(Method::POST, new.clone())).await;
            for _ in 0..200 {
                if again.0 != StatusCode::CONFLICT {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                again = answer(&router, ask(Method::POST, new.clone())).await;
            }
            assert_eq!((again.0, &again.1["fields"]["name"]), (StatusCode::CREATED, &json!("kept")));
            assert_eq!(stored().await, 1);
        })
        .await;
    }

    async fn hold_the_writer(installation: Installation, held: Arc<Notify>, go_on: Arc<Notify>) {
        let done: Result<(), Refusal> = installation
            .write(move |_| {
                Box::pin(async move {
                    held.notify_one();
                    go_on.notified().await;
                    Ok(())
                })
            })
            .await;
        done.unwrap();
    }
}
