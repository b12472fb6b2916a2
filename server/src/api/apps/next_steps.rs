//! `GET /apps/{app}/next-steps`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What comes next in an app that was made from a template, and what of it is done")
        .answers::<wire::NextSteps>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    found(&templates::next_steps(&installation, &caller, &app).await?)
}
