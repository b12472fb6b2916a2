//! `PUT /workspace/zone`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::zone;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Changes the zone in which days are counted, and counts and computes anew what depends on it; a job whose result is \
         a ZoneChanged",
    )
    .takes::<wire::ZoneInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::ZoneInput>,
) -> Reply {
    answered(zone::start(&installation, &caller, key, input).await)
}
