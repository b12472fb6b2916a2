//! `GET /forms/{form}/records/{id}/history`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::history;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What happened to a record, newest first")
        .query("limit", "Entries, 500 at most")
        .query("cursor", "Where the next page starts")
        .lists::<wire::records::HistoryEntry>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    Query(page): Query<Page>,
) -> Reply {
    let before = page.version()?;
    found(&history::history(&installation, &caller, (&form, id), before, page.limit).await?)
}
