//! `POST /forms/{form}/records/query`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::query;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Records by filter, in order, a page at a time")
        .takes::<wire::records::Query>()
        .answers::<wire::records::QueryAnswer>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field", "not_sortable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(asked): Body<wire::records::Query>,
) -> Reply {
    found(&query::query(&installation, &caller, &form, &asked).await?)
}
