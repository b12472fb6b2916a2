//! `POST /apps/import`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Makes an app from a package, a zip that was sent as a file; a job whose result is an Installed",
    )
    .takes::<wire::PackageImport>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::PackageImport>,
) -> Reply {
    answered(templates::import(&installation, &caller, key, input).await)
}
