//! `DELETE /reports/{key}`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Query, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, bin};

/// Whose report it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub app: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts a report into the recycle bin")
        .query(
            "app",
            "The id or key of the app that has it; needed where several apps have a report of this key",
        )
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["report_in_use"])
        .refuses(412, &["stale"])
        .refuses(422, &["unknown_member", "validation"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Query(of): Query<Of>,
    IfMatch(version): IfMatch,
) -> Reply {
    bin::delete_report(&installation, &caller, (of.app, key), version).await?;
    done()
}
