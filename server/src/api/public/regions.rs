//! `GET /public/{token}/regions/{package}/{key}`

use axum::extract::State;

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::Path;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::links::visit;

pub fn doc(doc: Doc) -> Doc {
    super::visit_with_ticket(doc)
        .summary("The list of regions that an address of a public form is chosen from")
        .answers::<wire::Regions>(200)
}

pub async fn handler(
    State(installation): State<Installation>,
    Path((token, package, key)): Path<(String, String, String)>,
    Visiting(visitor): Visiting,
) -> Reply {
    found(&visit::regions(&installation, &token, &visitor, &format!("{package}/{key}")).await?)
}
