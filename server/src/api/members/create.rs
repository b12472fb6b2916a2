//! `POST /members`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a member")
        .takes::<wire::MemberInput>()
        .answers::<wire::Member>(201)
        .refuses(403, &["session_required"])
        .refuses(409, &["email_taken"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::MemberInput>,
) -> Reply {
    answered(members::create(&installation, &caller, key, input).await)
}
