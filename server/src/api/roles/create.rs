//! `POST /roles`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::roles;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a role")
        .takes::<wire::RoleInput>()
        .answers::<wire::Role>(201)
        .refuses(409, &["role_taken"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::RoleInput>,
) -> Reply {
    answered(roles::create(&installation, &caller, key, input).await)
}
