//! `GET /forms/{form}/records/{id}/fields/{field}`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;
use wire::records::CountMode;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::asking::{Wanted, list};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[serde(default)]
    count: CountMode,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The list that a query field of a record shows now, as the caller may see it")
        .query("limit", "Records of one page, 500 at most; the field's own limit without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .query("count", "none, estimate or exact")
        .answers::<wire::records::ListAnswer>(200)
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "not_sortable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id, field)): Path<(String, Id, String)>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { limit, cursor, count } = parameters;
    let wanted = Wanted { limit, cursor, count };
    found(&list(&installation, &caller, (&form, id, &field), &wanted).await?)
}
