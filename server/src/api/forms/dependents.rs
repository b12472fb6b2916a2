//! `GET /forms/{form}/fields/{field}/dependents`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::dependents;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "What uses a field: formulas, rules, flows, groups, figures and views, in its form and elsewhere",
    )
    .answers::<wire::Dependents>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, field)): Path<(String, String)>,
) -> Reply {
    found(&dependents::dependents(&installation, &caller, &form, &field).await?)
}
