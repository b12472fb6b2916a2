//! `GET /forms/{form}/permissions/predefined`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, permissions};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Permission groups to begin with, as documents that name nobody yet")
        .lists::<serde_json::Value>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(permissions::offered(&installation, &caller, &form).await?))
}
