//! `GET /public/{token}`

use axum::extract::State;

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::Path;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::links::visit;

pub fn doc(doc: Doc) -> Doc {
    super::visit(doc)
        .summary("The form that a public link opens, with a ticket for one answer")
        .answers::<wire::PublicForm>(200)
        .refuses(403, &["password_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Path(token): Path<String>,
    Visiting(visitor): Visiting,
) -> Reply {
    found(&visit::read(&installation, &token, &visitor).await?)
}
