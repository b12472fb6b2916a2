//! `POST /notices/read`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::notices;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Marks notices of the caller's as read, by name or all up to one; or some as not read")
        .takes::<wire::NoticesRead>()
        .answers::<wire::NoticeCount>(200)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::NoticesRead>,
) -> Reply {
    answered(notices::mark(&installation, &caller, key, input).await)
}
