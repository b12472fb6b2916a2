//! `POST /forms/{form}/prints`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, prints};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a print template from its document; without a key it gets one made of its label")
        .takes_document("print")
        .answers::<wire::PrintTemplate>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["print_taken"])
        .refuses(422, &["validation", "unknown_member", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(document): Body<Json>,
) -> Reply {
    answered(prints::create(&installation, &caller, key, form, document).await)
}
