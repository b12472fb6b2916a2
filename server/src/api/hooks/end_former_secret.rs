//! `DELETE /forms/{form}/hooks/{id}/secret`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::hooks::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends the secret of an inbound hook that was before the newest")
        .answers::<wire::Hook>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, id)): Path<(String, Id)>,
    IfMatch(version): IfMatch,
) -> Reply {
    answered(change::end_former_secret(&installation, &caller, (form, id), version).await)
}
