//! `GET /templates/{key}/demo`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "How many demo records of an installed template, and of what came along with it, are still there",
    )
    .answers::<wire::TemplateDemo>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
) -> Reply {
    found(&templates::demo(&installation, &caller, &key).await?)
}
