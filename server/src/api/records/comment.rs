//! `POST /forms/{form}/records/{id}/comments`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::comments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Says something about a record, to everybody who may see it")
        .takes::<wire::comments::CommentInput>()
        .answers::<wire::comments::Comment>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    Once(key): Once,
    Body(input): Body<wire::comments::CommentInput>,
) -> Reply {
    answered(comments::create(&installation, &caller, key, (form, id), input).await)
}
