//! `GET /members`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::members;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All members, by name").lists::<wire::Member>()
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&wire::List::all(members::list(&caller)))
}
