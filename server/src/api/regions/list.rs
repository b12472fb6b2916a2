//! `GET /regions`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, regions};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The lists of regions that fields of addresses can name").lists::<wire::RegionList>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(regions::list(&installation, &caller).await?))
}
