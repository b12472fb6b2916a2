//! `POST /apps/{app}/forms`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::publish;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a form from a Form document; published unless it says `draft: true`")
        .takes_form()
        .answers::<wire::Form>(201)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_taken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Once(key): Once,
    Body(document): Design<Json>,
) -> Reply {
    answered(publish::create(&installation, &caller, key, app, document).await)
}
