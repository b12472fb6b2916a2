//! `PUT /notices/settings`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::notices::settings;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes of what the caller is told, and how; kinds that are not named stay as they are")
        .takes::<wire::NoticeSettingsInput>()
        .answers::<wire::NoticeSettings>(200)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::NoticeSettingsInput>,
) -> Reply {
    answered(settings::replace(&installation, &caller, input).await)
}
