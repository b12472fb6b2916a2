//! `GET /apps/{app}/reports`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, reports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The reports of an app and of the apps that it needs, which the caller may read")
        .lists::<wire::ReportSummary>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&wire::List::all(reports::list(&designs, &app, &caller)?))
}
