//! `PATCH /roles/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::roles;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes a role")
        .takes::<wire::RolePatch>()
        .answers::<wire::Role>(200)
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(patch): Body<wire::RolePatch>,
) -> Reply {
    answered(roles::update(&installation, &caller, id, patch).await)
}
