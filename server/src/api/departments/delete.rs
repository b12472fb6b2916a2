//! `DELETE /departments/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::departments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Deletes a department").empty(204, "Deleted").refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    departments::delete(&installation, &caller, id).await?;
    done()
}
