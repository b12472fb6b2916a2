//! `GET /forms/{form}/flow/versions`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::versions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The published versions of the flow, newest first")
        .lists::<wire::flow_design::FlowVersion>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(versions::list(&installation, &caller, &form).await?))
}
