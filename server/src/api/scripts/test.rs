//! `POST /apps/{app}/scripts/{key}/test`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Runs the cases of a transaction script, each in a save of which nothing stays, and tells which pass",
    )
    .takes::<wire::ScriptTestInput>()
    .answers::<wire::ScriptTested>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(409, &["form_broken"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((app, key)): Path<(String, String)>,
    Body(input): Body<wire::ScriptTestInput>,
) -> Reply {
    found(&scripts::test(&installation, &caller, (&app, &key), input).await?)
}
