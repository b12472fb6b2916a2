//! Parts of the path.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::api::Problem;
use crate::service::Refusal;

/// Parts of the path. What can't be an id or a key names nothing: 404, as for every other thing that does not
/// exist. So it is with a NUL character, which not every database can compare with.
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(Problem::from(Refusal::missing()));
        }
        let axum::extract::Path(value) = axum::extract::Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::from(Refusal::missing()))?;
        Ok(Path(value))
    }
}
