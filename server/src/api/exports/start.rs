//! `POST /forms/{form}/export`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, exports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Writes records into a file, as far as the caller may see and export them; a job whose result is an Exported",
    )
    .takes::<wire::ExportInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["unknown_member", "unknown_field", "not_sortable", "validation"])
    .refuses(429, &["too_many_exports"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::ExportInput>,
) -> Reply {
    answered(exports::start(&installation, &caller, key, &form, input).await)
}
