//! `POST /aggregates/{id}/records`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The records that make a number of an aggregate table, each with what it gives")
        .takes::<wire::AggregateBehindInput>()
        .answers::<wire::AggregateBehind>(200)
        .refuses(404, &["not_found"])
        .refuses(409, &["aggregate_broken"])
        .refuses(422, &["validation", "unknown_field", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(input): Body<wire::AggregateBehindInput>,
) -> Reply {
    found(&aggregates::records(&installation, &caller, id, &input).await?)
}
