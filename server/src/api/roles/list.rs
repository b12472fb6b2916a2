//! `GET /roles`

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::people::roles;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All roles, by name")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Role>()
}

pub async fn handler(Signed(caller): Signed, Query(page): Query<Page>) -> Reply {
    found(&page.within(roles::list(&caller), |role| role.id.to_string())?)
}
