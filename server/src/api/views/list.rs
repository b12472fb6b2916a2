//! `GET /forms/{form}/views`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, views};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's own views of a form, and those that are shared")
        .lists::<wire::View>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(views::list(&installation, &caller, &form).await?))
}
