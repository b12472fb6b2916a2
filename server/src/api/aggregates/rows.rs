//! `GET /aggregates/{id}/rows`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The groups of an aggregate table that the caller may read")
        .query("limit", "At most 500; 50 when absent")
        .query("cursor", "Where the page before ended")
        .lists::<wire::AggregateGroup>()
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Query(page): Query<Page>,
) -> Reply {
    found(&aggregates::rows(&installation, &caller, id, page.limit, page.cursor.as_deref()).await?)
}
