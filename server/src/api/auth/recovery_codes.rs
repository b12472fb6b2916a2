//! `POST /auth/second-factor/recovery-codes`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("New recovery codes, shown once; those from before are no good any more")
        .answers::<wire::RecoveryCodes>(200)
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(404, &["not_found"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&second_factor::renew_codes(&installation, &caller).await?)
}
