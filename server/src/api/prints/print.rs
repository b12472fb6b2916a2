//! `GET /forms/{form}/prints/{template}?records=…`

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::layers::refuse_led_here;
use crate::api::reply::Reply;
use crate::service::{Installation, prints};

/// The document shows what is in it, and can fetch nothing, run nothing and send nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; sandbox allow-modals";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    records: String,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Records on paper by a print template (its key or id), as one document that needs nothing else",
    )
    .query(
        "records",
        "The ids of the records, with commas between them, in the order in which they are printed",
    )
    .empty(200, "text/html")
    .refuses(403, &["forbidden", "cross_site"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, template)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Reply {
    refuse_led_here(&headers)?;
    let printed = prints::print(&installation, &caller, (&form, &template), &parameters.records).await?;
    let mut response = Response::new(Body::from(printed.document()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}
