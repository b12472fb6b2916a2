//! Parameters of the query.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use engine::text::Fault;
use serde::de::DeserializeOwned;

use crate::api::Problem;
use crate::service::Refusal;

/// The parameters after `?`, refused when one is unknown or does not fit.
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let axum::extract::Query(value) =
            axum::extract::Query::from_request_parts(parts, state).await.map_err(|rejection| {
                let words = rejection.body_text();
                let fault =
                    match words.split_once("unknown field `").and_then(|(_, rest)| rest.split('`').next()) {
                        Some(member) => Fault::new(member, "unknown_member").arg("member", member),
                        None => Fault::new("", "bad_parameter").arg("detail", words),
                    };
                Problem::from(Refusal::invalid(vec![fault]))
            })?;
        Ok(Query(value))
    }
}
