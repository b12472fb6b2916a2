//! `GET /forms/{form}/entries/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::entries;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What the caller has entered and not saved: of a record, or of a `new` one")
        .answers::<wire::records::KeptEntry>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, record)): Path<(String, String)>,
) -> Reply {
    found(&entries::read(&installation, &caller, (&form, &record)).await?)
}
