//! `GET /me/put-away`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, put_away};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The hints of the pages that the caller has put away").answers::<wire::PutAway>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&put_away::read(&installation, &caller).await?)
}
