//! `GET /members`

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All members, by name")
        .query("limit", "How many of them, 500 at most; 50 without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Member>()
}

pub async fn handler(Signed(caller): Signed, Query(page): Query<Page>) -> Reply {
    found(&page.of(members::list(&caller), |member| member.id.to_string())?)
}
