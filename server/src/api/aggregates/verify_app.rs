//! `POST /apps/{app}/aggregates/verify`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, aggregates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Compares the kept groups of every aggregate table of an app with a rebuild from the records")
        .lists::<wire::AggregateVerified>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    found(&wire::List::all(aggregates::verify_app(&installation, &caller, &app).await?))
}
