//! `GET /forms/{form}/schema`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::schema;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The JSON Schema (2020-12) of a record")
        .answers::<serde_json::Value>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&schema::schema(&designs, &form, &caller)?)
}
