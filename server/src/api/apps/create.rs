//! `POST /apps`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::apps;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes an app; its maker administers it")
        .takes::<wire::AppInput>()
        .answers::<wire::App>(201)
        .refuses(403, &["forbidden"])
        .refuses(409, &["app_taken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::AppInput>,
) -> Reply {
    answered(apps::create(&installation, &caller, key, input).await)
}
