//! `PUT /forms/{form}/permissions/{id}`

use axum::extract::State;
use engine::value::Id;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Replaces a permission group")
        .takes_document("permission-group")
        .answers::<wire::Made>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
    IfMatch(version): IfMatch,
    Body(document): Body<Json>,
) -> Reply {
    answered(groups::replace(&installation, &caller, place, version, document).await)
}
