//! `DELETE /dashboards/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts a dashboard into the recycle bin")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(412, &["stale"])
        .refuses(422, &["validation"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
) -> Reply {
    bin::delete_dashboard(&installation, &caller, id, version).await?;
    done()
}
