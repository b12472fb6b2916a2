//! `DELETE /apps/{app}/scripts/{key}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes a transaction script that no form binds")
        .empty(204, "Removed")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["script_in_use"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, String)>,
    IfMatch(version): IfMatch,
) -> Reply {
    scripts::delete(&installation, &caller, place, version).await?;
    done()
}
