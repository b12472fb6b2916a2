//! `GET /templates`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The templates that come with the product, and the apps made from them")
        .lists::<wire::Template>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(templates::list(&installation, &caller).await?))
}
