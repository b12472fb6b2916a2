//! `GET /forms/{form}/records/{id}/explain`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::permissions::explain;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Why a member may or may not do something with a record, for administrators of the form's app",
    )
    .query("member", "who; the caller when absent")
    .query("operation", "an operation of permission groups")
    .query("field", "the path of a field or column: whether it may be read, and edited")
    .answers::<wire::Explanation>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_field", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    Query(input): Query<wire::ExplainInput>,
) -> Reply {
    found(&explain::answer(&installation, &caller, &form, id, &input).await?)
}
