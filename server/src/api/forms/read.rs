//! `GET /forms/{form}`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::forms;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// A task of the caller, or an instance that they started: the definition as its step shows it.
    task: Option<Id>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The published definition as the caller may see it")
        .query("task", "A task: the definition as its step shows it")
        .answers::<wire::Form>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let form = match parameters.task {
        Some(task) => forms::read_at(&installation, &caller, &form, task).await?,
        None => {
            let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
            forms::read(&designs, &form, &caller)?
        }
    };
    found_at(form.version, &form)
}
