//! `POST /forms/{form}/links`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::links::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a public link, by which anybody may fill in the form")
        .takes::<wire::LinkInput>()
        .answers::<wire::Link>(201)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published"])
        .refuses(422, &["validation", "unknown_member", "unknown_field", "not_writable"])
        .refuses(503, &["busy"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::LinkInput>,
) -> Reply {
    answered(change::create(&installation, &caller, key, form, input).await)
}
