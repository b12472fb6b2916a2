//! `GET /forms/{form}/hooks/{id}/deliveries`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, hooks};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What came by an inbound hook lately and what became of it, the newest first")
        .lists::<wire::HookDelivery>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
) -> Reply {
    found(&wire::List::all(hooks::deliveries(&installation, &caller, (&form, id)).await?))
}
