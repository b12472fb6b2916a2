//! `GET /reports/{key}/dependents`

use axum::extract::State;

use super::delete::Of;
use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What uses a report; the ETag is the version that a deletion starts from")
        .query(
            "app",
            "The id or key of the app that has it; needed where several apps have a report of this key",
        )
        .answers::<wire::Dependents>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Query(of): Query<Of>,
) -> Reply {
    let (version, uses) = bin::uses::of_report(&installation, &caller, of.app.as_deref(), &key).await?;
    found_at(version, &uses)
}
