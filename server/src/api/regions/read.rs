//! `GET /regions/{package}/{key}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, regions};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A list of regions: provinces with their cities with their districts")
        .answers::<wire::Regions>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((package, key)): Path<(String, String)>,
) -> Reply {
    found(&regions::read(&installation, &caller, &format!("{package}/{key}")).await?)
}
