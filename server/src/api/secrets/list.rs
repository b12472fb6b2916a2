//! `GET /apps/{app}/secrets`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, secrets};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The secrets of an app, without what they are")
        .lists::<wire::Secret>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    found(&wire::List::all(secrets::list(&installation, &caller, &app).await?))
}
