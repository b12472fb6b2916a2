//! `POST /forms/{form}/records/{id}/restore`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes a record out of the recycle bin")
        .answers::<wire::records::Record>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["not_unique", "constraint"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
    Once(key): Once,
) -> Reply {
    answered(change::restore(&installation, &caller, key, place).await)
}
