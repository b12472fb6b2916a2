//! `POST /calls/{id}/retry`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, calls};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Has a call tried again at once; where the calls of its step are switched off, switches them on",
    )
    .answers::<wire::FlowCall>(200)
    .refuses(404, &["not_found"])
    .refuses(409, &["call_sent", "call_unusable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(calls::retry(&installation, &caller, key, id).await)
}
