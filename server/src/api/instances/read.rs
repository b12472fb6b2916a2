//! `GET /instances/{instance}`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::flows::instances;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    log_before: Option<i64>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How an instance stands: state, tasks, log, what comes next")
        .query(
            "log_before",
            "The log before this line, in place of its newest lines: log_earlier of another answer",
        )
        .answers::<wire::flows::Instance>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let (version, instance) = instances::read_one(&installation, &caller, id, parameters.log_before).await?;
    found_at(version, &instance)
}
