//! `POST /forms/{form}/hooks/{id}/secret`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::hooks::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Gives an inbound hook another secret, told this once; the one before stays good beside it")
        .answers::<wire::Hook>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    IfMatch(version): IfMatch,
) -> Reply {
    answered(change::renew_secret(&installation, &caller, (form, id), version).await)
}
