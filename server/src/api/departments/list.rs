//! `GET /departments`

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::people::departments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All departments, by name")
        .query("limit", "How many of them, 500 at most; as many as there are without it")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .lists::<wire::Department>()
}

pub async fn handler(Signed(caller): Signed, Query(page): Query<Page>) -> Reply {
    found(&page.within(departments::list(&caller), |department| department.id.to_string())?)
}
