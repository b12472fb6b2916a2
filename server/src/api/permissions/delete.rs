//! `DELETE /forms/{form}/permissions/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::forms::groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Deletes a permission group")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
) -> Reply {
    groups::delete(&installation, &caller, place).await?;
    done()
}
