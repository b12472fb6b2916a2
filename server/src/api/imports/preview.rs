//! `POST /forms/{form}/import/preview`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, imports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How a csv file, a workbook or a list in JSON would go into a form: its columns, and the field that each header names")
        .takes::<wire::ImportPreviewInput>()
        .answers::<wire::ImportPreview>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["unknown_member", "validation", "broken_csv", "broken_xlsx", "broken_list"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::ImportPreviewInput>,
) -> Reply {
    found(&imports::preview(&installation, &caller, &form, input).await?)
}
