//! `GET /roles`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::roles;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All roles, by name").lists::<wire::Role>()
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&wire::List::all(roles::list(&caller)))
}
