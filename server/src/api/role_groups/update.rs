//! `PATCH /role-groups/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::role_groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes the name of a group of roles")
        .takes::<wire::RoleGroupInput>()
        .answers::<wire::RoleGroup>(200)
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(input): Body<wire::RoleGroupInput>,
) -> Reply {
    answered(role_groups::update(&installation, &caller, id, input).await)
}
