//! `POST /apps/{app}/dashboards`

use axum::extract::State;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, dashboards};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a dashboard of the Dashboard document")
        .takes_document("dashboard")
        .answers::<wire::Dashboard>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["dashboard_taken"])
        .refuses(422, &["validation", "unknown_member", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Once(key): Once,
    Body(document): Design<Json>,
) -> Reply {
    answered(dashboards::create(&installation, &caller, key, app, document).await)
}
