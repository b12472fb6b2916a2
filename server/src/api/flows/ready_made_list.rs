//! `GET /forms/{form}/flow/ready-made`

use axum::extract::State;
use wire::List;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::ready_made;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The ready-made flows, with what of the form can stand for what each names")
        .lists::<wire::ready_made::ReadyMadeFlow>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&List::all(ready_made::list(&installation, &caller, &form).await?))
}
