//! `PUT /retention`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Says for how many days what was deleted lies in the recycle bin")
        .takes::<wire::Retention>()
        .answers::<wire::Retention>(200)
        .refuses(403, &["forbidden"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::Retention>,
) -> Reply {
    found(&bin::set_retention(&installation, &caller, input).await?)
}
