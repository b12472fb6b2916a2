//! `POST /forms/{form}/bulk-edit`

use axum::extract::State;
use wire::bulk_edit::BulkEditInput;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::bulk_edit;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Changes every record that a filter leaves, by value or by formula, each through the same checks as a record \
         that somebody edits; a job whose result is a BulkEdited and that can be undone. A preview changes nothing",
    )
    .takes::<BulkEditInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_member", "unknown_field", "not_writable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<BulkEditInput>,
) -> Reply {
    answered(bulk_edit::start(&installation, &caller, key, &form, input).await)
}
