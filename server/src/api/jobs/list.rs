//! `GET /jobs`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, jobs};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The newest jobs that the caller started")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Job>()
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(page): Query<Page>,
) -> Reply {
    found(&page.within(jobs::list(&installation, &caller).await?, |job| job.id.to_string())?)
}
