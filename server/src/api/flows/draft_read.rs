//! `GET /forms/{form}/flow/draft`

use axum::extract::State;
use axum::http::HeaderValue;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found_at};
use crate::service::Installation;
use crate::service::flows::design;

/// Says whether the draft differs from the published version: the body is the document alone.
const UNPUBLISHED: &str = "x-unpublished-changes";

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The flow document that is being designed")
        .answers::<serde_json::Value>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    let draft = design::read(&installation, &caller, &form).await?;
    let mut response = found_at(draft.version, &draft.document)?;
    let changed = HeaderValue::from_static(if draft.is_changed { "true" } else { "false" });
    response.headers_mut().insert(UNPUBLISHED, changed);
    Ok(response)
}
