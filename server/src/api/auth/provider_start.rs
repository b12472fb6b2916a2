//! `GET /auth/provider/start`

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::cookie;
use crate::api::doc::Doc;
use crate::api::extract::Query;
use crate::api::reply::Reply;
use crate::service::people::provider;
use crate::service::{Installation, Refusal};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Goes to the identity provider, for a browser")
        .query("next", "A path inside the product to go on to")
        .empty(303, "To the provider")
        .refuses(404, &["not_found"])
        .refuses(503, &["provider_unreachable"])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    next: Option<String>,
}

pub async fn handler(State(installation): State<Installation>, Query(asked): Query<Asked>) -> Reply {
    let departure = provider::depart(&installation, asked.next.as_deref()).await?;
    let location = HeaderValue::from_str(&departure.location).map_err(Refusal::internal)?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    cookie::set_visit(&installation, &mut response, &departure.visit);
    Ok(response)
}
