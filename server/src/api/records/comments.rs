//! `GET /forms/{form}/records/{id}/comments`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::comments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What people said about a record, newest first")
        .query("limit", "Comments, 500 at most")
        .query("cursor", "Where the next page starts")
        .answers::<wire::comments::Comments>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    Query(page): Query<Page>,
) -> Reply {
    let before = page.id()?;
    found(&comments::list(&installation, &caller, (&form, id), before, page.limit).await?)
}
