//! `POST /jobs/{id}/undo`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::undo;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes back what a job saved, as another job whose result is an Undone: records that were changed since stay",
    )
    .answers::<wire::JobStarted>(202)
    .refuses(404, &["not_found"])
    .refuses(409, &["job_not_over", "not_undoable", "job_undone"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(undo::start(&installation, &caller, key, id).await)
}
