//! `POST /forms/{form}/flow/coverage`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::simulate;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Which steps and arms the newest records would come by; nothing is stored")
        .takes::<wire::flow_design::CoverageInput>()
        .answers::<wire::flow_design::FlowCoverage>(200)
        .refuses(403, &["forbidden", "reads_hidden_field"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::flow_design::CoverageInput>,
) -> Reply {
    found(&simulate::coverage(&installation, &caller, &form, input).await?)
}
