//! `GET /apps`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, app_order};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The apps in which the caller may use something, in the caller's order; what is new comes last",
    )
    .query("limit", "How many of them, 500 at most; as many as there are without it")
    .query("cursor", "Where the page starts: the `next` of the page before")
    .lists::<wire::App>()
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(page): Query<Page>,
) -> Reply {
    found(&page.within(app_order::list(&installation, &caller).await?, |app| app.id.to_string())?)
}
