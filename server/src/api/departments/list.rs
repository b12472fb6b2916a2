//! `GET /departments`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::departments;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("All departments, by name").lists::<wire::Department>()
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&wire::List::all(departments::list(&caller)))
}
