//! `PUT /forms/{form}/flow/draft`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, IfMatchIfAny, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::design;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Replaces the flow document that is being designed")
        .takes_document("flow")
        .answers::<serde_json::Value>(200)
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
    IfMatchIfAny(version): IfMatchIfAny,
    Body(document): Design<Json>,
) -> Reply {
    answered(design::replace(&installation, &caller, form, version, document).await)
}
