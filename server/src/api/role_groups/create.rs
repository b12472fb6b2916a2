//! `POST /role-groups`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::role_groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a group of roles")
        .takes::<wire::RoleGroupInput>()
        .answers::<wire::RoleGroup>(201)
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::RoleGroupInput>,
) -> Reply {
    answered(role_groups::create(&installation, &caller, key, input).await)
}
