//! `DELETE /prints/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, prints};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Deletes a print template; the records are not touched")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
) -> Reply {
    prints::delete(&installation, &caller, id, version).await?;
    done()
}
