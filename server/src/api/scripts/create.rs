//! `POST /apps/{app}/scripts`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a transaction script, which forms can bind to what happens to their records")
        .takes::<wire::ScriptInput>()
        .answers::<wire::Script>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["script_taken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Once(key): Once,
    Body(input): Body<wire::ScriptInput>,
) -> Reply {
    answered(scripts::create(&installation, &caller, key, app, input).await)
}
