//! `GET /auth/ways`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::reset;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How one can sign in here").answers::<wire::SignInWays>(200)
}

pub async fn handler(State(installation): State<Installation>) -> Reply {
    found(&reset::ways(&installation).await)
}
