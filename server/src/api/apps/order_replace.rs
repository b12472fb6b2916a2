//! `PUT /me/app-order`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, app_order};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts the apps into the order in which the caller, and nobody else, is shown them")
        .takes::<wire::AppOrder>()
        .answers::<wire::AppOrder>(200)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::AppOrder>,
) -> Reply {
    answered(app_order::replace(&installation, &caller, input).await)
}
