//! `DELETE /secrets/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, secrets};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes a secret from its app").empty(204, "Taken away").refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    secrets::delete(&installation, &caller, id).await?;
    done()
}
