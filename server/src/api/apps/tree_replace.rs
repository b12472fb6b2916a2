//! `PUT /apps/{app}/tree`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, app_tree};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Arranges the navigation of an app for everybody who uses it")
        .takes::<wire::AppTreeInput>()
        .answers::<wire::AppTree>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(422, &["validation", "unknown_member"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<wire::AppTreeInput>,
) -> Reply {
    answered(app_tree::replace(&installation, &caller, app, version, input).await)
}
