//! `GET /apps/{app}/tree`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, app_tree};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The navigation of an app, as far as the caller may use what stands in it")
        .answers::<wire::AppTree>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    found(&app_tree::read(&installation, &caller, &app).await?)
}
