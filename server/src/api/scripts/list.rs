//! `GET /apps/{app}/scripts`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The transaction scripts of an app, for who administers it")
        .lists::<wire::Script>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&wire::List::all(scripts::list(&designs, &app, &caller)?))
}
