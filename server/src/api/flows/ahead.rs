//! `POST /forms/{form}/flow/ahead`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::ahead;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who would decide about a record if it were submitted now; nothing is stored")
        .takes::<wire::flow_ahead::AheadInput>()
        .answers::<wire::flow_ahead::Ahead>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member", "not_choosable", "person_left"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::flow_ahead::AheadInput>,
) -> Reply {
    found(&ahead::ahead(&installation, &caller, &form, input).await?)
}
