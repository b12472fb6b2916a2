//! `POST /forms/{form}/flow/migrate`

use axum::extract::State;
use wire::migration::MigrateInput;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::migrate;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Has running instances go on with another version of the flow, each by itself; a job whose result is a Migrated. \
         Those that can't be moved are told of and stay as they are; a dry run changes nothing",
    )
    .takes::<MigrateInput>()
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<MigrateInput>,
) -> Reply {
    answered(migrate::start(&installation, &caller, key, &form, input).await)
}
