//! `GET /apps`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, app_order};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The apps in which the caller may use something, in the caller's order; what is new comes last",
    )
    .lists::<wire::App>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(app_order::list(&installation, &caller).await?))
}
