//! `DELETE /aggregates/{id}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts an aggregate table into the recycle bin; the records that it counted stay")
        .empty(204, "Removed")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["aggregate_shown", "aggregate_asked", "aggregate_scripted"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
) -> Reply {
    aggregates::delete(&installation, &caller, id, version).await?;
    done()
}
