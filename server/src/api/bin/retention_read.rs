//! `GET /retention`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("For how many days what was deleted lies in the recycle bin").answers::<wire::Retention>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&bin::retention(&installation, &caller).await?)
}
