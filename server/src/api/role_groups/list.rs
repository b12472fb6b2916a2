//! `GET /role-groups`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::role_groups;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All groups of roles, by name").lists::<wire::RoleGroup>()
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&wire::List::all(role_groups::list(&caller)))
}
