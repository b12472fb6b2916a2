//! `POST /forms/{form}/records/{id}/submit`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Submits a stored draft")
        .takes::<wire::records::SubmitInput>()
        .answers::<wire::records::Record>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["not_a_draft", "not_unique", "constraint"])
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
    Path(place): Path<(String, Id)>,
    Once(key): Once,
    Body(input): Body<wire::records::SubmitInput>,
) -> Reply {
    answered(change::submit(&installation, &caller, key, place, input).await)
}
