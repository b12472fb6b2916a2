//! `DELETE /favourites/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, favourites};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Keeps one of the caller's favourites no longer")
        .empty(204, "No longer at hand")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    favourites::delete(&installation, &caller, id).await?;
    done()
}
