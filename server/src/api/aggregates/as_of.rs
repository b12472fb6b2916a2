//! `POST /aggregates/{id}/as-of`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The groups of an aggregate table as they were at a past instant, however many records there are; a job \
         whose result is an AggregateAsOf",
    )
    .takes::<wire::AggregateAsOfInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(404, &["not_found"])
    .refuses(409, &["aggregate_broken"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
    Body(input): Body<wire::AggregateAsOfInput>,
) -> Reply {
    answered(aggregates::start_as_of(&installation, &caller, key, id, input).await)
}
