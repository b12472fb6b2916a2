//! `GET /forms/{form}/removed`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::removed;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Fields that were taken out or changed and whose values lie aside until they are purged")
        .lists::<wire::RemovedField>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    let items = removed::list(&installation, &caller, &form).await?;
    found(&wire::List::all(items))
}
