//! `GET /forms/{form}/flow/draft`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::answer::Answer;
use crate::service::flows::design;

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
    let answer = Answer::done(&draft.document);
    answered(answer.map(|answer| answer.version(draft.version).unpublished(draft.is_changed)))
}
