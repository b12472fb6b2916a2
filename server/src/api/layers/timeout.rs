//! An end to waiting. Writes go on in their own task; only the answer is given up.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::api::routes::UPLOADS;
use crate::service::{Cause, Refusal};

const LONGEST: Duration = Duration::from_secs(30);
/// A large file over a thin line.
const LONGEST_UPLOAD: Duration = Duration::from_secs(30 * 60);

pub async fn limit_time(request: Request, next: Next) -> Response {
    let longest = if request.uri().path() == UPLOADS { LONGEST_UPLOAD } else { LONGEST };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let refusal = Refusal { retry_after: Some(5), ..Refusal::new(Cause::Busy, "timeout") };
            Problem::from(refusal).into_response()
        }
    }
}
