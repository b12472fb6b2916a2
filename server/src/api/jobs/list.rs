//! `GET /jobs`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, jobs};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The newest jobs that the caller started").lists::<wire::Job>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(jobs::list(&installation, &caller).await?))
}
