//! `POST /forms/{form}/flow/simulate`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::simulate;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Which way a record would go, and who would be asked; nothing is stored")
        .takes::<wire::simulation::SimulateInput>()
        .answers::<wire::simulation::Simulated>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::simulation::SimulateInput>,
) -> Reply {
    found(&simulate::run(&installation, &caller, &form, input).await?)
}
