//! `POST /aggregates/{id}/verify`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Compares the kept groups with a rebuild from the records")
        .answers::<wire::AggregateVerified>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["aggregate_broken"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    found(&aggregates::verify(&installation, &caller, id).await?)
}
