//! `POST /forms/{form}/fields/{field}/purge`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::forms::removed;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes what lies aside of a field that was taken out or changed, for good")
        .empty(204, "Purged")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, field)): Path<(String, String)>,
) -> Reply {
    removed::purge(&installation, &caller, form, field).await?;
    done()
}
