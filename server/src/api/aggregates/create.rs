//! `POST /apps/{app}/aggregates`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes an aggregate table of the Aggregate document, filled from the records that are there")
        .takes_document("aggregate")
        .answers::<wire::Made>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["aggregate_taken", "constraint"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Once(key): Once,
    Body(document): Design<Json>,
) -> Reply {
    answered(aggregates::create(&installation, &caller, key, app, document).await)
}
