//! `GET /forms/{form}/flow/versions/{version}/dependents`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::flows::deletion;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The requests that go or went by a version of the flow; the ETag is its number")
        .answers::<wire::Dependents>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, version)): Path<(String, i64)>,
) -> Reply {
    let (version, uses) = deletion::dependents(&installation, &caller, &form, version).await?;
    found_at(version, &uses)
}
