//! `POST /reports/{key}/run`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, reports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Runs a report over the records that the caller may see")
        .takes::<wire::ReportInput>()
        .answers::<wire::Report>(200)
        .refuses(404, &["not_found"])
        .refuses(409, &["report_broken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Body(input): Body<wire::ReportInput>,
) -> Reply {
    found(&reports::run(&installation, &caller, &key, &input).await?)
}
