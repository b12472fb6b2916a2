//! `GET /instances/{instance}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::flows::instances;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How an instance stands: state, tasks, log, what comes next")
        .answers::<wire::flows::Instance>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    let (version, instance) = instances::read_one(&installation, &caller, id).await?;
    found_at(version, &instance)
}
