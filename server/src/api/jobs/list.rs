//! `GET /jobs`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, jobs};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    under_way: bool,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The newest jobs that the caller started")
        .query("under_way", "true: only those that are under way")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Job>()
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { under_way, limit, cursor } = parameters;
    let jobs = jobs::list(&installation, &caller, under_way).await?;
    found(&Page { limit, cursor }.within(jobs, |job| job.id.to_string())?)
}
