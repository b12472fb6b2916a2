//! `GET /forms/{form}/hooks`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, hooks};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The inbound hooks of a form, the newest first, for those who administer it; without their secrets",
    )
    .lists::<wire::Hook>()
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(hooks::list(&installation, &caller, &form).await?))
}
