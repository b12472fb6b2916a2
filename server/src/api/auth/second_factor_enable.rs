//! `POST /auth/second-factor/enable`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Asks for a second step from now on; the answer has recovery codes, shown once")
        .takes::<wire::CodeInput>()
        .answers::<wire::RecoveryCodes>(200)
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
        .refuses(409, &["second_factor_on"])
        .refuses(422, &["validation"])
        .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::CodeInput>,
) -> Reply {
    found(&second_factor::enable(&installation, &caller, &input.code).await?)
}
