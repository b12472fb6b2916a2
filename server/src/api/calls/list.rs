//! `GET /apps/{app}/calls`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, calls};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    state: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What flows of an app have called, newest first")
        .query("state", "`waiting`, `sent`, `dead` or `held`: only these")
        .query("limit", "Calls of one page, 500 at most")
        .query("cursor", "Where the page starts")
        .lists::<wire::FlowCall>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { state, limit, cursor } = parameters;
    let before = Page { limit, cursor }.id()?;
    let page = calls::list(&installation, &caller, &app, state.as_deref(), (before, limit)).await?;
    let (items, next) = page;
    found(&wire::List { items, next })
}
