//! `PATCH /links/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::links::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes the members of a public link that are given; with `on` it is switched off and on")
        .takes::<wire::LinkPatch>()
        .answers::<wire::Link>(200)
        .refuses(403, &["reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published", "link_revoked"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member", "unknown_field", "not_writable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<wire::LinkPatch>,
) -> Reply {
    answered(change::update(&installation, &caller, id, version, patch).await)
}
