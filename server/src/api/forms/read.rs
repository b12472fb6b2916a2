//! `GET /forms/{form}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::forms;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The published definition as the caller may see it")
        .answers::<wire::Form>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = forms::read(&designs, &form, &caller)?;
    found_at(form.version, &form)
}
