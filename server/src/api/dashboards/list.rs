//! `GET /apps/{app}/dashboards`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, dashboards};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The dashboards of an app that the caller may read")
        .lists::<wire::DashboardSummary>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&wire::List::all(dashboards::list(&designs, &app, &caller)?))
}
