//! `GET /tasks/counts`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::inbox;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How much there is in the caller's inbox").answers::<wire::flows::TaskCounts>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&inbox::counts(&installation, &caller).await?)
}
