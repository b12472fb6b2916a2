//! `POST /members/import`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::imports::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Brings in members from a csv file or a workbook; a job whose result is a MemberImport")
        .takes::<wire::MemberImportInput>()
        .answers::<wire::JobStarted>(202)
        .refuses(422, &["validation", "broken_csv", "broken_xlsx"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::MemberImportInput>,
) -> Reply {
    answered(members::import(&installation, &caller, key, input).await)
}
