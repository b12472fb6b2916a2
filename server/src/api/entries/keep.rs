//! `PUT /forms/{form}/entries/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::entries;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Keeps what the caller has entered and not saved, for themselves alone; nothing is checked, and no record changes")
        .takes::<wire::records::EntryInput>()
        .answers::<wire::records::KeptEntry>(200)
        .refuses(404, &["not_found"])
        .refuses(413, &["too_large"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, record)): Path<(String, String)>,
    Body(input): Body<wire::records::EntryInput>,
) -> Reply {
    found(&entries::keep(&installation, &caller, (&form, &record), input).await?)
}
