//! `POST /auth/second-factor`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a secret for an authenticator; it is asked for once it was enabled with a code")
        .answers::<wire::SecondFactorOffer>(200)
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
        .refuses(409, &["second_factor_on"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&second_factor::offer(&installation, &caller).await?)
}
