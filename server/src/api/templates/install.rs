//! `POST /templates/{key}/install`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Installs a template with what it needs, as a job whose result is an Installed")
        .takes::<wire::InstallInput>()
        .answers::<wire::JobStarted>(202)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Once(once): Once,
    Body(input): Body<wire::InstallInput>,
) -> Reply {
    answered(templates::install(&installation, &caller, once, key, input).await)
}
