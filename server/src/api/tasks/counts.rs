//! `GET /tasks/counts`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::inbox;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    app: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How much there is in the caller's inbox")
        .query("app", "Only of the forms of this app: its id or key")
        .answers::<wire::flows::TaskCounts>(200)
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&inbox::counts(&installation, &caller, parameters.app.as_deref()).await?)
}
