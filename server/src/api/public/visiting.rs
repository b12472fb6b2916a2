//! Who visits, as far as a request tells of it: from where, in which language, with which ticket.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::api::Problem;
use crate::api::extract::Origin;
use crate::api::problem::asked_language;
use crate::service::links::visit::Visitor;

/// The ticket that came with the form.
const TICKET: &str = "x-ticket";

pub struct Visiting(pub Visitor);

impl<S: Send + Sync> FromRequestParts<S> for Visiting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Visiting, Problem> {
        let Origin(from) = Origin::from_request_parts(parts, state).await?;
        let headers = &parts.headers;
        let language = asked_language(headers);
        let ticket = headers.get(TICKET).and_then(|value| value.to_str().ok()).map(str::to_string);
        Ok(Visiting(Visitor { from, language, ticket }))
    }
}
