//! `POST /members/import/preview`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::imports::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a csv file or a workbook would make of the members; nothing is stored")
        .takes::<wire::MemberImportInput>()
        .answers::<wire::MemberImportPreview>(200)
        .refuses(422, &["validation", "broken_csv", "broken_xlsx"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::MemberImportInput>,
) -> Reply {
    found(&members::preview(&installation, &caller, input).await?)
}
