//! `POST /apps/{app}/try-script`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, scripts};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Runs a transaction script for a record in a save of which nothing stays, and tells what it does",
    )
    .takes::<wire::TrialInput>()
    .answers::<wire::Trial>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(409, &["form_broken"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Body(input): Body<wire::TrialInput>,
) -> Reply {
    found(&scripts::try_out(&installation, &caller, &app, input).await?)
}
