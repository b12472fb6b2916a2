//! `GET /apps/{app}/forms`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::list;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The forms of an app that the caller may use, without their definitions")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Form>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
    Query(page): Query<Page>,
) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&page.within(list(&designs, &app, &caller)?, |form| form.id.to_string())?)
}
