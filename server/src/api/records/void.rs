//! `POST /forms/{form}/records/{id}/void`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Voids a record: it stays and counts no more, scripts take back what they did, and nothing changes it any more",
    )
    .takes::<wire::records::VoidInput>()
    .answers::<wire::records::Record>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(
        409,
        &[
            "not_voidable",
            "voided",
            "constraint",
            "not_unique",
            "refused_by_script",
            "script_limit",
            "script_failed",
            "script_missing",
            "script_chain_too_long",
            "script_own_record",
            "script_target_gone",
        ],
    )
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
    Once(key): Once,
    Body(input): Body<wire::records::VoidInput>,
) -> Reply {
    answered(change::void(&installation, &caller, key, place, &input.reason).await)
}
