//! `POST /forms/{form}/hooks`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::hooks::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes an inbound hook, by which another system makes or changes records; its secret is told this once")
        .takes::<wire::HookInput>()
        .answers::<wire::Hook>(201)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published"])
        .refuses(422, &["validation", "unknown_member", "unknown_field"])
        .refuses(503, &["busy"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::HookInput>,
) -> Reply {
    answered(change::create(&installation, &caller, form, input).await)
}
