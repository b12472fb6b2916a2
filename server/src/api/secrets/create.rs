//! `POST /apps/{app}/secrets`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, secrets};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Keeps a secret for an app; a key that is made for it is shown once")
        .takes::<wire::SecretInput>()
        .answers::<wire::Secret>(201)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["secret_taken"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Body(input): Body<wire::SecretInput>,
) -> Reply {
    answered(secrets::create(&installation, &caller, app, input).await)
}
