//! `POST /forms/{form}/import`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, imports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Brings the rows of a csv file, a workbook or a list in JSON in as records, each through the same checks as a record that somebody \
         fills in; a job whose result is an Imported",
    )
    .takes::<wire::ImportInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["unknown_member", "unknown_field", "validation", "broken_csv", "broken_xlsx", "broken_list"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::ImportInput>,
) -> Reply {
    answered(imports::start(&installation, &caller, key, &form, input).await)
}
