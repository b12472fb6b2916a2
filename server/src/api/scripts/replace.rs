//! `PUT /apps/{app}/scripts/{key}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatch, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Writes a transaction script anew; from then on it runs so")
        .takes::<wire::ScriptSource>()
        .answers::<wire::Script>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["script_in_use", "script_taken"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body(input): Body<wire::ScriptSource>,
) -> Reply {
    answered(scripts::replace(&installation, &caller, place, version, input).await)
}
