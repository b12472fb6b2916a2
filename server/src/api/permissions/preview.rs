//! `POST /forms/{form}/permissions/preview`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::permissions::preview;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a permission group would let its people see; nothing is stored")
        .takes::<wire::GroupPreviewInput>()
        .answers::<wire::GroupPreview>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::GroupPreviewInput>,
) -> Reply {
    found(&preview::preview(&installation, &caller, &form, input).await?)
}
