//! `GET /jobs/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, jobs};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How far long work is, and what came out of it")
        .answers::<wire::Job>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    found(&jobs::read(&installation, &caller, id).await?)
}
