//! `GET /ready`: whether requests should be sent here.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::Problem;
use crate::api::doc::Doc;
use crate::service::{Installation, readiness};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Whether requests should be sent here")
        .empty(204, "They should")
        .refuses(503, &["busy", "unavailable"])
        .refuses(507, &["disk_full"])
}

pub async fn handler(State(installation): State<Installation>) -> Result<StatusCode, Problem> {
    readiness::check(&installation).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, header};
    use tower::ServiceExt;

    use super::*;
    use crate::api::router;
    use crate::service::testing::on_an_installation;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_that_stops_is_live_and_not_ready() {
        on_an_installation("ready", async |installation, _| {
            let router = router(installation.clone());
            let ask = async |path: &str| {
                let request = Request::get(path).header(header::HOST, "127.0.0.1").body(Body::empty());
                router.clone().oneshot(request.unwrap()).await.unwrap().status()
            };
            assert_eq!(ask("/ready").await, StatusCode::NO_CONTENT);
            installation.drain();
            assert_eq!(ask("/ready").await, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(ask("/live").await, StatusCode::NO_CONTENT);
        })
        .await;
    }
}
