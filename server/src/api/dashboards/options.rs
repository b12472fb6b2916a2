//! `GET /dashboards/{id}/filters/{key}/options`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, dashboards};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    q: String,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The values that a filter of a dashboard may be set to, 20 at most, over what the caller may see",
    )
    .query("q", "What somebody typed")
    .lists::<wire::FilterChoice>()
    .refuses(404, &["not_found"])
    .refuses(409, &["dashboard_broken"])
    .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((id, key)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&dashboards::options(&installation, &caller, (&id, &key), &parameters.q).await?)
}
