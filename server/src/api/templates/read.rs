//! `GET /templates/{key}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What is in a template: its forms with their fields, its dashboards and its reports")
        .answers::<wire::TemplateContent>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
) -> Reply {
    found(&templates::content(&installation, &caller, &key).await?)
}
