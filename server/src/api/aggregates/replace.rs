//! `PUT /aggregates/{id}`

use axum::extract::State;
use engine::value::Id;
use serde_json::Value as Json;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Design, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Puts another document in the place of an aggregate table's; where it counts otherwise its groups are built \
         anew, as a job where there are many records",
    )
    .takes_document("aggregate")
    .answers::<wire::Made>(200)
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(409, &["constraint", "aggregate_shown", "aggregate_asked"])
    .refuses(412, &["stale"])
    .refuses(428, &["if_match_required"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    IfMatch(version): IfMatch,
    Body(document): Design<Json>,
) -> Reply {
    answered(aggregates::replace(&installation, &caller, (id, version), document).await)
}
