//! `POST /forms/{form}/records/purge`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes records of the recycle bin for good, these or all; a job whose result is a Purged")
        .takes::<wire::PurgeInput>()
        .answers::<wire::JobStarted>(202)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::PurgeInput>,
) -> Reply {
    answered(bin::purge_records(&installation, &caller, key, &form, input).await)
}
