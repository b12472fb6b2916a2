//! `GET /forms/{form}/draft`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::forms::draft;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The draft, with what stands in the way of publishing it")
        .answers::<wire::Draft>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    let draft = draft::read(&installation, &caller, &form).await?;
    found_at(draft.base, &draft)
}
