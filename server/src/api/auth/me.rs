//! `GET /me`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who is signed in").answers::<wire::Me>(200).refuses(401, &["sign_in_required"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&members::me(&installation, &caller))
}
