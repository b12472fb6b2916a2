//! `POST /delegations`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::delegations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Lets somebody decide in the caller's place for a while, in all flows or in those of some forms; open tasks go along \
         on request, in the job that the answer names",
    )
    .takes::<wire::DelegationInput>()
    .answers::<wire::Delegation>(201)
    .refuses(403, &["forbidden"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::DelegationInput>,
) -> Reply {
    answered(delegations::create(&installation, &caller, key, input).await)
}
