//! `GET /forms/{form}/prints`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, prints};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The print templates of a form, for who may print its records; with their documents for who designs it")
        .lists::<wire::PrintTemplate>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(prints::list(&installation, &caller, &form).await?))
}
