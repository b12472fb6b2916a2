//! `GET /dashboards/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::{Installation, dashboards};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A dashboard by its id or key: its filters, and where its tiles stand")
        .answers::<wire::Dashboard>(200)
        .refuses(404, &["not_found"])
        .refuses(409, &["dashboard_broken"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<String>,
) -> Reply {
    let dashboard = dashboards::read(&installation, &caller, &id).await?;
    found_at(dashboard.version, &dashboard)
}
