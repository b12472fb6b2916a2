//! `GET /forms/{form}/permissions`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The permission groups of a form")
        .lists::<wire::PermissionGroup>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(groups::list(&installation, &caller, &form).await?))
}
