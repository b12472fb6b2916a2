//! `POST /forms/{form}/draft/edits`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::draft;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Applies editor commands to the draft")
        .takes::<wire::Edits>()
        .answers::<wire::Draft>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["edits_collide"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Design<wire::Edits>,
) -> Reply {
    answered(draft::edit(&installation, &caller, key, form, input).await)
}
