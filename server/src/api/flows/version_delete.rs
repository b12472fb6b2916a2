//! `DELETE /forms/{form}/flow/versions/{version}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::flows::deletion;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts a version of the flow that nothing goes by any more into the recycle bin; its number is its ETag")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["flow_version_active", "flow_version_in_use"])
        .refuses(412, &["stale"])
        .refuses(422, &["validation"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, number)): Path<(String, i64)>,
    IfMatch(version): IfMatch,
) -> Reply {
    deletion::delete_version(&installation, &caller, (form, number), version).await?;
    done()
}
