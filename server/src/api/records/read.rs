//! `GET /forms/{form}/records/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::records::read;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A record as the caller may see it")
        .answers::<wire::records::Record>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
) -> Reply {
    let record = read::read(&installation, &caller, &form, id).await?;
    found_at(record.version, &record)
}
