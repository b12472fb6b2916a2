//! `GET /aggregates/{id}/dependents`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What uses an aggregate table; the ETag is the version that a deletion starts from")
        .answers::<wire::Dependents>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    let (version, uses) = bin::uses::of_aggregate(&installation, &caller, id).await?;
    found_at(version, &uses)
}
