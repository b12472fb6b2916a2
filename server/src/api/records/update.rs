//! `PATCH /forms/{form}/records/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes a record")
        .takes::<wire::records::RecordPatch>()
        .answers::<wire::records::Record>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["not_unique", "constraint", "locked_after_approval"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member", "unknown_field", "not_writable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
    IfMatch(version): IfMatch,
    Body(patch): Body<wire::records::RecordPatch>,
) -> Reply {
    answered(change::update(&installation, &caller, place, version, patch).await)
}
