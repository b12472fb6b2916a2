//! `DELETE /links/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::links::change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Revokes a public link for good; what came by it stays")
        .empty(204, "Revoked")
        .refuses(404, &["not_found"])
        .refuses(409, &["link_revoked"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
) -> Reply {
    change::revoke(&installation, &caller, id, version).await?;
    done()
}
