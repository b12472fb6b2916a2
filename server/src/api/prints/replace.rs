//! `PUT /prints/{id}`

use axum::extract::State;
use engine::value::Id;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, prints};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Writes a print template anew; its key stays")
        .takes_document("print")
        .answers::<wire::PrintTemplate>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
    Body(document): Body<Json>,
) -> Reply {
    answered(prints::replace(&installation, &caller, id, version, document).await)
}
