//! `POST /public/{token}/open`

use axum::extract::State;

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Path};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::links::visit;

pub fn doc(doc: Doc) -> Doc {
    super::visit(doc)
        .summary("The form that a public link opens, for who knows its password")
        .takes::<wire::PublicOpen>()
        .answers::<wire::PublicForm>(200)
        .refuses(403, &["wrong_password"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Path(token): Path<String>,
    Visiting(visitor): Visiting,
    Body(input): Body<wire::PublicOpen>,
) -> Reply {
    let password = input.password.unwrap_or_default();
    found(&visit::open(&installation, &token, &visitor, &password).await?)
}
