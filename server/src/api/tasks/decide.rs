//! `POST /tasks/decide`

use axum::extract::State;
use serde_json::Value as Json;
use wire::flows::{DecideAnswer, DecideInput, DecideResult};

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::inbox;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Decides up to 200 tasks alike, each by itself: approve, submit, reject, seen")
        .takes::<DecideInput>()
        .answers::<DecideAnswer>(200)
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<DecideInput>,
) -> Reply {
    let language = caller.language();
    let decided = inbox::decide(&installation, &caller, key, input).await?;
    let results = decided
        .into_iter()
        .map(|(task, outcome)| match outcome {
            Ok(state) => DecideResult { task, state: Some(state), problem: None },
            Err(refusal) => {
                let problem = Some(Json::Object(refusal.document(language)));
                DecideResult { task, state: None, problem }
            }
        })
        .collect();
    found(&DecideAnswer { results })
}
