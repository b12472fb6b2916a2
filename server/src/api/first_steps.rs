//! `GET /me/first-steps`

use axum::extract::State;

use super::doc::Doc;
use super::extract::Signed;
use super::reply::{Reply, found};
use crate::service::{Installation, first_steps};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What the caller has done of the first steps in a workspace; what came with a template does not count")
        .answers::<wire::FirstSteps>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&first_steps::read(&installation, &caller).await?)
}
