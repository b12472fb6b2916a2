//! `POST /bin/purge`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes up to 500 things of the recycle bin for good; a job whose result is a BinResults")
        .takes::<wire::BinPurgeInput>()
        .answers::<wire::JobStarted>(202)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::BinPurgeInput>,
) -> Reply {
    answered(bin::purge(&installation, &caller, key, input.ids).await)
}
