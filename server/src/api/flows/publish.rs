//! `POST /forms/{form}/flow/publish`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::design;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Publishes the flow: new instances run it")
        .answers::<wire::Published>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records", "writes_elsewhere"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
) -> Reply {
    answered(design::publish(&installation, &caller, key, form).await)
}
