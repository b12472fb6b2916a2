//! `GET /tasks/{task}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::tasks;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A task with what its assignee works with")
        .answers::<wire::flows::OpenTask>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(task): Path<Id>,
) -> Reply {
    found(&tasks::read(&installation, &caller, task).await?)
}
