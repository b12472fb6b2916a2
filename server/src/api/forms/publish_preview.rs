//! `POST /forms/{form}/publish/preview`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::preview;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What publishing the draft would do to the records that are there; nothing is changed")
        .answers::<wire::PublishPreview>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_in_use"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&preview::preview(&installation, &caller, &form).await?)
}
