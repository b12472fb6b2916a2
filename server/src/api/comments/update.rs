//! `PATCH /comments/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::comments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Other words in place of what the caller said about a record; those whom they name anew are told",
    )
    .takes::<wire::comments::CommentEdit>()
    .answers::<wire::comments::Comment>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(input): Body<wire::comments::CommentEdit>,
) -> Reply {
    answered(comments::update(&installation, &caller, id, input).await)
}
