//! `GET /auth/second-factor`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::second_factor;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's second step of signing in")
        .answers::<wire::SecondFactor>(200)
        .refuses(403, &["session_required"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&second_factor::read(&installation, &caller).await?)
}
