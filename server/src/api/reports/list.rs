//! `GET /apps/{app}/reports`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, reports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The reports of an app and of the apps that it needs, which have something for the caller")
        .lists::<wire::ReportSummary>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    found(&wire::List::all(reports::list(&installation, &caller, &app).await?))
}
