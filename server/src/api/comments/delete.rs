//! `DELETE /comments/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::records::comments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes away what the caller said about a record; administrators what others said")
        .empty(204, "Taken away")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    comments::delete(&installation, &caller, id).await?;
    done()
}
