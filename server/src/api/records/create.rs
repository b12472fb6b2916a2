//! `POST /forms/{form}/records`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a record, and starts the form's flow")
        .takes::<wire::records::RecordInput>()
        .answers::<wire::records::Record>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["not_unique", "constraint", "no_drafts", "idempotency_in_progress"])
        .refuses(
            422,
            &[
                "validation",
                "unknown_member",
                "unknown_field",
                "not_writable",
                "not_choosable",
                "person_left",
            ],
        )
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::records::RecordInput>,
) -> Reply {
    answered(change::create(&installation, &caller, key, form, input).await)
}
