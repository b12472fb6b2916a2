//! `GET /notices/count`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::notices;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How much of what the caller was told of they have not read")
        .answers::<wire::NoticeCount>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&notices::count(&installation, &caller).await?)
}
