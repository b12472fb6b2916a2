//! `POST /jobs/{id}/undo`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, jobs};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes back what long work saved, where its kind can be undone, as another job whose result is an Undone: new \
         records go to the recycle bin and changed ones become what they were, where nobody has changed them since; an \
         import within seven days. Asked for again, it goes on where it was stopped or failed",
    )
    .answers::<wire::JobStarted>(202)
    .refuses(404, &["not_found"])
    .refuses(409, &["job_not_over", "not_undoable", "already_undone", "too_late_to_undo"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(jobs::undo(&installation, &caller, key, id).await)
}
