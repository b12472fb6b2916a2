//! `DELETE /phrases/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::flows::phrases;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Forgets a phrase of the caller's own").empty(204, "Forgotten").refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    phrases::delete(&installation, &caller, id).await?;
    done()
}
