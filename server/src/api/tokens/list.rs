//! `GET /tokens`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::tokens;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's own tokens")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Token>()
        .refuses(403, &["session_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(page): Query<Page>,
) -> Reply {
    found(&page.within(tokens::list(&installation, &caller).await?, |token| token.id.to_string())?)
}
