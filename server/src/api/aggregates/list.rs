//! `GET /apps/{app}/aggregates`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The aggregate tables of an app that the caller may read")
        .lists::<wire::Aggregate>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&wire::List::all(aggregates::list(&designs, &app, &caller)?))
}
