//! `GET /forms/{form}/links`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::links::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The public links of a form, the newest first, for those who administer it; the revoked ones too",
    )
    .lists::<wire::Link>()
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(change::list(&installation, &caller, &form).await?))
}
