//! `GET /templates`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The templates that come with the product, and the apps made from them")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Template>()
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(page): Query<Page>,
) -> Reply {
    found(&page.within(templates::list(&installation, &caller).await?, |template| template.key.clone())?)
}
