//! `GET /aggregates/{id}/rows`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

/// Which groups, and of when.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    pub as_of: Option<String>,
    #[serde(default)]
    pub labels: bool,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The groups of an aggregate table that the caller may read, as they are or as they were")
        .query("limit", "At most 500; 50 when absent")
        .query("cursor", "Where the page before ended")
        .query("as_of", "A past instant as RFC 3339 writes it; the present when absent")
        .query("labels", "true: each group has its dimensions as the caller reads them in `labels`, too")
        .lists::<wire::AggregateGroup>()
        .refuses(404, &["not_found"])
        .refuses(409, &["aggregate_broken"])
        .refuses(422, &["validation", "needs_job"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Query(asked): Query<Rows>,
) -> Reply {
    let part = aggregates::Part { limit: asked.limit, cursor: asked.cursor.as_deref(), labels: asked.labels };
    match &asked.as_of {
        None => found(&aggregates::rows(&installation, &caller, id, part).await?),
        Some(as_of) => found(&aggregates::rows_as_of(&installation, &caller, id, as_of, part).await?),
    }
}
