//! `POST /public/{token}/answers`

use axum::extract::State;

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Path};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::links::answer;

pub fn doc(doc: Doc) -> Doc {
    super::visit_with_ticket(doc)
        .summary("Takes what a visitor has filled in: a record of the form, whose flow it starts")
        .takes::<wire::PublicAnswer>()
        .answers::<wire::PublicTaken>(201)
        .refuses(409, &["not_accepted", "idempotency_in_progress"])
        .refuses(
            422,
            &["validation", "unknown_member", "unknown_field", "not_writable", "idempotency_key_reused"],
        )
}

pub async fn handler(
    State(installation): State<Installation>,
    Path(token): Path<String>,
    Visiting(visitor): Visiting,
    Body(input): Body<wire::PublicAnswer>,
) -> Reply {
    answered(answer::answer(&installation, &token, &visitor, input).await)
}
