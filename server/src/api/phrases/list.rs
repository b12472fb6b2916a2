//! `GET /phrases`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::phrases;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's own phrases for opinions").lists::<wire::flows::Phrase>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(phrases::list(&installation, &caller).await?))
}
