//! `GET /forms/{form}/admins`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::administrators;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who administers a form without administering its app")
        .answers::<wire::FormAdmins>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&administrators::read(&installation, &caller, &form).await?)
}
