//! `POST /departments`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::departments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a department")
        .takes::<wire::DepartmentInput>()
        .answers::<wire::Department>(201)
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::DepartmentInput>,
) -> Reply {
    answered(departments::create(&installation, &caller, key, input).await)
}
