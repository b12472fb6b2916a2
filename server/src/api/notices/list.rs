//! `GET /notices`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::notices;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    unread: bool,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What the caller was told of, newest first")
        .query("unread", "true: only what is not read")
        .query("limit", "Notices of one page, 500 at most")
        .query("cursor", "Where the page starts")
        .lists::<wire::Notice>()
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { unread, limit, cursor } = parameters;
    let before = Page { limit, cursor }.id()?;
    let (items, next) = notices::list(&installation, &caller, unread, before, limit).await?;
    found(&wire::List { items, next })
}
