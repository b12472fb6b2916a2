//! `PUT /forms/{form}/draft`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::draft;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Replaces the whole draft")
        .takes_document("form")
        .answers::<wire::Draft>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    IfMatch(version): IfMatch,
    Body(document): Design<Json>,
) -> Reply {
    answered(draft::replace(&installation, &caller, form, version, document).await)
}
