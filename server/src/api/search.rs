//! `GET /search`

use axum::extract::State;
use serde::Deserialize;

use super::doc::Doc;
use super::extract::{Query, Signed};
use super::reply::{Reply, found};
use crate::service::{Installation, search};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    q: String,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Apps, forms, dashboards, reports and records by what they are called")
        .query("q", "A part of the name")
        .lists::<wire::SearchHit>()
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&wire::List::all(search::search(&installation, &caller, &parameters.q).await?))
}
