//! `PATCH /apps/{app}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::apps;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes an app")
        .takes::<wire::AppPatch>()
        .answers::<wire::App>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Body(patch): Body<wire::AppPatch>,
) -> Reply {
    answered(apps::update(&installation, &caller, app, patch).await)
}
